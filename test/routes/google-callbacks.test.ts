import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import type { NonceLedger } from "../../src/durable-objects/nonce-ledger";
import { call, newPass, newTemplate, newTenant, type TestTenant } from "../support/api";
import { callbackPath, issuerOf, messageOf, newCallbackGoogle, post, type CallbackGoogle } from "../support/callbacks";
import { newSigner } from "../support/google-callbacks";
import { newLiveTenant, liveEnv } from "../support/certificates";
import { countingEnv } from "../support/costs";
import { connectGoogle } from "../support/google-account";

interface World {
  google: CallbackGoogle;
  tenant: TestTenant;
  issuerId: string;
  pass: any;
  send: (eventType: string, members?: Record<string, unknown>) => Promise<number>;
}

async function newWorld(): Promise<World> {
  const [google, tenant] = [await newCallbackGoogle(), await newTenant()];
  const pass = await newPass(tenant);
  const issuerId = await issuerOf(tenant);
  return {
    google,
    tenant,
    issuerId,
    pass,
    async send(eventType, members = {}) {
      const body = await google.signer.sign(messageOf(issuerId, pass, { eventType, ...members }));
      return (await post(google, tenant, body)).status;
    },
  };
}

const installsOf = async ({ tenant, pass }: World) => (await tenant.get(`/v2/passes/${pass.id}`)).body.installs;
const templateInstalls = async ({ tenant, pass }: World) =>
  (await tenant.get(`/v2/templates/${pass.templateId}`)).body.installs;
const usageOf = async ({ tenant }: World) => (await tenant.get("/v2/account")).body.usage;
const eventsOf = async ({ tenant }: Pick<World, "tenant">) => (await tenant.get("/v2/events?limit=100")).body.data;
const problemOf = async (google: CallbackGoogle, tenant: { id: string }, body: string) => {
  const { status, body: problem, headers } = await post(google, tenant, body);
  return [status, problem.code, headers.get("retry-after")];
};

describe("what a callback changes", () => {
  it("R260 R264 R265 R266 R267 R176 R177 a save counts in pass, template and account, and is told by an event", async () => {
    const world = await newWorld();
    expect(await world.send("save")).toBe(200);
    const google = { active: 1, total: 1 };
    const installs = {
      active: 1,
      total: 1,
      firstInstalledAt: expect.any(String),
      apple: { active: 0, total: 0 },
      google,
    };
    expect(await installsOf(world)).toEqual(installs);
    expect(await templateInstalls(world)).toEqual({ passes: 1, active: 1, total: 1 });
    expect(await usageOf(world)).toMatchObject({ passesInstalled: 1, installsActive: 1, installsTotal: 1 });
    const [event] = await eventsOf(world);
    expect(event).toMatchObject({
      type: "pass.installed",
      passId: world.pass.id,
      templateId: world.pass.templateId,
      data: { wallet: "google" },
      actor: "holder",
    });
  });

  it("R261 R265 a removal counts down, and the first installation keeps its date", async () => {
    const world = await newWorld();
    await world.send("save");
    const { firstInstalledAt } = await installsOf(world);
    expect(await world.send("del")).toBe(200);
    expect(await installsOf(world)).toMatchObject({ active: 0, total: 1, firstInstalledAt });
    expect(await world.send("save")).toBe(200);
    expect(await installsOf(world)).toMatchObject({ active: 1, total: 2, firstInstalledAt });
    expect(await templateInstalls(world)).toEqual({ passes: 1, active: 1, total: 2 });
    expect(await usageOf(world)).toMatchObject({ passesInstalled: 1, installsActive: 1, installsTotal: 2 });
    const types = (await eventsOf(world)).slice(0, 3).map(({ type }: { type: string }) => type);
    expect(types).toEqual(["pass.installed", "pass.uninstalled", "pass.installed"]);
  });

  it("R265 the count never goes below 0, not of the template nor of the account", async () => {
    const world = await newWorld();
    expect(await world.send("del")).toBe(200);
    expect(await world.send("del")).toBe(200);
    expect(await installsOf(world)).toMatchObject({ active: 0, total: 0, firstInstalledAt: null });
    expect(await templateInstalls(world)).toEqual({ passes: 0, active: 0, total: 0 });
    expect(await usageOf(world)).toMatchObject({ passesInstalled: 0, installsActive: 0, installsTotal: 0 });
  });

  it("R265 a removal that comes before its save takes that save back, and no later one", async () => {
    const world = await newWorld();
    const at = Date.now() + 3_600_000;
    expect(await world.send("del", { expTimeMillis: at + 5 })).toBe(200);
    expect(await world.send("save", { expTimeMillis: at })).toBe(200);
    expect(await installsOf(world)).toMatchObject({ active: 0, total: 1, firstInstalledAt: expect.any(String) });
    expect(await templateInstalls(world)).toEqual({ passes: 1, active: 0, total: 1 });
    expect(await usageOf(world)).toMatchObject({ passesInstalled: 1, installsActive: 0, installsTotal: 1 });
    // That one was used up.
    expect(await world.send("save", { expTimeMillis: at + 1 })).toBe(200);
    expect(await installsOf(world)).toMatchObject({ active: 1, total: 2 });
  });

  it("R265 a removal whose save was lost takes no newer save back", async () => {
    const world = await newWorld();
    const at = Date.now() + 3_600_000;
    await world.send("del", { expTimeMillis: at });
    expect(await world.send("save", { expTimeMillis: at + 1 })).toBe(200);
    expect(await installsOf(world)).toMatchObject({ active: 1, total: 1 });
    expect(await usageOf(world)).toMatchObject({ installsActive: 1, installsTotal: 1 });
  });

  it("R265 any order of the same saves and removals of many holders ends in the same count", async () => {
    const world = await newWorld();
    const at = Date.now() + 3_600_000;
    // Five save, three of them remove; each removal is newer than all saves.
    const messages = [0, 1, 2, 3, 4].map((index) => ["save", at + index] as const);
    const removals = [5, 6, 7].map((index) => ["del", at + index] as const);
    for (const [eventType, expTimeMillis] of [...removals, ...messages]) await world.send(eventType, { expTimeMillis });
    expect(await installsOf(world)).toMatchObject({ active: 2, total: 5 });
    expect(await templateInstalls(world)).toEqual({ passes: 1, active: 2, total: 5 });
  });

  it("R267 both wallets together make the totals", async () => {
    const world = await newWorld();
    await env.DATA_DB.prepare("update passes set apple_active = 2, apple_total = 3 where id = ?")
      .bind(world.pass.id)
      .run();
    await world.send("save");
    expect(await installsOf(world)).toMatchObject({
      active: 3,
      total: 4,
      apple: { active: 2, total: 3 },
      google: { active: 1, total: 1 },
    });
  });

  it("R265 a save ends that a pass is only offered in a link, and what was missed", async () => {
    const world = await newWorld();
    await env.DATA_DB.prepare(
      `insert into google_objects (tenant_id, pass_id, id, vertical, synced_version, in_link, drift, created_at)
       values (?, ?, ?, 'loyalty', 1, 1, 'save', 1)`,
    )
      .bind(world.tenant.id, world.pass.id, `${world.issuerId}.${world.pass.id}`)
      .run();
    await world.send("save");
    const row = await env.DATA_DB.prepare("select in_link, drift from google_objects where pass_id = ?")
      .bind(world.pass.id)
      .first();
    expect(row).toEqual({ in_link: 0, drift: null });
  });

  it("R176 the passes that were installed are counted anew after a former version wrote, which did not count them", async () => {
    const world = await newWorld();
    await world.send("save");
    const { results } = await env.DATA_DB.prepare("select max(seq) as seq from events where tenant_id = ?")
      .bind(world.tenant.id)
      .all<{ seq: number }>();
    const seq = results[0]!.seq + 1;
    await env.DATA_DB.prepare(
      `insert into events (tenant_id, seq, id, type, data, actor, request_id, created_at, templates, passes_issued, passes_updated, passes_voided, installs_active, installs_total)
       values (?, ?, 'evt_01ZZZZZZZZ' || printf('%016d', ?), 'pass.updated', '{}', 'system', 'req', 1000, 1, 1, 1, 0, 1, 1)`,
    )
      .bind(world.tenant.id, seq, seq)
      .run();
    expect(await usageOf(world)).toMatchObject({ passesInstalled: 1, installsActive: 1 });
    const other = await newPass(world.tenant, { templateId: world.pass.templateId });
    expect(await usageOf(world)).toMatchObject({ passesIssued: 2, passesInstalled: 1 });
    const body = await world.google.signer.sign(messageOf(world.issuerId, other));
    expect((await post(world.google, world.tenant, body)).status).toBe(200);
    expect(await usageOf(world)).toMatchObject({ passesInstalled: 2, installsActive: 2, installsTotal: 2 });
  });
});

describe("once and only once", () => {
  it("R263 the same nonce again answers 204 and changes nothing, whatever else stands in the message", async () => {
    const world = await newWorld();
    const nonce = crypto.randomUUID();
    expect(await world.send("save", { nonce })).toBe(200);
    expect(await world.send("save", { nonce })).toBe(204);
    expect(await world.send("del", { nonce, expTimeMillis: Date.now() + 60_000 })).toBe(204);
    expect(await installsOf(world)).toMatchObject({ active: 1, total: 1 });
    expect((await eventsOf(world)).filter(({ type }: any) => type === "pass.installed")).toHaveLength(1);
  });

  it("R263 200 deliveries at once count once; of the others some hear that it is being processed", async () => {
    const world = await newWorld();
    const body = await world.google.signer.sign(messageOf(world.issuerId, world.pass));
    const answers = await Promise.all(Array.from({ length: 200 }, () => post(world.google, world.tenant, body)));
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(statuses.every((status) => [200, 204, 503].includes(status))).toBe(true);
    for (const { status, headers } of answers) if (status === 503) expect(headers.get("retry-after")).toBe("15");
    expect(await installsOf(world)).toMatchObject({ active: 1, total: 1 });
    expect((await post(world.google, world.tenant, body)).status).toBe(204);
  });

  it("R263 what the ledger lets through twice counts once in the database", async () => {
    const world = await newWorld();
    const body = await world.google.signer.sign(messageOf(world.issuerId, world.pass));
    expect((await post(world.google, world.tenant, body)).status).toBe(200);
    const ledger = env.NONCE_LEDGER.getByName(world.tenant.id) as DurableObjectStub<NonceLedger>;
    for (let round = 0; round < 3; round += 1) {
      await ledger.erase();
      // Another event between them, so that the newest is not the one in question.
      if (round === 1) await world.tenant.patch(`/v2/passes/${world.pass.id}`, { values: { points: 5 } });
      expect((await post(world.google, world.tenant, body)).status).toBe(204);
    }
    expect(await installsOf(world)).toMatchObject({ active: 1, total: 1 });
    expect(await templateInstalls(world)).toEqual({ passes: 1, active: 1, total: 1 });
    expect(await usageOf(world)).toMatchObject({ installsActive: 1, installsTotal: 1 });
    expect((await world.tenant.get("/v2/google/account")).body.callbacks.classes[0]).toMatchObject({ saves: 1 });
  });

  it("R263 concurrent deliveries without a ledger count once", async () => {
    const world = await newWorld();
    const body = await world.google.signer.sign(messageOf(world.issuerId, world.pass));
    const openLedger = {
      getByName: () => ({ claim: async () => "new", complete: async () => {}, refuse: async () => {} }),
    };
    const open = {
      ...world.google,
      env: { ...world.google.env, NONCE_LEDGER: openLedger } as unknown as Cloudflare.Env,
    };
    const answers = await Promise.all(Array.from({ length: 20 }, () => post(open, world.tenant, body)));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, ...Array<number>(19).fill(204)]);
    expect(await installsOf(world)).toMatchObject({ active: 1, total: 1 });
  });

  it("R263 a delivery that died is done again once its claim has run out", async () => {
    const world = await newWorld();
    const nonce = crypto.randomUUID();
    const ledger = env.NONCE_LEDGER.getByName(world.tenant.id) as DurableObjectStub<NonceLedger>;
    expect(await ledger.claim(`${world.issuerId}/${nonce}`, Date.now() + 3_600_000)).toBe("new");
    expect(await world.send("save", { nonce })).toBe(503);
    await runInDurableObject(ledger, (_, { storage }) => storage.sql.exec("update nonces set leased_until = 1"));
    expect(await world.send("save", { nonce })).toBe(200);
    expect(await world.send("save", { nonce })).toBe(204);
    expect(await installsOf(world)).toMatchObject({ active: 1, total: 1 });
  });

  it("R263 R264 120 distinct messages to many passes, shuffled and in parallel, count exactly", async () => {
    const world = await newWorld();
    const at = Date.now() + 3_600_000;
    const passes = [world.pass];
    while (passes.length < 6) passes.push(await newPass(world.tenant, { templateId: world.pass.templateId }));
    const bodies = await Promise.all(
      passes.flatMap((pass) =>
        Array.from({ length: 20 }, (_, index) =>
          world.google.signer.sign(
            messageOf(world.issuerId, pass, { eventType: index < 12 ? "save" : "del", expTimeMillis: at + index }),
          ),
        ),
      ),
    );
    const shuffled = bodies
      .map((body, index) => ({ body, key: (index * 7919) % 131 }))
      .toSorted((a, b) => a.key - b.key);
    const answers = await Promise.all(shuffled.map(({ body }) => post(world.google, world.tenant, body)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(await usageOf(world)).toMatchObject({ passesInstalled: 6, installsActive: 24, installsTotal: 72 });
    expect(await templateInstalls(world)).toEqual({ passes: 6, active: 24, total: 72 });
  });
});

describe("what is acknowledged and counts nowhere", () => {
  it("R263 a pass that is not ours, an unknown kind and a private pass answer 204 and are recorded", async () => {
    const world = await newWorld();
    const { google, tenant, issuerId } = world;
    const send = async (members: Record<string, unknown>) =>
      (await post(google, tenant, await google.signer.sign(messageOf(issuerId, world.pass, members)))).status;
    const foreign = await newPass(await newTenant());
    expect(await send({ objectId: `${issuerId}.${foreign.id}` })).toBe(204);
    expect(await send({ objectId: `${issuerId}.somebody.elses` })).toBe(204);
    expect(await send({ eventType: "share" })).toBe(204);
    expect(await send({ classId: undefined, objectId: undefined, externalPassId: `${issuerId}.private-1` })).toBe(204);
    const recorded = (await eventsOf(world)).filter(({ type }: any) => type === "google_callback.unmatched");
    expect(recorded.map(({ data }: any) => data)).toEqual([
      { eventType: "save", externalPassId: `${issuerId}.private-1` },
      expect.objectContaining({ eventType: "share", objectId: `${issuerId}.${world.pass.id}` }),
      expect.objectContaining({ eventType: "save", objectId: `${issuerId}.somebody.elses` }),
      expect.objectContaining({ eventType: "save", objectId: `${issuerId}.${foreign.id}` }),
    ]);
    expect(await usageOf(world)).toMatchObject({ installsActive: 0, installsTotal: 0 });
  });
});

describe("who is heard", () => {
  it("R268 R274 an unknown or deleted tenant is 404, and another tenant's message is not authentic", async () => {
    const world = await newWorld();
    const body = await world.google.signer.sign(messageOf(world.issuerId, world.pass));
    expect(await problemOf(world.google, { id: "tenant_01JGFJJZ001KX9D4T7CQ0VBM3H" }, body)).toEqual([
      404,
      "not_found",
      null,
    ]);
    const other = await newTenant();
    expect(await problemOf(world.google, other, body)).toEqual([401, "invalid_callback_signature", null]);
    expect((await post(world.google, world.tenant, body)).status).toBe(200);
    const { ADMIN_TOKEN } = env as unknown as { ADMIN_TOKEN: string };
    await call("DELETE", `/admin/tenants/${world.tenant.id}`, { token: ADMIN_TOKEN });
    expect(await problemOf(world.google, world.tenant, body)).toEqual([404, "not_found", null]);
  });

  it("R262 an issuer that was connected before is still heard, for its passes are still on phones", async () => {
    const google = await newCallbackGoogle();
    const tenant = await newTenant();
    const pass = await newPass(tenant);
    const first = await connectGoogle(tenant);
    const second = await connectGoogle(tenant);
    for (const { issuerId } of [first, second]) {
      const body = await google.signer.sign(messageOf(issuerId, pass));
      expect((await post(google, tenant, body)).status).toBe(200);
    }
    const stranger = await google.signer.sign(messageOf("3388000000000000001", pass));
    expect((await post(google, tenant, stranger)).status).toBe(401);
    expect((await tenant.get(`/v2/passes/${pass.id}`)).body.installs.google).toEqual({ active: 2, total: 2 });
  });

  it("R262 in production a tenant without an account hears nobody, and one connected before issuers were noted is heard", async () => {
    const google = await newCallbackGoogle(liveEnv);
    const tenant = await newLiveTenant();
    const lone = await google.signer.sign({ issuerId: "3388000000000000002" });
    expect((await post(google, tenant, lone)).status).toBe(401);
    expect((await post(google, tenant, "{")).status).toBe(400);
    const { issuerId } = await connectGoogle(tenant);
    await env.CONTROL_DB.prepare("delete from google_issuers where tenant_id = ?").bind(tenant.id).run();
    const body = await google.signer.sign({ issuerId });
    expect((await post(google, tenant, body)).status).toBe(204);
    const noted = env.CONTROL_DB.prepare("select issuer_id from google_issuers where tenant_id = ?").bind(tenant.id);
    expect(await noted.first()).toEqual({ issuer_id: issuerId });
  });

  it("R262 a suspended tenant's counts go on", async () => {
    const world = await newWorld();
    const { ADMIN_TOKEN } = env as unknown as { ADMIN_TOKEN: string };
    const setStatus = (status: string) =>
      call("PATCH", `/admin/tenants/${world.tenant.id}`, { token: ADMIN_TOKEN, body: { status } });
    await setStatus("suspended");
    expect(await world.send("save")).toBe(200);
    await setStatus("active");
    expect(await installsOf(world)).toMatchObject({ active: 1 });
  });
});

describe("what is refused", () => {
  it("R268 a body that is no callback is 400, a JWT with its own code", async () => {
    const { google, tenant, issuerId, pass } = await newWorld();
    const malformed = [
      "",
      "[]",
      "null",
      "callback",
      "{}",
      '{"protocolVersion":"ECv2SigningOnly"}',
      "\u0000",
      "[".repeat(9000),
    ];
    for (const body of malformed) {
      expect(await problemOf(google, tenant, body), body.slice(0, 40)).toEqual([400, "malformed_callback", null]);
    }
    for (const members of [
      { nonce: undefined },
      { nonce: "" },
      { expTimeMillis: undefined },
      { objectId: undefined },
    ]) {
      const body = await google.signer.sign(messageOf(issuerId, pass, members));
      expect(await problemOf(google, tenant, body), JSON.stringify(members)).toEqual([400, "malformed_callback", null]);
    }
    const jwt = "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJnb29nbGUifQ.c2lnbmF0dXJl";
    for (const body of [jwt, `"${jwt}"`]) {
      expect(await problemOf(google, tenant, body)).toEqual([400, "unsupported_signature_scheme", null]);
    }
  });

  it("R262 a bad signature, a foreign issuer and what has expired are 401", async () => {
    const { google, tenant, issuerId, pass } = await newWorld();
    const { sign } = google.signer;
    const forged = await (await newSigner()).sign(messageOf(issuerId, pass));
    const wrong = [
      forged,
      await sign({ ...messageOf(issuerId, pass), senderId: "GoogleWalletPasses" }),
      await sign({ ...messageOf(issuerId, pass), recipientId: "3388000000012345678" }),
      await sign(messageOf(issuerId, pass, { classId: "3388000000012345678.class" })),
    ];
    for (const body of wrong) {
      expect(await problemOf(google, tenant, body)).toEqual([401, "invalid_callback_signature", null]);
    }
    for (const expTimeMillis of [1, "1759331348143", Date.now() - 1]) {
      const body = await sign(messageOf(issuerId, pass, { expTimeMillis }));
      expect(await problemOf(google, tenant, body)).toEqual([401, "callback_expired", null]);
    }
    const answer = await post(google, tenant, forged);
    expect(answer.headers.get("www-authenticate")).toBe("ECv2SigningOnly");
    expect(answer.text).not.toMatch(/intermediate|root/i);
  });

  it("R268 more than 16 KiB are 413, and 16 KiB are read", async () => {
    const { google, tenant, issuerId, pass } = await newWorld();
    const body = await google.signer.sign(messageOf(issuerId, pass));
    expect(await problemOf(google, tenant, body.padEnd(16 * 1024 + 1))).toEqual([413, "body_too_large", null]);
    expect((await post(google, tenant, body.padEnd(16 * 1024))).status).toBe(200);
  });

  it("R262 what was refused is told to the tenant by reason, and not to the sender", async () => {
    const { google, tenant, issuerId, pass } = await newWorld();
    await post(google, tenant, "{");
    await post(google, tenant, await (await newSigner()).sign(messageOf(issuerId, pass)));
    await post(google, tenant, await google.signer.sign(messageOf(issuerId, pass, { expTimeMillis: 1 })));
    await post(google, tenant, await google.signer.sign(messageOf(issuerId, pass, { expTimeMillis: 1 })));
    const { refused } = (await tenant.get("/v2/google/account")).body.callbacks;
    expect(refused.map(({ reason, count }: any) => [reason, count])).toEqual([
      ["bad_intermediate_signature", 1],
      ["message_expired", 2],
      ["not_json", 1],
    ]);
  });
});

describe("Google's keys", () => {
  it("R262 are fetched once and shared by all tenants, for as long as they may be kept", async () => {
    const world = await newWorld();
    await world.send("save");
    await world.send("del");
    const other = await newTenant();
    const pass = await newPass(other);
    const body = await world.google.signer.sign(messageOf(await issuerOf(other), pass));
    expect((await post(world.google, other, body)).status).toBe(200);
    expect(world.google.fetches).toHaveLength(1);
  });

  it("R262 are fetched anew when they may no longer be kept, by max-age less Age", async () => {
    const world = await newWorld();
    world.google.answer.keys = () =>
      Response.json(world.google.signer.keysDocument, { headers: { "cache-control": "max-age=600", age: "100" } });
    const start = Date.now();
    vi.useFakeTimers({ toFake: ["Date"], now: start });
    try {
      await world.send("save");
      vi.setSystemTime(start + 499_000);
      await world.send("del");
      expect(world.google.fetches).toHaveLength(1);
      vi.setSystemTime(start + 501_000);
      await world.send("save");
      expect(world.google.fetches).toHaveLength(2);
    } finally {
      vi.useRealTimers();
    }
  });

  it("R262 are asked for once more when a signature is bad, at most once a minute", async () => {
    const world = await newWorld();
    const start = Date.now();
    vi.useFakeTimers({ toFake: ["Date"], now: start });
    try {
      await world.send("save");
      const rotated = await newSigner();
      world.google.answer.keys = () =>
        Response.json(rotated.keysDocument, { headers: { "cache-control": "max-age=3600" } });
      const body = await rotated.sign(messageOf(world.issuerId, world.pass));
      expect((await post(world.google, world.tenant, body)).status).toBe(401);
      expect(world.google.fetches).toHaveLength(1);
      vi.setSystemTime(start + 60_000);
      const forged = await (await newSigner()).sign(messageOf(world.issuerId, world.pass));
      const bodies = [body, ...Array<string>(20).fill(forged)];
      const answers = await Promise.all(bodies.map((each) => post(world.google, world.tenant, each)));
      expect(world.google.fetches).toHaveLength(2);
      expect(answers.map(({ status }) => status)).toEqual([200, ...Array<number>(20).fill(401)]);
      vi.setSystemTime(start + 119_000);
      for (let round = 0; round < 5; round += 1)
        expect((await post(world.google, world.tenant, forged)).status).toBe(401);
      expect(world.google.fetches).toHaveLength(2);
    } finally {
      vi.useRealTimers();
    }
  });

  it("R262 are fetched once when 50 messages come at once and there are none, and all are counted", async () => {
    const world = await newWorld();
    const { signer } = world.google;
    const bodies = await Promise.all(
      Array.from({ length: 50 }, () => signer.sign(messageOf(world.issuerId, world.pass))),
    );
    const answers = await Promise.all(bodies.map((body) => post(world.google, world.tenant, body)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(world.google.fetches).toHaveLength(1);
    expect(await installsOf(world)).toMatchObject({ active: 50 });
  });

  it("R262 stay when what comes in their place holds none that is alive, or another was faster", async () => {
    const world = await newWorld();
    const start = Date.now();
    vi.useFakeTimers({ toFake: ["Date"], now: start });
    try {
      await world.send("save");
      const { keys } = world.google.answer;
      world.google.answer.keys = () => Response.json({ keys: [] }, { headers: { "cache-control": "max-age=86400" } });
      vi.setSystemTime(start + 60_000);
      const forged = await (await newSigner()).sign(messageOf(world.issuerId, world.pass));
      expect((await post(world.google, world.tenant, forged)).status).toBe(503);
      expect(world.google.fetches).toHaveLength(2);
      expect(await world.send("del")).toBe(200);
      // Who hangs for longer than an attempt may take finds that another had success, and changes nothing.
      let fail: (() => void) | undefined;
      world.google.answer.keys = () => new Promise((_, reject) => (fail = () => reject(new TypeError("late"))));
      vi.setSystemTime(start + 3_600_000);
      const hanging = post(world.google, world.tenant, forged);
      await vi.waitFor(() => expect(fail).toBeDefined());
      world.google.answer.keys = keys;
      vi.setSystemTime(start + 3_611_000);
      expect(await world.send("save")).toBe(200);
      fail!();
      expect((await hanging).status).toBe(503);
      expect(await world.send("del")).toBe(200);
      expect(world.google.fetches).toHaveLength(4);
    } finally {
      vi.useRealTimers();
    }
  });

  it("R262 that cannot be had anew are not asked for at each bad signature", async () => {
    const world = await newWorld();
    const start = Date.now();
    vi.useFakeTimers({ toFake: ["Date"], now: start });
    try {
      await world.send("save");
      world.google.answer.keys = () => new Response(null, { status: 500 });
      const forged = await (await newSigner()).sign(messageOf(world.issuerId, world.pass));
      for (let second = 60; second < 120; second += 10) {
        vi.setSystemTime(start + second * 1000);
        expect((await post(world.google, world.tenant, forged)).status).toBe(503);
        expect(await world.send("save")).toBe(200);
      }
      expect(world.google.fetches).toHaveLength(2);
    } finally {
      vi.useRealTimers();
    }
  });

  it.each([
    ["do not answer", () => Promise.reject(new TypeError("connection lost"))],
    ["answer 500", () => Response.json({}, { status: 500 })],
    ["are no JSON", () => new Response("<html>")],
    ["hold no live key", () => Response.json({ keys: [] })],
  ])("R262 that %s make Google come back, and are not asked for at each message", async (_, keys) => {
    const world = await newWorld();
    world.google.answer.keys = keys;
    for (let round = 0; round < 4; round += 1) {
      const body = await world.google.signer.sign(messageOf(world.issuerId, world.pass));
      expect(await problemOf(world.google, world.tenant, body)).toEqual([503, "temporarily_unavailable", "60"]);
    }
    expect(world.google.fetches).toHaveLength(1);
    // What is malformed stays so.
    expect((await post(world.google, world.tenant, "{")).status).toBe(400);
    expect(await installsOf(world)).toMatchObject({ active: 0 });
  });
});

describe("when something is down", () => {
  it("R262 database or ledger out of reach is 503, and what comes again is counted", async () => {
    const world = await newWorld();
    const body = await world.google.signer.sign(messageOf(world.issuerId, world.pass));
    const broken = () => {
      throw new Error("D1_ERROR: down");
    };
    const dead = { prepare: broken, batch: broken, withSession: broken };
    const deadLedger = { getByName: () => ({ claim: () => Promise.reject(new Error("overloaded")) }) };
    for (const [name, binding] of [
      ["CONTROL_DB", dead],
      ["NONCE_LEDGER", deadLedger],
      ["DATA_DB", dead],
    ] as const) {
      const google = { ...world.google, env: { ...world.google.env, [name]: binding } as unknown as Cloudflare.Env };
      expect(await problemOf(google, world.tenant, body), name).toEqual([503, "temporarily_unavailable", "10"]);
    }
    // The last of them had claimed the message.
    expect(await problemOf(world.google, world.tenant, body)).toEqual([503, "temporarily_unavailable", "15"]);
    const ledger = env.NONCE_LEDGER.getByName(world.tenant.id) as DurableObjectStub<NonceLedger>;
    await runInDurableObject(ledger, (_, { storage }) => storage.sql.exec("update nonces set leased_until = 1"));
    expect((await post(world.google, world.tenant, body)).status).toBe(200);
    expect(await installsOf(world)).toMatchObject({ active: 1, total: 1 });
  });

  it("R263 a claim that could not be completed is found done by the repeat", async () => {
    const world = await newWorld();
    const body = await world.google.signer.sign(messageOf(world.issuerId, world.pass));
    const ledger = env.NONCE_LEDGER.getByName(world.tenant.id) as DurableObjectStub<NonceLedger>;
    const forgetful = {
      getByName: () => ({
        claim: (nonce: string, expiresAt: number) => ledger.claim(nonce, expiresAt),
        complete: () => Promise.reject(new Error("reset")),
      }),
    };
    const google = {
      ...world.google,
      env: { ...world.google.env, NONCE_LEDGER: forgetful } as unknown as Cloudflare.Env,
    };
    expect((await post(google, world.tenant, body)).status).toBe(200);
    await runInDurableObject(ledger, (_, { storage }) => storage.sql.exec("update nonces set leased_until = 1"));
    expect((await post(world.google, world.tenant, body)).status).toBe(204);
    expect(await installsOf(world)).toMatchObject({ active: 1, total: 1 });
  });
});

describe("what a callback costs", () => {
  it("R262 one read and one batch, and nothing of the database when it is a repeat or not authentic", async () => {
    const world = await newWorld();
    await world.send("save");
    const body = await world.google.signer.sign(messageOf(world.issuerId, world.pass, { eventType: "del" }));
    const costOf = async (sent: string, status: number) => {
      const { env: counted, costs } = countingEnv();
      const { GOOGLE_CALLBACK_KEYS_URL } = world.google.env as any;
      const google = { ...world.google, env: { ...counted, GOOGLE_CALLBACK_KEYS_URL } as Cloudflare.Env };
      expect((await post(google, world.tenant, sent)).status).toBe(status);
      return costs;
    };
    expect(await costOf(body, 200)).toMatchObject({ reads: 1, writeBatches: 1, rowsWritten: 5 });
    expect(await costOf(body, 204)).toMatchObject({ reads: 1, writeBatches: 0, rowsWritten: 0 });
    expect(await costOf("{", 400)).toMatchObject({ reads: 1, writeBatches: 0, rowsWritten: 0 });
  });
});

describe("the way to it", () => {
  it("R259 robots.txt lets Googlebot in, and no link to a pass into an index", async () => {
    const { status, headers, text } = await call("GET", "/robots.txt");
    expect([status, headers.get("content-type")]).toEqual([200, "text/plain; charset=UTF-8"]);
    expect(text).toMatch(/^User-agent: Googlebot\nAllow: \/api\/\n/m);
    expect(text).not.toMatch(/Disallow: \/(api|images)?\/?\n/);
    expect((await call("GET", "/robots.txt", { env: liveEnv })).status).toBe(200);
  });

  it("R259 the path takes POST alone, and needs no content type", async () => {
    const world = await newWorld();
    expect((await call("GET", callbackPath(world.tenant))).status).toBe(405);
    const body = await world.google.signer.sign(messageOf(world.issuerId, world.pass));
    const headers = { "content-type": "text/plain" };
    expect((await call("POST", callbackPath(world.tenant), { body, headers, env: world.google.env })).status).toBe(200);
    await newTemplate(world.tenant);
  });
});
