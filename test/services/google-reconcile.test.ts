import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import type { JsonObject } from "../../src/pass-model/resolved-pass";
import type {
  GoogleAnswer,
  GoogleApi,
  GoogleCall,
  GoogleError,
  GoogleWallet,
  Patience,
} from "../../src/providers/google/contract";
import type { BaseContext } from "../../src/services/context";
import { reconcileCallbacks } from "../../src/services/google-callbacks/reconcile";
import { runSchedule } from "../../src/schedule";
import { call, adminToken, newPass, newTemplate, newTenant, type TestTenant } from "../support/api";
import { newLiveTenant, liveEnv } from "../support/certificates";
import { countingEnv } from "../support/costs";
import {
  compareNothing,
  connectGoogle,
  contextOf,
  fakeGoogle,
  newIssuerId,
  putAtGoogle,
} from "../support/google-account";
import { readPass, save, saveLink } from "../support/google";

const [hourMs, dayMs] = [3_600_000, 86_400_000];
/** Longer than a test takes. */
const longMs = 600_000;

beforeEach(compareNothing);

type Said = JsonObject | GoogleError["kind"];

interface World {
  run: (overrides?: Partial<BaseContext>) => Promise<number>;
  /** Of each request to Google the ids that were asked for. */
  asked: string[][];
  patience: Patience[];
  logs: Record<string, unknown>[];
  now: number;
}

/** Google answers by object id: what it has of the object, or why it says nothing. Of what is not named it has nothing. */
async function worldOf(
  tenant: TestTenant,
  says: (id: string, call: GoogleCall) => Said | undefined | Promise<Said | undefined>,
  bindings?: Cloudflare.Env,
): Promise<World> {
  const asked: string[][] = [];
  const patience: Patience[] = [];
  const logs: Record<string, unknown>[] = [];
  const answerTo = async (one: GoogleCall): Promise<GoogleAnswer<JsonObject>> => {
    const said = (await says(idOf(one), one)) ?? "not_found";
    if (typeof said !== "string") return { ok: true, value: { id: idOf(one), ...said } };
    return {
      ok: false,
      error: { kind: said, status: null, reason: null, message: idOf(one), retryAfterSeconds: null },
    };
  };
  const { google: known } = fakeGoogle();
  const google: GoogleWallet = {
    ...known,
    as: (account, given = {}): GoogleApi => {
      patience.push(given);
      const note = (calls: GoogleCall[]) => asked.push(calls.map(idOf));
      return {
        ...known.as(account),
        call: (one) => (note([one]), answerTo(one)),
        batch: (calls) => (note(calls), Promise.all(calls.map(answerTo))),
      };
    },
  };
  const ctx = await contextOf(tenant, { google, log: (entry) => void logs.push(entry) }, bindings);
  return {
    run: (overrides) => reconcileCallbacks({ ...ctx, ...overrides }),
    asked,
    patience,
    logs,
    now: ctx.now,
  };
}

const idOf = (one: GoogleCall): string => {
  expect(one).toMatchObject({ method: "get", kind: "object", vertical: "loyalty" });
  return "id" in one ? one.id : "";
};

interface Held {
  id: string;
  objectId: string;
}

/** A pass that Google has, of which so many saves were counted, and that is due for so long. */
async function heldPass(
  tenant: TestTenant,
  { active = 0, waitedMs = longMs, ...body }: { active?: number; waitedMs?: number; [member: string]: unknown } = {},
): Promise<Held> {
  const { id } = await newPass(tenant, body);
  const objectId = await putAtGoogle(tenant, { id });
  await count(id, active);
  await wait(id, waitedMs);
  return { id, objectId };
}

const count = (passId: string, active: number) =>
  env.DATA_DB.prepare("update passes set google_active = ?1, google_total = max(google_total, ?1) where id = ?2")
    .bind(active, passId)
    .run();

const wait = (passId: string, waitedMs = longMs) =>
  env.DATA_DB.prepare("update google_objects set reconciled_at = ?1 where pass_id = ?2")
    .bind(Date.now() - dayMs - waitedMs, passId)
    .run();

const setDrift = (passId: string, drift: string) =>
  env.DATA_DB.prepare("update google_objects set drift = ?1 where pass_id = ?2").bind(drift, passId).run();

const stateOf = (passId: string) =>
  env.DATA_DB.prepare("select drift, reconciled_at as reconciledAt from google_objects where pass_id = ?")
    .bind(passId)
    .first<{ drift: string | null; reconciledAt: number }>();

const driftOf = async (tenant: TestTenant, { id }: { id: string }) => (await readPass(tenant, id)).google.drift;

describe("the comparison of Google's view with our counts", () => {
  it.each<[says: JsonObject, active: number, drift: string | null]>([
    [{ hasUsers: true }, 0, "save"],
    [{ hasUsers: false }, 1, "removal"],
    [{ hasUsers: false }, 7, "removal"],
    [{ hasUsers: true }, 1, null],
    [{ hasUsers: true }, 7, null],
    [{ hasUsers: false }, 0, null],
    [{}, 0, null],
    [{}, 1, null],
    [{ hasUsers: "true" }, 0, null],
  ])("R265 takes %j of a pass that was counted %i times for %s", async (says, active, drift) => {
    const tenant = await newTenant();
    const held = await heldPass(tenant, { active });
    const { run, now } = await worldOf(tenant, (id) => (id === held.objectId ? says : undefined));
    expect(await run()).toBe(1);
    expect(await stateOf(held.id)).toEqual({ drift, reconciledAt: now });
    expect(await driftOf(tenant, held)).toBe(drift);
  });

  it("R265 changes no count, and writes no event", async () => {
    const tenant = await newTenant();
    const held = await heldPass(tenant, { active: 2 });
    const rows = () =>
      env.DATA_DB.prepare(
        "select google_active, google_total, google_counted_seq, version, (select max(seq) from events where tenant_id = ?1) as seq from passes where id = ?2",
      )
        .bind(tenant.id, held.id)
        .first();
    const before = await rows();
    const { run } = await worldOf(tenant, () => ({ hasUsers: false }));
    await run();
    expect(await driftOf(tenant, held)).toBe("removal");
    expect(await rows()).toEqual(before);
  });

  it("R265 takes a drift back once both agree, and turns it around", async () => {
    const tenant = await newTenant();
    const held = await heldPass(tenant);
    const said = { hasUsers: true };
    const { run } = await worldOf(tenant, () => said);
    await run();
    expect(await driftOf(tenant, held)).toBe("save");
    await count(held.id, 1);
    await wait(held.id);
    await run();
    expect(await driftOf(tenant, held)).toBeNull();
    said.hasUsers = false;
    await wait(held.id);
    await run();
    expect(await driftOf(tenant, held)).toBe("removal");
  });

  it("R265 sees a callback that came while Google was asked", async () => {
    const tenant = await newTenant();
    const held = await heldPass(tenant);
    const { run } = await worldOf(tenant, async () => {
      await count(held.id, 1);
      return { hasUsers: true };
    });
    expect(await run()).toBe(1);
    expect(await driftOf(tenant, held)).toBeNull();
  });

  it("R265 says nothing of a pass that a callback came for after Google had answered", async () => {
    const tenant = await newTenant();
    const held = await heldPass(tenant);
    const { run } = await worldOf(tenant, async () => {
      await env.DATA_DB.prepare("update passes set google_active = 1, google_counted_seq = 99 where id = ?")
        .bind(held.id)
        .run();
      return { hasUsers: false };
    });
    expect(await run()).toBe(1);
    expect(await driftOf(tenant, held)).toBeNull();
  });

  it("says nothing of a pass that went to another issuer while Google was asked", async () => {
    const tenant = await newTenant();
    const held = await heldPass(tenant);
    const { run, now } = await worldOf(tenant, async () => {
      await env.DATA_DB.prepare("update google_objects set id = ?1 where pass_id = ?2")
        .bind(`${newIssuerId()}.${held.id}`, held.id)
        .run();
      return { hasUsers: true };
    });
    await run();
    expect(await stateOf(held.id)).toEqual({ drift: null, reconciledAt: now - dayMs + hourMs });
  });

  it("R265 is by the simulator's word, and shown with the pass", async () => {
    const tenant = await newTenant();
    const templateId = await newTemplate(tenant);
    const [told, missed, removed] = await Promise.all([1, 2, 3].map(() => newPass(tenant, { templateId })));
    await save(await saveLink(told));
    await save(await saveLink(missed));
    await saveLink(removed);
    // As without the callback of one, and without the latter of two of the other.
    await count(missed.id, 0);
    await count(removed.id, 1);
    await Promise.all([told, missed, removed].map(({ id }) => wait(id)));
    await runSchedule(env as unknown as Env, Date.now());
    const drifts = await Promise.all([told, missed, removed].map((pass) => driftOf(tenant, pass)));
    expect(drifts).toEqual([null, "save", "removal"]);
    expect((await readPass(tenant, told.id)).installs.google.active).toBe(1);
    expect((await stateOf(told.id))!.reconciledAt).toBeGreaterThan(Date.now() - longMs);
  });
});

describe("which passes are compared", () => {
  it("compares a pass a day after it was made or compared, not before", async () => {
    const tenant = await newTenant();
    const templateId = await newTemplate(tenant);
    const [made, compared] = [await heldPass(tenant, { templateId }), await heldPass(tenant, { templateId })];
    const { run, asked, now } = await worldOf(tenant, () => ({ hasUsers: false }));
    const set = (passId: string, column: string, at: number | null) =>
      env.DATA_DB.prepare(`update google_objects set ${column} = ?1 where pass_id = ?2`).bind(at, passId).run();
    await set(made.id, "reconciled_at", null);
    await set(made.id, "created_at", now - dayMs + 1);
    await set(compared.id, "reconciled_at", now - dayMs + 2);
    expect([await run(), asked]).toEqual([0, []]);
    expect([await run({ now: now + 1 }), asked]).toEqual([1, [[made.objectId]]]);
    expect([await run({ now: now + 2 }), asked]).toEqual([1, [[made.objectId], [compared.objectId]]]);
    expect(await run({ now: now + dayMs })).toBe(0);
  });

  it("asks of none that Google does not have yet", async () => {
    const tenant = await newTenant();
    const templateId = await newTemplate(tenant);
    const [unmade, offered] = [await heldPass(tenant, { templateId }), await heldPass(tenant, { templateId })];
    await env.DATA_DB.batch([
      env.DATA_DB.prepare("update google_objects set synced_version = 0 where pass_id = ?").bind(unmade.id),
      env.DATA_DB.prepare("update google_objects set in_link = 1 where pass_id = ?").bind(offered.id),
    ]);
    const { run, asked } = await worldOf(tenant, () => ({ hasUsers: true }));
    expect([await run(), asked]).toEqual([0, []]);
  });

  it("takes 100 passes at a time, those first that waited longest", async () => {
    const tenant = await newTenant();
    const { body } = await tenant.get("/v2/google/account");
    await manyObjects(tenant, body.issuerId, 130);
    const { run, asked } = await worldOf(tenant, () => ({ hasUsers: false }));
    expect(await run()).toBe(100);
    expect(asked.flat().toSorted()).toEqual(numbered(body.issuerId, 130).slice(0, 100));
    expect(await run()).toBe(30);
    expect(asked.flat().toSorted()).toEqual(numbered(body.issuerId, 130));
    expect(await run()).toBe(0);
  });

  it("takes three tenants at a time, those first that waited longest", async () => {
    const tenants = await Promise.all(Array.from({ length: 5 }, () => newTenant()));
    const held = await Promise.all(
      tenants.map((tenant, index) => heldPass(tenant, { waitedMs: 2 * longMs - index * 1000 })),
    );
    // Two of the first, which do not stand together.
    const second = await heldPass(tenants[0]!, {});
    const { run, asked } = await worldOf(tenants[0]!, () => ({ hasUsers: false }));
    expect(await run()).toBe(4);
    const ids = held.map(({ objectId }) => objectId);
    expect(asked.flat().toSorted()).toEqual([...ids.slice(0, 3), second.objectId].toSorted());
    expect(await run()).toBe(2);
    expect(asked.flat().toSorted()).toEqual([...ids, second.objectId].toSorted());
  });

  it("waits little at Google, so that people's links go first, and not for ever", async () => {
    const tenant = await newTenant();
    await heldPass(tenant);
    const { run, patience, now } = await worldOf(tenant, () => ({ hasUsers: false }));
    await run();
    expect(patience).toEqual([{ deadline: now + 45_000, waitMsMax: 2000 }]);
  });

  it("costs two reads and two statements for a tenant, and no rows but of the passes that are compared", async () => {
    const tenant = await newTenant();
    const { body } = await tenant.get("/v2/google/account");
    const templateId = await newTemplate(tenant);
    for (let index = 0; index < 20; index += 1) await heldPass(tenant, { templateId, waitedMs: 2 * longMs });
    await manyObjects(tenant, body.issuerId, 500);
    const { env: counted, costs } = countingEnv();
    const { run } = await worldOf(tenant, () => ({ hasUsers: true }), counted);
    Object.assign(costs, { reads: 0, writeBatches: 0, rowsRead: 0, rowsWritten: 0 });
    expect(await run()).toBe(100);
    // The tenant and its account; what is taken and what is noted.
    expect([costs.reads, costs.writeBatches]).toEqual([2, 2]);
    expect(costs.rowsRead).toBeLessThanOrEqual(14 * 100);
    // Each object with its place in the line, twice; and the twenty that drift.
    expect(costs.rowsWritten).toBe(4 * 100 + 20);
  });
});

const numbered = (issuerId: string, rows: number): string[] =>
  Array.from({ length: rows }, (_, index) => `${issuerId}.${passOf(index)}`);
const passOf = (index: number): string => `pass_${String(index).padStart(26, "0")}`;

/** Objects alone, as of passes that are being erased, the first of which waited longest. */
async function manyObjects(tenant: TestTenant, issuerId: string, rows: number): Promise<void> {
  const at = Date.now() - dayMs - longMs;
  await env.DATA_DB.prepare(
    `insert into google_objects (tenant_id, pass_id, id, vertical, class_id, synced_version, created_at, reconciled_at)
     select ?1, value ->> 0, ?2 || '.' || (value ->> 0), 'loyalty', ?2 || '.class', 1, 1, value ->> 1 from json_each(?3)`,
  )
    .bind(tenant.id, issuerId, JSON.stringify(Array.from({ length: rows }, (_, index) => [passOf(index), at + index])))
    .run();
}

describe("what cannot be compared", () => {
  it.each<GoogleError["kind"]>(["busy", "unreachable", "credentials", "permission", "disabled", "invalid"])(
    "is tried again an hour later if Google answers %s, and says nothing new until then",
    async (kind) => {
      const tenant = await newTenant();
      const templateId = await newTemplate(tenant);
      const [quiet, drifting, answered] = [
        await heldPass(tenant, { templateId }),
        await heldPass(tenant, { templateId }),
        await heldPass(tenant, { templateId }),
      ];
      await setDrift(drifting.id, "save");
      const says = { now: kind as Said };
      const { run, asked, logs, now } = await worldOf(tenant, (id) =>
        id === answered.objectId ? { hasUsers: true } : says.now,
      );
      expect(await run()).toBe(1);
      const reconciledAt = now - dayMs + hourMs;
      expect(await stateOf(quiet.id)).toEqual({ drift: null, reconciledAt });
      expect(await stateOf(drifting.id)).toEqual({ drift: "save", reconciledAt });
      expect(await stateOf(answered.id)).toEqual({ drift: "save", reconciledAt: now });
      expect(logs).toContainEqual({
        level: "warn",
        msg: "google reconcile put off",
        tenantId: tenant.id,
        code: kind,
        passes: 2,
      });
      expect(await run({ now: now + hourMs - 1 })).toBe(0);
      says.now = { hasUsers: false };
      expect(await run({ now: now + hourMs })).toBe(2);
      expect(asked).toHaveLength(2);
      expect((await stateOf(drifting.id))!.drift).toBeNull();
    },
  );

  it("comes again in an hour after a crash, and holds up no other tenant", async () => {
    const [broken, sound] = [await newTenant(), await newTenant()];
    const [first, second] = [await heldPass(broken, { waitedMs: 2 * longMs }), await heldPass(sound)];
    const { run, logs, now } = await worldOf(sound, (id) => {
      if (id === first.objectId) throw new TypeError("Zoë's phone");
      return { hasUsers: true };
    });
    expect(await run()).toBe(1);
    expect(await stateOf(first.id)).toEqual({ drift: null, reconciledAt: now - dayMs + hourMs });
    expect(await stateOf(second.id)).toEqual({ drift: "save", reconciledAt: now });
    expect(logs).toContainEqual({
      level: "error",
      msg: "google reconcile failed",
      tenantId: broken.id,
      error: expect.stringContaining("TypeError"),
    });
    expect(JSON.stringify(logs)).not.toContain("Zoë");
    expect(await run()).toBe(0);
  });

  it("comes again in an hour if the outcome could not be written", async () => {
    const tenant = await newTenant();
    const held = await heldPass(tenant);
    const { run, now } = await worldOf(tenant, () => ({ hasUsers: true }));
    let statements = 0;
    const ctx = await contextOf(tenant);
    const [data] = ctx.dataDatabases();
    const all: typeof ctx.data.all = (query) => {
      statements += 1;
      if (statements > 1) throw new Error("D1 is away");
      return data!.all(query);
    };
    const failing = new Proxy(data!, { get: (target, name) => (name === "all" ? all : Reflect.get(target, name)) });
    expect(await run({ dataDatabases: () => [failing] })).toBe(0);
    expect(statements).toBe(2);
    expect(await stateOf(held.id)).toEqual({ drift: null, reconciledAt: now - dayMs + hourMs });
    expect(await run({ now: now + hourMs })).toBe(1);
    expect((await stateOf(held.id))!.drift).toBe("save");
  });

  const incomparable: [what: string, prepare: () => Promise<{ tenant: TestTenant; bindings?: Cloudflare.Env }>][] = [
    ["an object of another issuer", async () => ({ tenant: await newTenant() })],
    ["a tenant without an account", async () => ({ tenant: await newLiveTenant(), bindings: liveEnv })],
    ["a suspended tenant", async () => ({ tenant: await newTenant() })],
    ["a deleted tenant", async () => ({ tenant: await newTenant() })],
  ];

  it.each(incomparable)("is noted as compared, without a drift: %s", async (what, prepare) => {
    const { tenant, bindings } = await prepare();
    const pass = await newPass(tenant);
    await putAtGoogle(tenant, pass, newIssuerId());
    if (!what.includes("issuer") && !bindings) await putAtGoogle(tenant, pass);
    await wait(pass.id);
    await setDrift(pass.id, "save");
    const { run, asked, logs, now } = await worldOf(tenant, () => ({ hasUsers: true }), bindings);
    const path = `/admin/tenants/${tenant.id}`;
    if (what.includes("suspended")) await call("PATCH", path, { token: adminToken, body: { status: "suspended" } });
    if (what.includes("deleted")) {
      const queue = { send: async () => {} };
      const quiet = { ...env, MAINTENANCE_QUEUE: queue } as unknown as Cloudflare.Env;
      await call("DELETE", path, { token: adminToken, env: quiet });
    }
    expect(await run()).toBe(1);
    expect([asked, logs]).toEqual([[], []]);
    expect(await stateOf(pass.id)).toEqual({ drift: null, reconciledAt: now });
  });

  it("is noted as compared, without a drift: what Google does not know", async () => {
    const tenant = await newTenant();
    const held = await heldPass(tenant, { active: 1 });
    await setDrift(held.id, "removal");
    const { run, asked, logs, now } = await worldOf(tenant, () => undefined);
    expect(await run()).toBe(1);
    expect([asked, logs]).toEqual([[[held.objectId]], []]);
    expect(await stateOf(held.id)).toEqual({ drift: null, reconciledAt: now });
  });

  it("asks of a connected issuer's passes alone, and of them with its account", async () => {
    const tenant = await newTenant();
    const templateId = await newTemplate(tenant);
    const former = await heldPass(tenant, { templateId });
    await connectGoogle(tenant);
    const present = await heldPass(tenant, { templateId });
    const { run, asked } = await worldOf(tenant, () => ({ hasUsers: true }));
    expect([await run(), asked]).toEqual([2, [[present.objectId]]]);
    expect([await driftOf(tenant, former), await driftOf(tenant, present)]).toEqual([null, "save"]);
  });
});

describe("what the log says", () => {
  it("R227 tells of new drift once per tenant, by counts alone", async () => {
    const [tenant, other] = [await newTenant(), await newTenant()];
    const templateId = await newTemplate(tenant);
    const saves = [await heldPass(tenant, { templateId }), await heldPass(tenant, { templateId })];
    const removal = await heldPass(tenant, { templateId, active: 1 });
    const others = await heldPass(other);
    const { run, logs } = await worldOf(tenant, (id) => ({ hasUsers: id !== removal.objectId }));
    await run();
    const missing = { level: "warn", msg: "google callbacks missing" };
    expect(logs.toSorted((a, b) => Number(b.saves) - Number(a.saves))).toEqual([
      { ...missing, tenantId: tenant.id, saves: 2, removals: 1 },
      { ...missing, tenantId: other.id, saves: 1, removals: 0 },
    ]);
    logs.length = 0;
    for (const { id } of [...saves, removal, others]) await wait(id);
    await count(saves[0]!.id, 1);
    expect(await run()).toBe(4);
    expect(logs).toEqual([]);
  });
});
