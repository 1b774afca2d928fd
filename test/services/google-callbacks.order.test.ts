import fc from "fast-check";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { recordCallback } from "../../src/services/google-callbacks/record";
import { newPass, newTemplate, newTenant } from "../support/api";
import { contextOf, newIssuerId } from "../support/google-account";

/** The count of a pass for messages that come in any order. */

interface Message {
  eventType: "save" | "del";
  expiresAt: number;
}

const tenant = await newTenant();
const templateId = await newTemplate(tenant);
const issuerId = newIssuerId();
const start = Date.parse("2030-01-01T00:00:00Z");

/** In the order in which Google sent them: by expiry, and of equal ones by arrival. */
function countOf(messages: Message[]): number {
  const sent = messages.toSorted((a, b) => a.expiresAt - b.expiresAt);
  return sent.reduce((count, { eventType }) => Math.max(0, count + (eventType === "save" ? 1 : -1)), 0);
}

async function arrive(passId: string, message: Message, now = start): Promise<void> {
  const ctx = await contextOf(tenant, { now });
  const objectId = `${issuerId}.${passId}`;
  const ids = { classId: null, objectId, externalPassId: null, nonce: crypto.randomUUID() };
  expect(await recordCallback(ctx, issuerId, { ...ids, ...message })).toBe(true);
}

const stateOf = (passId: string) =>
  env.DATA_DB.prepare(
    "select google_active as active, google_total as total, google_settled as settled, google_recent as recent from passes where id = ?",
  )
    .bind(passId)
    .first<{ active: number; total: number; settled: number; recent: string }>();

const totals = async () =>
  env.DATA_DB.prepare(
    `select e.installs_active as tenant, t.installs_active as template,
       (select sum(google_active) from passes where tenant_id = ?1) as passes
     from events e join templates t on t.tenant_id = e.tenant_id and t.id = ?2
     where e.tenant_id = ?1 order by e.seq desc limit 1`,
  )
    .bind(tenant.id, templateId)
    .first<{ tenant: number; template: number; passes: number }>();

const anyMessages = fc.array(
  fc.record({
    eventType: fc.constantFrom("save" as const, "del" as const),
    expiresAt: fc.integer({ min: 1, max: 8 }).map((step) => start + 1000 + step),
  }),
  { minLength: 1, maxLength: 9 },
);

describe("the order of saves and removals", { timeout: 60_000 }, () => {
  it("R265 is told by when they expire, in whatever order they come, and all totals agree", async () => {
    await fc.assert(
      fc.asyncProperty(anyMessages, async (messages) => {
        const { id } = await newPass(tenant, { templateId });
        for (const [index, message] of messages.entries()) {
          await arrive(id, message);
          expect((await stateOf(id))!.active).toBe(countOf(messages.slice(0, index + 1)));
        }
        expect((await stateOf(id))!.total).toBe(messages.filter(({ eventType }) => eventType === "save").length);
        const { tenant: ofTenant, template, passes } = (await totals())!;
        expect([ofTenant, template]).toEqual([passes, passes]);
      }),
      { numRuns: 40, seed: 20261122 },
    );
  });

  it("R265 saved, removed, saved, removed: none is left, also if the last removal came second", async () => {
    const { id } = await newPass(tenant, { templateId });
    for (const [eventType, expiresAt] of [
      ["save", 1],
      ["del", 4],
      ["del", 2],
      ["save", 3],
    ] as const)
      await arrive(id, { eventType, expiresAt: start + expiresAt });
    expect(await stateOf(id)).toMatchObject({ active: 0, total: 2 });
  });

  it("R265 of messages that expire together, the one that comes first was first", async () => {
    const { id } = await newPass(tenant, { templateId });
    const expiresAt = start + 1;
    const counts: number[] = [];
    for (const eventType of ["del", "save", "save", "del", "del", "del", "save"] as const) {
      await arrive(id, { eventType, expiresAt });
      counts.push((await stateOf(id))!.active);
    }
    expect(counts).toEqual([0, 1, 2, 1, 0, 0, 1]);
  });

  it("R265 of messages that expire more than ten minutes apart, the one that comes first was first", async () => {
    const { id } = await newPass(tenant, { templateId });
    const farOff = Date.parse("2100-01-01T00:00:00Z");
    const counts: number[] = [];
    for (const [eventType, expiresAt] of [
      ["save", farOff],
      ["del", start + 1],
      ["save", start + 2],
      ["del", farOff - 600_000],
      ["del", farOff - 600_001],
    ] as const) {
      await arrive(id, { eventType, expiresAt });
      counts.push((await stateOf(id))!.active);
    }
    // The fourth is one that came late, from before the first save; the fifth is what it seems.
    expect(counts).toEqual([1, 0, 1, 1, 0]);
  });

  it("R265 forgets what has expired, for nothing can come before it, and keeps its count", async () => {
    const { id } = await newPass(tenant, { templateId });
    await arrive(id, { eventType: "del", expiresAt: start + 10 });
    await arrive(id, { eventType: "save", expiresAt: start + 20 });
    await arrive(id, { eventType: "save", expiresAt: start + 30 });
    // Of a removal whose save was lost nothing is left once it has expired, nor of the first save.
    await arrive(id, { eventType: "del", expiresAt: start + 40 }, start + 20);
    expect(await stateOf(id)).toEqual({
      active: 1,
      total: 2,
      settled: 1,
      recent: JSON.stringify([
        [start + 30, 1],
        [start + 40, -1],
      ]),
    });
  });

  it("R265 remembers fifty of a pass at most, and counts on", async () => {
    const { id } = await newPass(tenant, { templateId });
    for (let index = 0; index < 60; index += 1) {
      await arrive(id, { eventType: index % 6 === 5 ? "del" : "save", expiresAt: start + 1000 });
    }
    const { active, total, settled, recent } = (await stateOf(id))!;
    expect({ active, total, recent: JSON.parse(recent).length }).toEqual({ active: 40, total: 50, recent: 50 });
    expect(settled).toBe(8);
  });
});
