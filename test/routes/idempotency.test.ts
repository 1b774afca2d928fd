import { evictDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { buildContext } from "../../src/context";
import { purgeTenantSlice } from "../../src/services/tenants/purge";
import {
  adminToken,
  call,
  newPass,
  newTemplate,
  newTenant,
  storeCard,
  type Answer,
  type TestTenant,
} from "../support/api";
import { countingEnv } from "../support/costs";
import { failing } from "../support/planted";
import { contentOf, ledgerOf, ledgersOf, losingAnswer, markOf, unreachable, withLedger } from "../support/idempotency";

const hour = 3_600_000;

afterEach(() => {
  vi.useRealTimers();
});

const posted = { key: "a", method: "POST", path: "/v2/passes" };
const under = (key: string, more: Record<string, string> = {}) => ({ headers: { "idempotency-key": key, ...more } });
const isReplay = ({ headers }: Answer) => headers.get("idempotent-replayed") === "true";
const passCount = async (tenant: TestTenant) => (await tenant.get("/v2/passes?limit=100")).body.data.length;

/** What is the request's own, and not the answer's. */
const ofRequest = /^(x-request-id|traceresponse|traceparent|date|(x-)?ratelimit.*|idempotent-replayed)$/;
const headersOf = ({ headers }: Answer) => [...headers].filter(([name]) => !ofRequest.test(name)).toSorted();

function expectReplay(again: Answer, first: Answer): void {
  expect(again.status, again.text).toBe(first.status);
  expect(again.bytes).toEqual(first.bytes);
  expect(headersOf(again)).toEqual(headersOf(first));
  expect(isReplay(first)).toBe(false);
  expect(isReplay(again)).toBe(true);
}

describe("a repeat under the same key", () => {
  it("R217 is answered as the first one was, and does nothing", async () => {
    const tenant = await newTenant();
    const templateId = await newTemplate(tenant);
    const body = { templateId, values: { member: "Zoë" } };
    const first = await tenant.post("/v2/passes", body, under("a"));
    expect(first.status).toBe(201);
    const again = await tenant.post("/v2/passes", body, under("a"));
    expectReplay(again, first);
    expect(again.headers.get("x-request-id")).not.toBe(first.headers.get("x-request-id"));
    expect(await passCount(tenant)).toBe(1);
  });

  it("R217 is the same whether the key is quoted or bare", async () => {
    const tenant = await newTenant();
    const body = { templateId: await newTemplate(tenant) };
    const first = await tenant.post("/v2/passes", body, under("order 5"));
    expectReplay(await tenant.post("/v2/passes", body, under('"order 5"')), first);
    expect(await passCount(tenant)).toBe(1);
  });

  it("R217 is answered so by another key of the account, and after an eviction", async () => {
    const tenant = await newTenant();
    const body = { templateId: await newTemplate(tenant) };
    const first = await tenant.post("/v2/passes", body, under("a"));
    await evictDurableObject(ledgerOf(tenant.id, await markOf({ ...posted, tenantId: tenant.id })));
    const { token } = (await tenant.post("/v2/api-keys", { name: "Till", scopes: ["passes:write"] })).body;
    expectReplay(await tenant.post("/v2/passes", body, { token, ...under("a") }), first);
    // Who may not ask for it is told nothing of it.
    const reader = (await tenant.post("/v2/api-keys", { name: "Till", scopes: ["passes:read"] })).body;
    const refused = await tenant.post("/v2/passes", body, { token: reader.token, ...under("a") });
    expect([refused.status, refused.body.code, isReplay(refused)]).toEqual([403, "insufficient_scope", false]);
  });

  it("R217 runs anew when 24 hours are over, and makes another pass", async () => {
    const tenant = await newTenant();
    const body = { templateId: await newTemplate(tenant) };
    const now = Date.now();
    vi.useFakeTimers({ toFake: ["Date"], now });
    const first = await tenant.post("/v2/passes", body, under("a"));
    vi.setSystemTime(now + 24 * hour - 1);
    expectReplay(await tenant.post("/v2/passes", body, under("a")), first);
    vi.setSystemTime(now + 24 * hour);
    const anew = await tenant.post("/v2/passes", body, under("a"));
    expect([anew.status, isReplay(anew)]).toEqual([201, false]);
    expect(anew.body.id).not.toBe(first.body.id);
    expect(anew.body.links.page).not.toBe(first.body.links.page);
    expect(await passCount(tenant)).toBe(2);
  });

  it("R217 of a change does not apply it over a later one", async () => {
    const tenant = await newTenant();
    const { id } = await newPass(tenant);
    const first = await tenant.patch(`/v2/passes/${id}`, { values: { points: 1 } }, under("a"));
    await tenant.patch(`/v2/passes/${id}`, { values: { points: 2 } });
    expectReplay(await tenant.patch(`/v2/passes/${id}`, { values: { points: 1 } }, under("a")), first);
    expect((await tenant.get(`/v2/passes/${id}`)).body).toMatchObject({ version: 3, values: { points: 2 } });
  });

  it("R217 without a key does it again, and PUT and DELETE take none", async () => {
    const tenant = await newTenant();
    const { id, templateId } = await newPass(tenant);
    await tenant.post("/v2/passes", { templateId });
    await tenant.post("/v2/passes", { templateId });
    expect(await passCount(tenant)).toBe(3);
    const puts = [1, 2].map((points) => tenant.put(`/v2/passes/${id}`, { values: { points } }, under("a")));
    expect((await Promise.all(puts)).map(({ status }) => status)).toEqual([200, 200]);
    const voided = await tenant.delete(`/v2/passes/${id}`, under("a"));
    expect([voided.status, isReplay(voided)]).toEqual([200, false]);
  });
});

describe("the same key for something else", () => {
  it("R217 is refused with 422 for another method, path, query or body, and nothing is done", async () => {
    const tenant = await newTenant();
    const { id, templateId } = await newPass(tenant);
    const body = { templateId, values: {} };
    const first = await tenant.post("/v2/passes", body, under("a"));
    const others = [
      await tenant.post("/v2/passes", { ...body, externalId: "x" }, under("a")),
      await tenant.post("/v2/passes", `${JSON.stringify(body)} `, under("a")),
      await tenant.post("/v2/passes?upsert=true", body, under("a")),
      await tenant.post("/v2/passes?upsert=false", body, under("a")),
      await tenant.post("/v2/templates", storeCard(), under("a")),
      await tenant.post(`/v2/passes/${id}/links`, undefined, under("a")),
      await tenant.patch(`/v2/passes/${id}`, { values: { points: 7 } }, under("a")),
    ];
    for (const other of others) {
      expect(other.status, other.text).toBe(422);
      expect(other.body.code).toBe("idempotency_key_reused");
      expect(other.headers.get("x-should-retry")).toBe("false");
      expect(isReplay(other)).toBe(false);
    }
    expect(await passCount(tenant)).toBe(2);
    expect((await tenant.get("/v2/templates")).body.data).toHaveLength(1);
    expect((await tenant.get(`/v2/passes/${id}`)).body.version).toBe(1);
    expectReplay(await tenant.post("/v2/passes", body, under("a")), first);
  });

  it("R217 tells one path from another, and one id in it from another", async () => {
    const tenant = await newTenant();
    const [one, two] = [await newPass(tenant), await newPass(tenant)];
    const change = { values: { points: 1 } };
    expect((await tenant.patch(`/v2/passes/${one.id}`, change, under("a"))).status).toBe(200);
    expect((await tenant.patch(`/v2/passes/${two.id}`, change, under("a"))).status).toBe(422);
    expect((await tenant.get(`/v2/passes/${two.id}`)).body.version).toBe(1);
  });

  it("R217 belongs to each account by itself", async () => {
    const [one, two] = [await newTenant(), await newTenant()];
    const hashes = await Promise.all(
      [one, two].map(async ({ id }) => (await markOf({ ...posted, tenantId: id })).keyHash),
    );
    expect(new Set(hashes).size).toBe(2);
    const [first, second] = [
      await one.post("/v2/templates", storeCard(), under("a")),
      await two.post("/v2/templates", storeCard(), under("a")),
    ];
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(isReplay(second)).toBe(false);
    expect(second.body.id).not.toBe(first.body.id);
    const third = await two.post("/v2/templates", storeCard({ name: "Other" }), under("b"));
    expect([third.status, third.body.name]).toEqual([201, "Other"]);
  });
});

describe("a body of 10 MB", { timeout: 20_000 }, () => {
  it("R217 is taken under a key, and told from another one by its last byte", async () => {
    const tenant = await newTenant();
    const file = new Uint8Array(10_000_000).fill(7);
    const headers = { "idempotency-key": "a", "content-type": "application/octet-stream" };
    const send = () => tenant.post("/v2/apple/doctor", file, { headers });
    const first = await send();
    expect(first.status, first.text).toBe(200);
    expectReplay(await send(), first);
    file[file.length - 1] = 8;
    expect((await send()).status).toBe(422);
  });
});

describe("fifty at once", () => {
  it("R217 are one execution: each is answered as the first, or told to come again", async () => {
    const tenant = await newTenant();
    const body = { templateId: await newTemplate(tenant), customer: { id: "m1" } };
    const send = () => tenant.post("/v2/passes", body, under("fifty"));
    const answers = await Promise.all(Array.from({ length: 50 }, send));
    const done = answers.filter(({ status }) => status === 201);
    const waiting = answers.filter(({ status }) => status === 409);
    expect(done.length + waiting.length).toBe(50);
    expect(done.filter((answer) => !isReplay(answer))).toHaveLength(1);
    expect(new Set(done.map(({ text }) => text)).size).toBe(1);
    for (const { body: problem, headers } of waiting) {
      expect(problem.code).toBe("idempotency_in_progress");
      expect(headers.get("retry-after")).toBe("1");
      expect(headers.get("x-should-retry")).toBe("true");
    }
    expect(waiting.length).toBeGreaterThan(0);
    expect((await send()).text).toBe(done[0]!.text);
    const { data } = (await tenant.get("/v2/passes")).body;
    expect(data.map(({ id }: { id: string }) => id)).toEqual([done[0]!.body.id]);
  });
});

describe("what is kept", () => {
  it("R217 a refusal by what the template says is, though the template changes", async () => {
    const tenant = await newTenant();
    const templateId = await newTemplate(tenant);
    const body = { templateId, values: { tier: "gold" } };
    const first = await tenant.post("/v2/passes", body, under("a"));
    expect(first.body).toMatchObject({ code: "validation_error", errors: [{ pointer: "#/values/tier" }] });
    const tier = { key: "tier", label: "Tier", type: "text", position: "auxiliary" };
    const fields = [...(storeCard().fields as object[]), tier];
    expect((await tenant.patch(`/v2/templates/${templateId}`, { fields })).status).toBe(200);
    expectReplay(await tenant.post("/v2/passes", body, under("a")), first);
    const anew = await tenant.post("/v2/passes", body, under("b"));
    expect([anew.status, isReplay(anew)]).toEqual([201, false]);
  });

  it("R217 404 and 409 are, and 412 is", async () => {
    const tenant = await newTenant();
    const pass = await newPass(tenant, { externalId: "card" });
    const missing = ["/v2/passes/pass_00000000000000000000000000/links", undefined] as const;
    const taken = ["/v2/passes", { templateId: pass.templateId, externalId: "card" }] as const;
    for (const [index, [path, body]] of [missing, taken].entries()) {
      const first = await tenant.post(path, body, under(`key ${index}`));
      expect(first.status).toBe([404, 409][index]);
      expectReplay(await tenant.post(path, body, under(`key ${index}`)), first);
    }
    const change = [`/v2/passes/${pass.id}`, { values: { points: 1 } }] as const;
    const old = await tenant.patch(...change, under("key 3", { "if-match": '"9"' }));
    expect(old.status).toBe(412);
    expectReplay(await tenant.patch(...change, under("key 3", { "if-match": '"9"' })), old);
    const corrected = await tenant.patch(...change, under("key 3", { "if-match": '"1"' }));
    expect([corrected.status, corrected.body.code]).toEqual([422, "idempotency_key_reused"]);
  });

  it("R217 a refusal before the operation begins is not: a corrected request passes under the same key", async () => {
    const tenant = await newTenant();
    const templateId = await newTemplate(tenant);
    const key = under("a");
    const codes = [
      await tenant.post("/v2/passes", { templateId, colour: "red" }, key),
      await tenant.post("/v2/passes", '{"templateId":', key),
      await tenant.post("/v2/passes", { templateId }, under("a", { "content-type": "text/plain" })),
      await tenant.post("/v2/passes?upsert=maybe", { templateId }, key),
      await tenant.post("/v2/passes", { templateId }, { ...key, token: `${tenant.token}x` }),
      await tenant.post("/v2/passes", { templateId, values: { member: "x".repeat(1024 * 1024) } }, key),
    ].map(({ body }) => body.code);
    expect(codes).toEqual([
      "validation_error",
      "malformed_json",
      "unsupported_media_type",
      "validation_error",
      "malformed_token",
      "body_too_large",
    ]);
    const corrected = await tenant.post("/v2/passes", { templateId }, key);
    expect([corrected.status, isReplay(corrected)]).toEqual([201, false]);
    expectReplay(await tenant.post("/v2/passes", { templateId }, key), corrected);
  });

  it("R217 a key that is none is refused, and nothing is done", async () => {
    const tenant = await newTenant();
    const templateId = await newTemplate(tenant);
    for (const key of ["x".repeat(256), '"open', '""']) {
      const refused = await tenant.post("/v2/passes", { templateId }, under(key));
      expect(refused.status).toBe(400);
      expect(refused.body.errors).toMatchObject([
        { pointer: "#/Idempotency-Key", code: "invalid_value", in: "header" },
      ]);
    }
    expect(await passCount(tenant)).toBe(0);
  });
});

/** A database that is away. */
const withoutData = () => {
  const away = () => {
    throw new Error("D1_ERROR: Network connection lost.");
  };
  return { ...env, DATA_DB: { prepare: away, batch: away } } as unknown as Cloudflare.Env;
};

describe("what is not kept", () => {
  it("R217 a fault is not: the repeat runs at once, or a corrected request", async () => {
    const tenant = await newTenant();
    const body = { templateId: await newTemplate(tenant) };
    const failed = await tenant.post("/v2/passes", body, { ...under("a"), env: withoutData() });
    expect([failed.status, failed.headers.get("x-should-retry")]).toEqual([500, "true"]);
    const again = await tenant.post("/v2/passes", body, under("a"));
    expect([again.status, isReplay(again)]).toEqual([201, false]);
    expectReplay(await tenant.post("/v2/passes", body, under("a")), again);
    await tenant.post("/v2/passes", body, { ...under("b"), env: withoutData() });
    const corrected = await tenant.post("/v2/passes", { ...body, externalId: "x" }, under("b"));
    expect([corrected.status, isReplay(corrected)]).toEqual([201, false]);
    const other = await tenant.post("/v2/passes", body, under("b"));
    expect([other.status, other.body.code]).toEqual([422, "idempotency_key_reused"]);
  });

  it("R217 a fault after the commit is not, and the repeat meets what was done", async () => {
    const tenant = await newTenant();
    const body = { templateId: await newTemplate(tenant), customer: { id: "m1" } };
    const lost = await tenant.post("/v2/passes", body, { ...under("a"), env: losingAnswer().bindings });
    expect(lost.status).toBe(500);
    const [made] = (await tenant.get("/v2/passes")).body.data;
    const again = await tenant.post("/v2/passes", body, under("a"));
    expect([again.status, again.body.id, again.body.links]).toEqual([201, made.id, made.links]);
    expect(await passCount(tenant)).toBe(1);
  });

  it("R217 503 is not", async () => {
    const tenant = await newTenant();
    const { id } = await newPass(tenant);
    const path = `/v2/passes/${id}/links`;
    const busy = await tenant.post(path, undefined, { ...under("a"), env: withLedger({ begin: unreachable }) });
    expect([busy.status, busy.body.code, busy.headers.get("retry-after")]).toEqual([
      503,
      "temporarily_unavailable",
      "1",
    ]);
    expect((await tenant.get(path)).body.data).toHaveLength(1);
    const again = await tenant.post(path, undefined, under("a"));
    expect([again.status, isReplay(again)]).toEqual([201, false]);
  });
});

describe("a ledger that fails", () => {
  it("R217 at the end does no harm: the answer leaves, and after the lease a repeat meets what was done", async () => {
    const tenant = await newTenant();
    const body = { templateId: await newTemplate(tenant) };
    const now = Date.now();
    vi.useFakeTimers({ toFake: ["Date"], now });
    const first = await tenant.post("/v2/passes", body, { ...under("a"), env: withLedger({ complete: unreachable }) });
    expect(first.status).toBe(201);
    const early = await tenant.post("/v2/passes", body, under("a"));
    expect([early.status, early.body.code]).toEqual([409, "idempotency_in_progress"]);
    vi.setSystemTime(now + 30_000);
    const again = await tenant.post("/v2/passes", body, under("a"));
    expect([again.status, again.body.id, again.body.links]).toEqual([201, first.body.id, first.body.links]);
    expectReplay(await tenant.post("/v2/passes", body, under("a")), again);
    expect(await passCount(tenant)).toBe(1);
  });

  it("R217 with an answer that is none is as one that cannot be reached", async () => {
    const tenant = await newTenant();
    const odd = withLedger({ begin: async () => ({ kind: "later" }) });
    const refused = await tenant.post("/v2/templates", storeCard(), { ...under("a"), env: odd });
    expect([refused.status, refused.body.code]).toEqual([503, "temporarily_unavailable"]);
    expect((await tenant.get("/v2/templates")).body.data).toEqual([]);
  });
});

describe("a first attempt that crashed", () => {
  it("R217 holds its key for 30 seconds, and the next one makes what it would have made", async () => {
    const tenant = await newTenant();
    const body = { templateId: await newTemplate(tenant) };
    const now = Date.now();
    vi.useFakeTimers({ toFake: ["Date"], now });
    const mark = await markOf({ ...posted, tenantId: tenant.id, body });
    await ledgerOf(tenant.id, mark).begin(mark);
    vi.setSystemTime(now + 29_000);
    const waiting = await tenant.post("/v2/passes", body, under("a"));
    expect([waiting.status, waiting.body.code, waiting.headers.get("retry-after")]).toEqual([
      409,
      "idempotency_in_progress",
      "1",
    ]);
    vi.setSystemTime(now + 30_000);
    const done = await tenant.post("/v2/passes", body, under("a"));
    expect([done.status, isReplay(done)]).toEqual([201, false]);
    // Ids sort by when the request began, not by when it succeeded.
    const { body: other } = await tenant.post("/v2/passes", body);
    expect(done.body.id < other.id).toBe(true);
    expect(done.body.id.slice(0, 15)).not.toBe(other.id.slice(0, 15));
  });
});

describe("a request that failed", () => {
  it("R217 and was repeated at the end of its day, unheard, is known the day after", async () => {
    const tenant = await newTenant();
    const body = { templateId: await newTemplate(tenant) };
    const now = Date.now();
    vi.useFakeTimers({ toFake: ["Date"], now });
    const failed = await tenant.post("/v2/passes", body, { ...under("a"), env: failing(env, "DATA_DB", /^insert/i) });
    expect(failed.status).toBe(500);
    vi.setSystemTime(now + 23.5 * hour);
    const unheard = await tenant.post("/v2/passes", body, {
      ...under("a"),
      env: withLedger({ complete: unreachable }),
    });
    expect(unheard.status).toBe(201);
    vi.setSystemTime(now + 24.1 * hour);
    const heard = await tenant.post("/v2/passes", body, under("a"));
    expect([heard.status, heard.body.id, isReplay(heard)]).toEqual([201, unheard.body.id, false]);
    expect(await passCount(tenant)).toBe(1);
    expectReplay(await tenant.post("/v2/passes", body, under("a")), heard);
  });
});

describe("a secret that is shown once", () => {
  it("R217 is shown again to its key alone, and sealed where it is kept", async () => {
    const tenant = await newTenant();
    const wanted = { name: "Till", scopes: ["passes:read"] };
    const first = await tenant.post("/v2/api-keys", wanted, under("a"));
    expect(first.status).toBe(201);
    expectReplay(await tenant.post("/v2/api-keys", wanted, under("a")), first);
    const manager = await tenant.post("/v2/api-keys", { name: "Manager", scopes: ["keys:manage", "passes:read"] });
    const other = await tenant.post("/v2/api-keys", wanted, { ...under("a"), token: manager.body.token });
    expect([other.status, other.body.code]).toEqual([422, "idempotency_key_reused"]);
    expect(other.text).not.toContain(first.body.token);

    const path = `/v2/api-keys/${first.body.id}/rotate`;
    const rotated = await tenant.post(path, { windowSeconds: 60 }, under("b"));
    expectReplay(await tenant.post(path, { windowSeconds: 60 }, under("b")), rotated);
    const stolen = await tenant.post(path, { windowSeconds: 60 }, { ...under("b"), token: manager.body.token });
    expect(stolen.status).toBe(422);
    expect((await tenant.get("/v2/api-keys")).body.data).toHaveLength(4);

    const kept = (await Promise.all(ledgersOf(tenant.id).map(contentOf))).join("\n");
    expect(kept).toContain('"status":201');
    for (const { body } of [first, rotated]) {
      const secret = body.token.split("_").at(-1);
      expect(kept).not.toContain(secret);
      expect(kept).not.toContain(body.token);
      expect(kept).not.toContain(btoa(body.token).slice(0, 40));
    }
    // Nor is a key that the caller chose.
    expect(kept).not.toContain("Till");
    const works = await call("GET", "/v2/passes", { token: rotated.body.token });
    expect(works.status).toBe(200);
  });

  it("R217 is the same in a second attempt, after a first one that was not heard of", async () => {
    const tenant = await newTenant();
    const wanted = { name: "Till", scopes: ["passes:read"] };
    const now = Date.now();
    vi.useFakeTimers({ toFake: ["Date"], now });
    const lost = { ...under("a"), env: withLedger({ complete: unreachable }) };
    const first = await tenant.post("/v2/api-keys", wanted, lost);
    vi.setSystemTime(now + 30_000);
    const again = await tenant.post("/v2/api-keys", wanted, under("a"));
    expect([again.status, again.body.id, again.body.token]).toEqual([201, first.body.id, first.body.token]);
    expect((await tenant.get("/v2/api-keys")).body.data).toHaveLength(2);
  });
});

describe("what it costs and leaves", () => {
  it("R217 no query more to D1 than without a key, and a replay none of the operation's own", async () => {
    const tenant = await newTenant();
    const body = { templateId: await newTemplate(tenant) };
    await tenant.post("/v2/passes", body);
    const [without, first, again] = [countingEnv(), countingEnv(), countingEnv()];
    await tenant.post("/v2/passes", body, { env: without.env });
    await tenant.post("/v2/passes", body, { ...under("a"), env: first.env });
    expect(first.costs).toEqual(without.costs);
    const replay = await tenant.post("/v2/passes", body, { ...under("a"), env: again.env });
    expect(isReplay(replay)).toBe(true);
    expect(again.costs).toEqual({ reads: 0, writeBatches: 0, rowsRead: 0, rowsWritten: 0 });
  });

  it("R226 R217 the purge of an account takes its keys and answers with it", async () => {
    const tenant = await newTenant();
    const body = { templateId: await newTemplate(tenant) };
    await Promise.all(["a", "b", "c", "d"].map((key) => tenant.post("/v2/passes", body, under(key))));
    const contents = () => Promise.all(ledgersOf(tenant.id).map(contentOf));
    expect((await contents()).join()).toContain('"status":201');
    const file = `${tenant.code}/idempotency/a/1-1`;
    await env.FILES.put(file, "sealed");
    const MAINTENANCE_QUEUE = { send: async () => {} };
    const bindings = { ...env, MAINTENANCE_QUEUE } as unknown as Cloudflare.Env;
    await call("DELETE", `/admin/tenants/${tenant.id}`, { token: adminToken, env: bindings });
    const ctx = buildContext(bindings as unknown as Env, "req_test");
    while (!(await purgeTenantSlice(ctx, tenant.id)).done);
    expect(new Set(await contents())).toEqual(new Set(["[[],[]]"]));
    expect(await env.FILES.head(file)).toBeNull();
  });
});
