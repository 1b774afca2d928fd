import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { buildContext } from "../../src/context";
import type { GoogleAnswer, GoogleApi, GoogleCall, GoogleError } from "../../src/providers/google/contract";
import { forTenant, type TenantContext } from "../../src/services/context";
import { openSaveLink } from "../../src/services/google/save-link";
import { syncPasses } from "../../src/services/google/sync";
import { readPass } from "../../src/services/passes/read";
import { findTenant } from "../../src/services/tenants/read";
import { newPass, newTemplate, newTenant, type TestTenant } from "../support/api";
import { newGoogle, readPass as answerOf, saveLink, type Google } from "../support/google";

type Json = Record<string, any>;
type Told = GoogleAnswer<Json>;

/** A Google that answers as it is told to, once per kind of call, and well after that. */
function googleThat(answers: Partial<Record<"class" | GoogleCall["method"], GoogleError[]>>) {
  const calls: string[] = [];
  const next = (name: "class" | GoogleCall["method"], value: Json): Told => {
    calls.push(name);
    const error = answers[name]?.shift();
    return error ? { ok: false, error } : { ok: true, value };
  };
  const call = async (each: GoogleCall): Promise<Told> => next(each.method, "body" in each ? each.body : {});
  const api: GoogleApi = {
    authorize: async () => ({ ok: true, value: { clockSkewMs: 0 } }),
    getIssuer: async () => ({ ok: true, value: {} }),
    call,
    batch: (all) => Promise.all(all.map(call)),
    put: async (_, __, body) => next("class", body),
  };
  return { calls, google: { as: () => api, saveUrl: (jwt: string) => `https://save.example/${jwt}` } };
}

const error = (kind: GoogleError["kind"], rest: Partial<GoogleError> = {}): GoogleError => ({
  kind,
  status: 400,
  reason: null,
  message: `Google says ${kind}.`,
  retryAfterSeconds: null,
  ...rest,
});

let queue: Google;
beforeEach(() => {
  queue = newGoogle();
});

async function contextOf(tenant: TestTenant, fake: ReturnType<typeof googleThat>, now = Date.now()) {
  const base = buildContext(queue.env, "req_test", now);
  const row = await findTenant(base, tenant.id);
  return { ...forTenant(base, row!, { type: "system" }), google: fake.google } as unknown as TenantContext;
}

/** A pass that Google has, and that has changed since. */
async function changedPass(tenant: TestTenant) {
  const pass = await newPass(tenant, { values: { points: 1 } });
  await saveLink(pass);
  await tenant.patch(`/v2/passes/${pass.id}`, { values: { points: 2 } }, { env: queue.env });
  return pass;
}

const dueAt = async (id: string): Promise<number | null> =>
  (await env.DATA_DB.prepare("select due_at from google_objects where pass_id = ?1").bind(id).first<any>()).due_at;

describe("when Google does not take a pass", () => {
  const lasting: [GoogleError["kind"], number | null][] = [
    ["invalid", null],
    ["permission", 3_600_000],
    ["credentials", 3_600_000],
    ["disabled", 3_600_000],
  ];

  it.each(lasting)("tells of %s in the pass, and comes back in %s ms", async (kind, wait) => {
    const tenant = await newTenant();
    const pass = await changedPass(tenant);
    const ctx = await contextOf(tenant, googleThat({ update: [error(kind)] }));
    expect(await syncPasses(ctx, [pass.id])).toEqual(new Map([[pass.id, null]]));
    expect(await dueAt(pass.id)).toBe(wait === null ? null : ctx.now + wait);
    expect((await answerOf(tenant, pass.id)).google).toMatchObject({
      status: "failed",
      syncedVersion: 1,
      failure: { code: kind, detail: `Google says ${kind}.` },
    });
    // The next change tries again.
    await tenant.patch(`/v2/passes/${pass.id}`, { values: { points: 3 } }, { env: queue.env });
    await syncPasses(await contextOf(tenant, googleThat({})), [pass.id]);
    expect((await answerOf(tenant, pass.id)).google).toMatchObject({ status: "synced", failure: null });
  });

  it.each([
    ["busy", 7],
    ["unreachable", null],
  ] as const)("puts the message back while Google is %s", async (kind, retryAfterSeconds) => {
    const tenant = await newTenant();
    const pass = await changedPass(tenant);
    const ctx = await contextOf(tenant, googleThat({ update: [error(kind, { retryAfterSeconds })] }));
    expect(await syncPasses(ctx, [pass.id])).toEqual(new Map([[pass.id, (retryAfterSeconds ?? 5) + 1]]));
    expect(await dueAt(pass.id)).toBe(ctx.now + (retryAfterSeconds ?? 5) * 1000);
    const later = await contextOf(tenant, googleThat({}), ctx.now + 10_000);
    expect(await syncPasses(later, [pass.id])).toEqual(new Map([[pass.id, null]]));
    expect((await answerOf(tenant, pass.id)).google).toMatchObject({ status: "synced", syncedVersion: 2 });
  });

  it("inserts what Google has lost, and replaces what it has although nobody wrote that down", async () => {
    const tenant = await newTenant();
    const pass = await changedPass(tenant);
    const lost = googleThat({ update: [error("not_found", { status: 404 })] });
    await syncPasses(await contextOf(tenant, lost), [pass.id]);
    // Whether the object or its class was lost is not told.
    expect(lost.calls).toEqual(["update", "class", "insert"]);
    const other = await newPass(tenant, { templateId: pass.templateId });
    const there = googleThat({ insert: [error("already_exists", { status: 409 })] });
    const ctx = await contextOf(tenant, there);
    expect(await openSaveLink(ctx, await readPass(ctx, other.id))).toMatch(/^https:\/\/save\.example\//);
    expect(there.calls).toEqual(["insert", "update"]);
  });

  it("comes back later and later while Google is busy, and at once after a change", async () => {
    const tenant = await newTenant();
    const pass = await changedPass(tenant);
    let now = Date.now();
    for (const seconds of [5, 10, 20, 40]) {
      const ctx = await contextOf(tenant, googleThat({ update: [error("busy")] }), now);
      await syncPasses(ctx, [pass.id]);
      expect(await dueAt(pass.id)).toBe(now + seconds * 1000);
      now += seconds * 1000;
    }
    await tenant.patch(`/v2/passes/${pass.id}`, { values: { points: 9 } }, { env: queue.env });
    expect(await dueAt(pass.id)).toBeLessThanOrEqual(Date.now());
  });

  it("R121 tells of a void or expired pass at least that it is, where Google refuses the rest", async () => {
    const tenant = await newTenant();
    const pass = await changedPass(tenant);
    await tenant.delete(`/v2/passes/${pass.id}`, { env: queue.env });
    const refusing = googleThat({ update: [error("invalid")] });
    await syncPasses(await contextOf(tenant, refusing), [pass.id]);
    expect(refusing.calls).toEqual(["update", "patch"]);
    const { google } = await answerOf(tenant, pass.id);
    expect(google).toMatchObject({ status: "synced", syncedVersion: 3, failure: null });
    expect(google.warnings.map(({ code }: Json) => code)).toContain("google_state_only");
  });

  it("leaves a pass in the class that it has, where Google does not let it move to another", async () => {
    const tenant = await newTenant();
    const pass = await newPass(tenant);
    await saveLink(pass);
    const { classId } = (await answerOf(tenant, pass.id)).google;
    const change = { overrides: { colors: { background: "#123456" } } };
    await tenant.patch(`/v2/passes/${pass.id}`, change, { env: queue.env });
    const fixed = googleThat({ update: [error("invalid")] });
    await syncPasses(await contextOf(tenant, fixed), [pass.id]);
    expect(fixed.calls).toEqual(["class", "update", "update"]);
    const { google } = await answerOf(tenant, pass.id);
    expect(google).toMatchObject({ status: "synced", syncedVersion: 2, classId });
    expect(google.warnings.map(({ code }: Json) => code)).toContain("google_class_unchanged");
  });

  it("lets one pass that cannot be prepared hold up none of the others", async () => {
    const tenant = await newTenant();
    const fields = [
      { key: "points", label: "Points", type: "number", position: "header", default: 0 },
      { key: "twice", label: "Twice", type: "number", position: "back", expression: "points * 2.0" },
    ];
    const templateId = await newTemplate(tenant, { fields });
    const made = async () => {
      const pass = await newPass(tenant, { templateId, values: { points: 1 } });
      await saveLink(pass);
      await tenant.patch(`/v2/passes/${pass.id}`, { values: { points: 2 } }, { env: queue.env });
      return pass;
    };
    const [broken, whole] = [await made(), await made()];
    await env.DATA_DB.prepare("update passes set field_values = ?1 where id = ?2")
      .bind(JSON.stringify({ points: "many" }), broken.id)
      .run();
    const ctx = await contextOf(tenant, googleThat({}));
    await syncPasses(ctx, [broken.id, whole.id]);
    expect((await answerOf(tenant, whole.id)).google).toMatchObject({ status: "synced", syncedVersion: 2 });
    expect(await dueAt(broken.id)).toBe(ctx.now + 3_600_000);
  });

  it("tries again with an account that was put right what failed before", async () => {
    const tenant = await newTenant();
    const pass = await changedPass(tenant);
    await syncPasses(await contextOf(tenant, googleThat({ update: [error("invalid")] })), [pass.id]);
    expect(await dueAt(pass.id)).toBeNull();
    expect((await tenant.post("/v2/google/account/check")).body.ok).toBe(true);
    expect(await dueAt(pass.id)).toBeLessThanOrEqual(Date.now());
    expect((await answerOf(tenant, pass.id)).google.status).toBe("pending");
  });

  it("makes no object whose class Google refuses, and makes the class with the next try", async () => {
    const tenant = await newTenant();
    const pass = await newPass(tenant);
    const refusing = await contextOf(tenant, googleThat({ class: [error("busy", { retryAfterSeconds: 3 })] }));
    const file = await readPass(refusing, pass.id);
    await expect(openSaveLink(refusing, file)).rejects.toMatchObject({
      code: "temporarily_unavailable",
      retryAfterSeconds: 3,
    });
    const fine = googleThat({});
    const ctx = await contextOf(tenant, fine);
    await openSaveLink(ctx, await readPass(ctx, pass.id));
    expect(fine.calls).toEqual(["class", "insert"]);
  });

  it("R135 sends a text once more silently if Google counts otherwise than we do", async () => {
    const tenant = await newTenant();
    const pass = await newPass(tenant, { values: { points: 1 } });
    await saveLink(pass);
    const change = { values: { points: 2 }, changeMessage: "%@" };
    await tenant.patch(`/v2/passes/${pass.id}`, change, { env: queue.env });
    const full = googleThat({ addMessage: [error("notification_quota")] });
    await syncPasses(await contextOf(tenant, full), [pass.id]);
    expect(full.calls).toEqual(["update", "addMessage", "addMessage"]);
    const { google } = await answerOf(tenant, pass.id);
    expect(google).toMatchObject({ status: "synced", notifications: { used: 0 } });
    expect(google.warnings.map(({ code }: Json) => code)).toContain("google_notification_limit");
  });

  it("asks Google whether a text arrived whose sending broke off, and does not send it again", async () => {
    const tenant = await newTenant();
    const pass = await newPass(tenant, { values: { points: 1 } });
    await saveLink(pass);
    const change = { values: { points: 2 }, changeMessage: "%@" };
    await tenant.patch(`/v2/passes/${pass.id}`, change, { env: queue.env });
    const broken = await contextOf(tenant, googleThat({ addMessage: [error("unreachable")] }));
    await syncPasses(broken, [pass.id]);
    const arrived = googleThat({});
    const { as } = arrived.google;
    arrived.google.as = () => ({
      ...as(),
      call: async (each: GoogleCall) =>
        each.method === "get" ? { ok: true, value: { messages: [{ id: "wepass-v2" }] } } : as().call(each),
    });
    await syncPasses(await contextOf(tenant, arrived, broken.now + 10_000), [pass.id]);
    expect(arrived.calls).toEqual([]);
    expect((await answerOf(tenant, pass.id)).google).toMatchObject({ status: "synced", syncedVersion: 2 });
  });

  it("R138 remembers a text that Google was found to have, though the next attempts fail", async () => {
    const tenant = await newTenant();
    const pass = await newPass(tenant, { values: { points: 1 } });
    await saveLink(pass);
    await tenant.patch(`/v2/passes/${pass.id}`, { values: { points: 2 }, changeMessage: "%@" }, { env: queue.env });
    const lost = await contextOf(tenant, googleThat({ addMessage: [error("unreachable")] }));
    await syncPasses(lost, [pass.id]);
    await tenant.patch(`/v2/passes/${pass.id}`, { values: { member: "Anna" } }, { env: queue.env });
    const asked = googleThat({ update: [error("busy")] });
    const { as } = asked.google;
    asked.google.as = () => ({
      ...as(),
      call: async (each: GoogleCall) =>
        each.method === "get"
          ? { ok: true, value: { messages: [{ id: "wepass-v2", header: "Acme", body: "2" }] } }
          : as().call(each),
    });
    await syncPasses(await contextOf(tenant, asked, lost.now + 10_000), [pass.id]);
    const last = googleThat({});
    await syncPasses(await contextOf(tenant, last, lost.now + 60_000), [pass.id]);
    expect(last.calls).toEqual(["update"]);
    expect((await answerOf(tenant, pass.id)).google).toMatchObject({
      status: "synced",
      syncedVersion: 3,
      notifications: { used: 1 },
    });
  });

  it("brings the pass to Google without a text that Google never takes", async () => {
    const tenant = await newTenant();
    const pass = await newPass(tenant, { values: { points: 1 } });
    await saveLink(pass);
    await tenant.patch(`/v2/passes/${pass.id}`, { values: { points: 2 }, changeMessage: "%@" }, { env: queue.env });
    await syncPasses(await contextOf(tenant, googleThat({ addMessage: [error("invalid")] })), [pass.id]);
    const { google } = await answerOf(tenant, pass.id);
    expect(google).toMatchObject({ status: "synced", syncedVersion: 2, notifications: { used: 0 } });
    expect(google.warnings.map(({ code }: Json) => code)).toContain("google_text_refused");
  });

  it("leaves the passes of a suspended account, and those of another issuer, as they are", async () => {
    const tenant = await newTenant();
    const pass = await changedPass(tenant);
    const fake = googleThat({});
    const ctx = await contextOf(tenant, fake);
    const suspended = { ...ctx, tenant: { ...ctx.tenant, status: "suspended" as const } };
    await syncPasses(suspended, [pass.id]);
    expect(fake.calls).toEqual([]);
    expect(await dueAt(pass.id)).toBe(ctx.now + 3_600_000);
    await env.DATA_DB.prepare("update google_objects set id = '1234567890.other', due_at = ?1 where pass_id = ?2")
      .bind(ctx.now, pass.id)
      .run();
    await syncPasses(ctx, [pass.id]);
    expect(fake.calls).toEqual([]);
    expect((await answerOf(tenant, pass.id)).google.failure).toMatchObject({ code: "issuer_changed" });
    // Who asks for it again gets it from the present issuer.
    await openSaveLink(ctx, await readPass(ctx, pass.id));
    expect((await answerOf(tenant, pass.id)).google).toMatchObject({ status: "synced", syncedVersion: 2 });
  });
});
