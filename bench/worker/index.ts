import { Hono } from "hono";
import { designs } from "../designs";
import { callbackOf, callbackParts, makeCallbackFixture, type CallbackFixture } from "./callbacks";
import { makeCredentials, makeFixture, toPems, type Fixture } from "./fixture";
import { makePass, makeSample, parts, type Sample } from "./parts";

/**
 * The Worker that `bench/run.mjs` measures in. The clock of workerd stands still while code computes, so a
 * request does `n` operations and whoever asks looks at its own clock.
 */
interface BenchEnv {
  Bindings: { DB: D1Database };
}

type DesignName = keyof typeof designs;

const prepared = new Map<string, { fixture: Fixture; samples: Sample[] }>();
let callbacks: CallbackFixture;
let serial = 0;

const app = new Hono<BenchEnv>();

app.get("/empty", (c) => c.json({ ok: true }));

app.get("/d1/:id", async (c) => {
  const row = await c.env.DB.prepare("select * from item where id = ?").bind(c.req.param("id")).first();
  return c.json(row);
});

/** Takes the images, makes key and certificates, and answers them as PEM. */
app.post("/setup", async (c) => {
  const base64 = await c.req.json<Record<string, string>>();
  const files = Object.fromEntries(
    Object.entries(base64).map(([path, text]) => [path, new Uint8Array(Buffer.from(text, "base64"))]),
  );
  const credentials = await makeCredentials();
  for (const name of Object.keys(designs) as DesignName[]) {
    const fixture = await makeFixture(name, files, credentials);
    const samples = await Promise.all(Array.from({ length: 64 }, (_, index) => makeSample(fixture, index)));
    prepared.set(name, { fixture, samples });
  }
  callbacks = await makeCallbackFixture();
  await c.env.DB.exec("create table if not exists item (id text primary key, name text not null)");
  await c.env.DB.prepare("insert or replace into item values ('1', 'one')").run();
  return c.json(toPems(credentials));
});

app.get("/run/callback/:part", async (c) => {
  const part = callbackParts[c.req.param("part") as keyof typeof callbackParts];
  const times = Number(c.req.query("n"));
  for (let done = 0; done < times; done += 1) await part(callbacks, ++serial);
  return c.json({ times });
});

/** Google's keys document, and callbacks for an issuer's passes, by their names. */
app.get("/callbacks/keys", (c) => c.json(callbacks.document, 200, { "cache-control": "public, max-age=3600" }));
app.post("/callbacks/sign", async (c) => {
  const { issuerId, names } = await c.req.json<{ issuerId: string; names: string[] }>();
  const bodies: string[] = [];
  // One after the other: each opens keys, which workerd holds in memory for a while.
  for (const name of names) bodies.push(await callbackOf(callbacks.keys, issuerId, name));
  return c.json(bodies);
});

/** Does the part `n` times, one after the other. */
app.get("/run/:design/:part", async (c) => {
  const { fixture, samples } = prepared.get(c.req.param("design"))!;
  const part = parts[c.req.param("part")]!;
  const times = Number(c.req.query("n"));
  for (let done = 0; done < times; done += 1) await part(fixture, ++serial, samples[done % samples.length]!);
  return c.json({ times });
});

app.get("/pass/:design", async (c) => {
  const bytes = await makePass(prepared.get(c.req.param("design"))!.fixture, ++serial);
  return c.body(bytes as Uint8Array<ArrayBuffer>, 200, { "content-type": "application/vnd.apple.pkpass" });
});

/** A page of pass.json, for the library that this is measured against. */
app.get("/pass-json/:design", (c) =>
  c.json(prepared.get(c.req.param("design"))!.samples.map(({ passJson }) => passJson)),
);

export default app;
