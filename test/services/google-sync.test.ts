import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { runSchedule } from "../../src/schedule";
import { clearIsolateCaches } from "../../src/db/isolate-cache";
import type { GoogleSyncMessage } from "../../src/services/context";
import { newPass, newTemplate, newTenant, type TestTenant } from "../support/api";
import { countingEnv } from "../support/costs";
import { connectGoogle } from "../support/google-account";
import { cardOf, deliver, newGoogle, readPass, save, saveLink, type Google } from "../support/google";

let google: Google;
beforeEach(() => {
  google = newGoogle();
});

const change = (tenant: TestTenant, id: string, body: Record<string, unknown>) =>
  tenant.patch(`/v2/passes/${id}`, body, { env: google.env });

/** What cron enqueues of one pass: those of other tests' tenants may be due as well. */
async function sweep(id: string, at: number): Promise<void> {
  await runSchedule(google.env, at);
  google.messages.splice(0, Infinity, ...google.messages.filter(({ passId }) => passId === id));
}

const textOf = (card: any, key: string): string =>
  card.object.textModulesData.find(({ id }: { id: string }) => id === key)?.body;

async function savedPass(tenant: TestTenant, body: Record<string, unknown> = {}) {
  const pass = await newPass(tenant, { values: { points: 5, member: "Zoë" }, ...body });
  const path = await saveLink(pass, google.env);
  await save(path);
  return { pass, path };
}

describe("changes of a pass that is at Google", () => {
  it("R121 R122 brings a change to Google, with its text on the lock screen", async () => {
    const tenant = await newTenant();
    const { pass, path } = await savedPass(tenant);
    const answer = await change(tenant, pass.id, { values: { points: 12 }, changeMessage: "You now have %@ points" });
    expect(answer.body.google).toMatchObject({ status: "pending", syncedVersion: 1 });
    const requestId = answer.headers.get("x-request-id");
    const traceparent = answer.headers.get("traceparent");
    expect(google.messages).toEqual([{ tenantId: tenant.id, passId: pass.id, requestId, traceparent }]);
    await google.drain();
    const card = await cardOf(path);
    expect(textOf(card, "points")).toBe("12");
    expect(card.notifications).toMatchObject([{ cause: "message", body: "You now have 12 points" }]);
    expect((await readPass(tenant, pass.id)).google).toMatchObject({
      status: "synced",
      syncedVersion: 2,
      notifications: { limit: 3, used: 1 },
    });
  });

  it("enqueues nothing for a pass that nobody asked for at Google, or that did not change", async () => {
    const tenant = await newTenant();
    const pass = await newPass(tenant);
    await change(tenant, pass.id, { values: { points: 1 } });
    const { pass: saved } = await savedPass(tenant);
    await change(tenant, saved.id, { values: { points: 5 } });
    expect(google.messages).toEqual([]);
  });

  it("R121 tells of a text whose update was followed by a silent one before Google heard of either", async () => {
    const tenant = await newTenant();
    const { pass, path } = await savedPass(tenant);
    await change(tenant, pass.id, { values: { points: 12 }, changeMessage: "You now have %@ points" });
    await change(tenant, pass.id, { values: { member: "Zoë Winter" } });
    await google.drain();
    const card = await cardOf(path);
    expect(card.notifications).toMatchObject([{ body: "You now have 12 points" }]);
    // And not again with the next.
    await change(tenant, pass.id, { values: { points: 13 } });
    await google.drain();
    expect((await cardOf(path)).notifications).toHaveLength(1);
  });

  it("R122 keeps the text below the pass after changes that say nothing", async () => {
    const tenant = await newTenant();
    const { pass, path } = await savedPass(tenant);
    await change(tenant, pass.id, { values: { points: 12 }, changeMessage: "You now have %@ points" });
    await google.drain();
    await change(tenant, pass.id, { values: { member: "Zoë Winter" } });
    await google.drain();
    const bodies = (await cardOf(path)).object.messages.map(({ body }: { body: string }) => body);
    expect(bodies).toEqual(["You now have 12 points"]);
    for (const points of [1, 2, 3, 4]) {
      await change(tenant, pass.id, { values: { points }, changeMessage: "%@" });
      await google.drain();
    }
    const kept = (await cardOf(path)).object.messages.map(({ body }: { body: string }) => body);
    expect(kept).toEqual(["1", "2", "3", "4"]);
  });

  it("R138 counts three notifications in 24 hours, and goes on silently with a warning", async () => {
    const tenant = await newTenant();
    const { pass, path } = await savedPass(tenant);
    for (const points of [10, 20, 30, 40, 50]) {
      await change(tenant, pass.id, { values: { points }, changeMessage: "%@" });
      await google.drain();
    }
    const card = await cardOf(path);
    expect(textOf(card, "points")).toBe("50");
    expect(card.notifications.map(({ body }: { body: string }) => body)).toEqual(["30", "20", "10"]);
    const { google: state } = await readPass(tenant, pass.id);
    expect(state.notifications).toMatchObject({ limit: 3, used: 3, resetsAt: expect.any(String) });
    expect(state.warnings.map(({ code }: { code: string }) => code)).toContain("google_notification_limit");
  });

  it("R135 is silent about a change that announces nothing", async () => {
    const tenant = await newTenant();
    const { pass, path } = await savedPass(tenant);
    await change(tenant, pass.id, { values: { points: 12 } });
    await google.drain();
    const card = await cardOf(path);
    expect(textOf(card, "points")).toBe("12");
    expect(card.notifications).toEqual([]);
  });

  it("changes nothing by messages that come twice, in disorder or after the pass has moved on", async () => {
    const tenant = await newTenant();
    const { pass, path } = await savedPass(tenant);
    await change(tenant, pass.id, { values: { points: 10 }, changeMessage: "%@" });
    await change(tenant, pass.id, { values: { points: 20 }, changeMessage: "%@" });
    const messages = google.messages.splice(0);
    await deliver(google.env, messages.toReversed());
    await deliver(google.env, messages);
    await Promise.all([deliver(google.env, messages), deliver(google.env, messages)]);
    const card = await cardOf(path);
    expect(textOf(card, "points")).toBe("20");
    expect(card.notifications).toHaveLength(1);
    expect((await readPass(tenant, pass.id)).google).toMatchObject({ status: "synced", syncedVersion: 3 });
  });

  it("R121 shows a voided pass as inactive", async () => {
    const tenant = await newTenant();
    const { pass, path } = await savedPass(tenant);
    await tenant.delete(`/v2/passes/${pass.id}`, { env: google.env });
    await google.drain();
    expect((await cardOf(path)).object.state).toBe("INACTIVE");
  });

  it("R121 shows an expired pass as expired when its time has come, and active again once it is prolonged", async () => {
    const tenant = await newTenant();
    const expiresAt = Date.now() + 3_600_000;
    const { pass, path } = await savedPass(tenant, { overrides: { expiresAt: new Date(expiresAt).toISOString() } });
    expect((await cardOf(path)).object.state).toBe("ACTIVE");
    await sweep(pass.id, expiresAt - 1);
    expect(google.messages).toEqual([]);
    // The clock of the queue is the real one, so the expiry is brought to it.
    await env.DATA_DB.prepare("update passes set expires_at = ?1 where id = ?2")
      .bind(Date.now() - 60_000, pass.id)
      .run();
    await env.DATA_DB.prepare("update google_objects set due_at = ?1 where pass_id = ?2")
      .bind(Date.now() - 60_000, pass.id)
      .run();
    await sweep(pass.id, Date.now());
    expect(google.messages.map(({ passId }) => passId)).toContain(pass.id);
    await google.drain();
    expect((await cardOf(path)).object.state).toBe("EXPIRED");
    await change(tenant, pass.id, { overrides: { expiresAt: new Date(Date.now() + 7_200_000).toISOString() } });
    await google.drain();
    expect((await cardOf(path)).object.state).toBe("ACTIVE");
  });

  it("brings what was committed and never enqueued with cron", async () => {
    const tenant = await newTenant();
    const { pass, path } = await savedPass(tenant);
    await change(tenant, pass.id, { values: { points: 77 } });
    google.messages.length = 0;
    await sweep(pass.id, Date.now() + 31_000);
    expect(google.messages.map(({ passId }) => passId)).toContain(pass.id);
    await google.drain();
    expect(textOf(await cardOf(path), "points")).toBe("77");
  });

  it("goes on where a consumer died, without telling the holder twice", async () => {
    const tenant = await newTenant();
    const { pass, path } = await savedPass(tenant);
    await change(tenant, pass.id, { values: { points: 8 }, changeMessage: "%@" });
    const [message] = google.messages.splice(0);
    await deliver(google.env, [message!]);
    // As if it had died before it wrote down what it did: the lease is its trace.
    await env.DATA_DB.prepare(
      "update google_objects set synced_version = 1, notified_at = '[]', messages = '[]', due_at = ?1, leased_until = ?1 where pass_id = ?2",
    )
      .bind(Date.now() - 1, pass.id)
      .run();
    await deliver(google.env, [message!]);
    const card = await cardOf(path);
    expect(card.notifications).toHaveLength(1);
    expect(textOf(card, "points")).toBe("8");
    expect((await readPass(tenant, pass.id)).google).toMatchObject({ status: "synced", syncedVersion: 2 });
  });

  it("R138 counts and does not repeat a text that arrived though nobody wrote that down, after the pass moved on", async () => {
    const tenant = await newTenant();
    const { pass, path } = await savedPass(tenant);
    await change(tenant, pass.id, { values: { points: 8 }, changeMessage: "%@ points" });
    await google.drain();
    await env.DATA_DB.prepare(
      "update google_objects set synced_version = 1, notified_at = '[]', messages = '[]', due_at = ?1, leased_until = ?1 where pass_id = ?2",
    )
      .bind(Date.now() - 1, pass.id)
      .run();
    await change(tenant, pass.id, { values: { member: "Anna" }, changeMessage: "Hello %@" });
    await google.drain();
    const card = await cardOf(path);
    expect(card.notifications.map(({ body }: { body: string }) => body)).toEqual(["Hello Anna", "8 points"]);
    expect((await readPass(tenant, pass.id)).google.notifications.used).toBe(2);
  });

  it("brings back the passes of a tenant that connects an issuer of before again", async () => {
    const tenant = await newTenant();
    const first = await connectGoogle(tenant);
    const { pass, path } = await savedPass(tenant);
    await connectGoogle(tenant);
    await change(tenant, pass.id, { values: { points: 9 } });
    await google.drain();
    expect((await readPass(tenant, pass.id)).google).toMatchObject({
      status: "failed",
      failure: { code: "issuer_changed" },
    });
    await connectGoogle(tenant, first);
    await sweep(pass.id, Date.now() + 31_000);
    await google.drain();
    expect((await readPass(tenant, pass.id)).google).toMatchObject({ status: "synced", syncedVersion: 2 });
    expect(textOf(await cardOf(path), "points")).toBe("9");
  });

  it("heals by itself where Google has lost a class", async () => {
    const tenant = await newTenant();
    const templateId = await newTemplate(tenant);
    const { pass } = await savedPass(tenant, { templateId });
    const { objectId } = (await readPass(tenant, pass.id)).google;
    await env.GOOGLE_SIMULATOR!.getByName("google").erase(objectId.split(".")[0]);
    clearIsolateCaches();
    const other = await newPass(tenant, { templateId });
    expect((await cardOf(await saveLink(other, google.env))).object.state).toBe("ACTIVE");
  });

  it("enqueues what is due once, and again only after a quarter of an hour", async () => {
    const tenant = await newTenant();
    const { pass } = await savedPass(tenant);
    await change(tenant, pass.id, { values: { points: 77 } });
    google.messages.length = 0;
    const found = async (at: number) => {
      await runSchedule(google.env, at);
      return google.messages.splice(0).filter(({ passId }) => passId === pass.id).length;
    };
    const soon = Date.now() + 31_000;
    expect([await found(soon), await found(soon + 60_000), await found(soon + 901_000)]).toEqual([1, 0, 1]);
  });

  it("takes four tenants at a time and puts the others back", async () => {
    const messages: GoogleSyncMessage[] = [];
    for (let index = 0; index < 6; index += 1) {
      const tenant = await newTenant();
      messages.push({ tenantId: tenant.id, passId: (await newPass(tenant)).id, requestId: "req_test" });
    }
    const { explicitAcks, retryMessages } = await deliver(google.env, messages);
    expect([explicitAcks.length, retryMessages.length]).toEqual([4, 2]);
  });

  it("leaves a pass that another consumer has to that one, and comes back", async () => {
    const tenant = await newTenant();
    const { pass } = await savedPass(tenant);
    await change(tenant, pass.id, { values: { points: 8 } });
    const held = Date.now() + 60_000;
    await env.DATA_DB.prepare("update google_objects set leased_until = ?1 where pass_id = ?2")
      .bind(held, pass.id)
      .run();
    const { retryMessages, explicitAcks } = await deliver(google.env, google.messages);
    expect([retryMessages.length, explicitAcks.length]).toEqual([1, 0]);
    expect((await readPass(tenant, pass.id)).google).toMatchObject({ status: "pending", syncedVersion: 1 });
  });

  it("brings twenty passes of a template in one batch", async () => {
    const tenant = await newTenant();
    const templateId = await newTemplate(tenant);
    const all = [];
    for (let index = 0; index < 20; index += 1) {
      const pass = await newPass(tenant, { templateId });
      await saveLink(pass, google.env);
      all.push(pass);
    }
    for (const { id } of all) await change(tenant, id, { values: { points: 3 } });
    const { env: counted, costs } = countingEnv();
    const queue = newGoogle(counted);
    const { explicitAcks } = await deliver(queue.env, google.messages);
    expect(explicitAcks).toHaveLength(20);
    for (const { id } of all) expect((await readPass(tenant, id)).google).toMatchObject({ syncedVersion: 2 });
    // Tenant, account, passes, classes; and one batch that claims, one statement that settles.
    expect(costs.reads).toBeLessThanOrEqual(4);
    expect(costs.writeBatches).toBe(2);
  });
});
