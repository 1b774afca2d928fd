import { Buffer } from "node:buffer";
import { listDurableObjectIds, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, vi } from "vitest";
import { call, newTenant, pixel, storeCard, type Answer, type TestTenant } from "./api";
import { heldPass, type HeldPass } from "./device";
import { newGoogle, saveLink, type Google } from "./google";

/** Marked values as a customer sends them, and the search of everything that is written on the way. */

/** In every text that is sent; numbers have marks of their own. */
export const mark = "Quellenhofer";
export const phone = "+491579274711";
export const points = 742_916_583;
export const postalCode = "D-48151623";

export const email = (of: string) => `${mark}.${of}@example.com`;
export const text = (of: string) => `${of} of ${mark}`;
export const base64 = (of: string) => Buffer.from(of).toString("base64");
export const svg = (inner: string) =>
  base64(`<svg xmlns="http://www.w3.org/2000/svg" width="90" height="90">${inner}</svg>`);

/** The marks as they are, and within Base64 at each of its three alignments. */
const marks = [
  mark,
  phone.slice(1),
  "1579274711",
  String(points),
  postalCode,
  ...[0, 1, 2].map((offset) => base64("x".repeat(offset) + mark + "xx").slice(offset === 0 ? 0 : 4, 12)),
].map((one) => one.toLowerCase());

export const customer = (of: string) => ({
  id: text(`id ${of}`),
  name: text(`name ${of}`),
  email: email(of),
  phone,
  postalCode,
  segments: [text("segment")],
});
export const picture = svg(`<text x="1" y="9">${mark}</text>`);
export const overrides = {
  logoText: text("logo"),
  barcode: { format: "qr", message: text("barcode"), altText: text("alt") },
  locations: [{ latitude: 48.137154, longitude: 11.576124, relevantText: text("place") }],
  semantics: { eventName: text("event") },
  userInfo: { note: text("user info") },
  images: { thumbnail: { "1x": pixel } },
};
export const agent = {
  "user-agent": `${mark}/1.0 (${email("agent")})`,
  referer: `https://${mark}.example/`,
  cookie: `a=${mark}`,
};
export const traced = { ...agent, "x-request-id": mark, traceparent: mark, tracestate: `vendor=${mark}` };

/** Everything that was written on the way. */
export interface Traces {
  lines: string[];
  problems: string[];
  answers: Answer[];
}

export function listen(): Traces {
  const traces: Traces = { lines: [], problems: [], answers: [] };
  for (const level of ["log", "info", "warn", "error", "debug"] as const) {
    vi.spyOn(console, level).mockImplementation((...entries: unknown[]) => {
      for (const entry of entries)
        traces.lines.push(entry instanceof Error ? `${entry.stack} ${String(entry.cause)}` : JSON.stringify(entry));
    });
  }
  return traces;
}

type Options = NonNullable<Parameters<typeof call>[2]>;
export type PlantedRequest = [status: number, method: string, path: string, options?: Options];

/** Sends requests one after the other, and keeps what the refused ones were answered. */
export async function send(traces: Traces, requests: PlantedRequest[]): Promise<void> {
  for (const [status, method, path, { headers, ...options } = {}] of requests) {
    const answer = await call(method, path, { ...options, headers: { ...traced, ...headers } });
    expect(answer.status, `${method} ${path} ${answer.text.slice(0, 400)}`).toBe(status);
    note(traces, answer);
  }
}

export function note(traces: Traces, answer: Answer): void {
  traces.answers.push(answer);
  if (answer.status < 400) return;
  traces.problems.push(answer.text, JSON.stringify([...answer.headers]));
}

const marksIn = (one: string): string[] => marks.filter((each) => one.toLowerCase().includes(each));

export function expectUnmarked(what: string, texts: string[]): void {
  for (const one of texts) expect(marksIn(one), `${what}: ${one.slice(0, 1500)}`).toEqual([]);
}

const decoder = new TextDecoder("latin1");
const readable = (_: string, value: unknown) =>
  value instanceof ArrayBuffer || ArrayBuffer.isView(value) ? decoder.decode(value as ArrayBuffer) : value;

export async function rowsOf(db: D1Database, table: string): Promise<string[]> {
  const { results } = await db.prepare(`select * from ${table}`).all();
  return results.map((row) => JSON.stringify(row, readable));
}

/** Rows of its tables, and what it keeps by name, which is in a table that SQL may not read. */
async function rowsIn(stub: DurableObjectStub): Promise<string[]> {
  return runInDurableObject(stub as never, (_: unknown, { storage }: DurableObjectState) => {
    const tables = storage.sql
      .exec<{ name: string }>("select name from sqlite_master where type = 'table' and name not glob '_cf_*'")
      .toArray();
    const rows = tables.flatMap(({ name }): unknown[] => storage.sql.exec(`select * from "${name}"`).toArray());
    return [...rows, ...storage.kv.list()].map((row) => JSON.stringify(row, readable));
  });
}

/** The objects that trace what requests do: all of the tenant's, and every guard of public routes. */
async function tracingObjects(tenantId: string): Promise<Record<string, DurableObjectStub[]>> {
  const guards = await listDurableObjectIds(env.GUESS_GUARD);
  // It writes at most once a second, unless it is asked.
  await env.RATE_LIMITER.getByName(tenantId).lastUses();
  return {
    "request log": [env.REQUEST_LOG.getByName(tenantId)],
    "rate limiter": [env.RATE_LIMITER.getByName(tenantId)],
    "nonce ledger": [env.NONCE_LEDGER.getByName(tenantId)],
    "idempotency ledger": Array.from({ length: 16 }, (_, shard) =>
      env.IDEMPOTENCY_LEDGER.getByName(`${tenantId}/${shard}`),
    ),
    "guess guard": guards.map((id) => env.GUESS_GUARD.get(id)),
  };
}

type Kinds<Value> = Record<string, Value>;

const counted = (kinds: Kinds<string[]>): Kinds<number> =>
  Object.fromEntries(Object.entries(kinds).map(([kind, texts]) => [kind, texts.length]));

/** Searches everything; answers how much there was of each kind. */
export async function search(traces: Traces, tenant: TestTenant, google: Google): Promise<Kinds<number>> {
  const kinds = await written(traces, tenant, google);
  for (const [kind, texts] of Object.entries(kinds)) expectUnmarked(kind, texts);
  return counted(kinds);
}

/** How much of each kind is marked. */
export async function countMarked(traces: Traces, tenant: TestTenant, google: Google): Promise<Kinds<number>> {
  const kinds = Object.entries(await written(traces, tenant, google));
  return counted(
    Object.fromEntries(kinds.map(([kind, texts]) => [kind, texts.filter((one) => marksIn(one).length > 0)])),
  );
}

async function written(traces: Traces, { id }: TestTenant, google: Google): Promise<Kinds<string[]>> {
  const kinds: Record<string, string[]> = {
    lines: traces.lines,
    problems: traces.problems,
    messages: google.messages.map((message) => JSON.stringify(message)),
    "control audit log": await rowsOf(env.CONTROL_DB, "audit_log"),
    "data audit log": await rowsOf(env.DATA_DB, "audit_log"),
    events: (await rowsOf(env.DATA_DB, "events")).filter((row) => row.includes(id)),
    "blocked networks": await rowsOf(env.CONTROL_DB, "blocked_networks"),
  };
  for (const [kind, stubs] of Object.entries(await tracingObjects(id))) {
    kinds[kind] = (await Promise.all(stubs.map(rowsIn))).flat();
  }
  return kinds;
}

/** A tenant whose designs and passes hold marked values, and whose pass is on a phone and at Google. */
interface World {
  traces: Traces;
  google: Google;
  tenant: TestTenant;
  templateId: string;
  pass: any;
  held: HeldPass;
}

export async function newWorld(): Promise<World> {
  const traces = listen();
  const google = newGoogle();
  const tenant = await newTenant({ name: text("account"), publicUri: `https://${mark.toLowerCase()}.example` });
  const options = { token: tenant.token, env: google.env };
  const key = () => ({ "idempotency-key": `${mark} ${crypto.randomUUID()}` });
  const template = storeCard({
    name: text("template"),
    organizationName: text("organisation"),
    fields: [
      { key: "points", label: text("label"), type: "number", position: "header", default: 0 },
      { key: "member", label: "Member", type: "text", position: "secondary", default: text("default") },
      { key: "until", label: "Until", type: "dateTime", position: "back" },
      { key: "level", label: "Level", type: "number", position: "back", expression: 'member == "" ? 1 : size(member)' },
      {
        key: "age",
        label: "Age",
        type: "number",
        position: "back",
        expression: 'member.startsWith("int") ? int(member) : 1',
      },
    ],
  });
  await send(traces, [[201, "POST", "/v2/templates", { ...options, body: template, headers: key() }]]);
  const templateId: string = traces.answers.at(-1)!.body.id;
  const body = {
    templateId,
    externalId: text("external id"),
    customer: customer("first"),
    values: { member: text("member"), points },
    overrides,
  };
  await send(traces, [[201, "POST", "/v2/passes", { ...options, body, headers: key() }]]);
  const pass = traces.answers.at(-1)!.body;
  const stored = [...(await rowsOf(env.DATA_DB, "passes")), ...(await rowsOf(env.DATA_DB, "customers"))];
  for (const planted of [text("member"), String(points), text("barcode"), phone, postalCode, email("first")])
    expect(
      stored.some((row) => row.includes(planted)),
      planted,
    ).toBe(true);
  const held = await heldPass(tenant, pass.id);
  await saveLink(pass, google.env);
  return { traces, google, tenant, templateId, pass, held };
}

/** Statements of the one database fail with a message that quotes what was sent. */
export function failing(bindings: Cloudflare.Env, name: "CONTROL_DB" | "DATA_DB", pattern: RegExp): Cloudflare.Env {
  const fail = () => Promise.reject(new Error(`D1_ERROR: near "${text("statement")}": syntax error: ${email("d1")}`));
  const broken = new WeakSet<object>();
  const db = {
    prepare: (statement: string) => {
      if (!pattern.test(statement)) return env[name].prepare(statement);
      const bound = { run: fail, all: fail, raw: fail, first: fail };
      broken.add(bound);
      return { bind: () => bound, ...bound };
    },
    batch: (statements: D1PreparedStatement[]) =>
      statements.some((statement) => broken.has(statement)) ? fail() : env[name].batch(statements),
    withSession: () => db,
  };
  return { ...bindings, [name]: db } as unknown as Cloudflare.Env;
}

/** Whatever is asked of the binding fails likewise. */
export function without(bindings: Cloudflare.Env, name: keyof Cloudflare.Env): Cloudflare.Env {
  const fail = () => Promise.reject(new Error(`lost ${text(name)}`));
  const broken = new Proxy({}, { get: (_, member) => (member === "then" ? undefined : fail) });
  const namespace = { getByName: () => broken };
  const isNamespace = /RATE_LIMITER|LEDGER|LOG|GUARD$|GATE|SIMULATOR/.test(name);
  return { ...bindings, [name]: isNamespace ? namespace : broken } as unknown as Cloudflare.Env;
}

export const enrolment = (info: object = {}) => ({
  personalizationToken: base64(text("token")),
  requiredPersonalizationInfo: {
    fullName: text("full name"),
    emailAddress: email("enrolment"),
    phoneNumber: phone,
    postalCode,
    ISOCountryCode: "de",
    ...info,
  },
});

/** A pass that asks its holder for everything. */
export async function enrolling(tenant: TestTenant): Promise<{ held: HeldPass }> {
  const every = { "1x": pixel, "2x": pixel, "3x": pixel };
  const template = await tenant.post(
    "/v2/templates",
    storeCard({
      images: { icon: every, personalizationLogo: every },
      nfc: {
        message: "{{pass.id}}",
        encryptionPublicKey:
          "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEaxfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpZP40Li/hp/m47n60p8D54WK84zV2sxXs7LtkBoN79R9Q==",
      },
      personalization: {
        description: "Join us.",
        requiredFields: ["name", "postalCode", "emailAddress", "phoneNumber"],
        values: { name: "member" },
      },
    }),
  );
  expect(template.status, template.text).toBe(201);
  const pass = await tenant.post("/v2/passes", { templateId: template.body.id });
  return { held: await heldPass(tenant, pass.body.id) };
}
