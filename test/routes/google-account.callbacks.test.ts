import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { clearIsolateCaches } from "../../src/db/isolate-cache";
import { explainRefusal, refusalReasons } from "../../src/services/google-callbacks/explain-refusal";
import { newPass, newTemplate, newTenant, type TestTenant } from "../support/api";
import { newLiveTenant } from "../support/certificates";
import { countingEnv } from "../support/costs";
import { connectGoogle, putAtGoogle } from "../support/google-account";

const path = "/v2/google/account";

const callbacksOf = async (tenant: TestTenant, bindings: Cloudflare.Env = env): Promise<any> => {
  const { status, body, text } = await tenant.get(path, { env: bindings });
  expect(status, text).toBe(200);
  return body.callbacks;
};

interface Heard {
  classId: string;
  counts?: [saves: number, removals: number, unmatched: number];
  lastAt: number;
}

async function hear(tenant: TestTenant, heard: Heard[]): Promise<void> {
  const rows = heard.map(({ classId, counts = [0, 0, 0], lastAt }) => [classId, ...counts, lastAt]);
  await env.DATA_DB.prepare(
    `insert into google_class_callbacks (tenant_id, class_id, saves, removals, unmatched, last_at)
     select ?1, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4 from json_each(?2)`,
  )
    .bind(tenant.id, JSON.stringify(rows))
    .run();
}

const refuse = (tenant: TestTenant, reason: string) => env.NONCE_LEDGER.getByName(tenant.id).refuse(reason);

const at = Date.UTC(2026, 4, 1, 16, 30);
const issuerId = "3388000000012345678";

describe("how callbacks fare, with the account", () => {
  it("R265 shows what was heard of each class, the latest first, and of which template", async () => {
    const tenant = await newTenant();
    const templateId = await newTemplate(tenant);
    const ours = `${issuerId}.${templateId}.12.9f86d081884c7d659a2f`;
    const others = [
      `${issuerId}.loyalty`,
      `${issuerId}.${templateId}`,
      `${issuerId}.${templateId}.12.hash.1`,
      `${issuerId}.tmpl_1.12.9f86d081884c7d659a2f`,
    ];
    await hear(tenant, [
      ...others.map((classId, index) => ({ classId, lastAt: at - 1000 * (index + 1) })),
      { classId: ours, counts: [120, 7, 2], lastAt: at },
    ]);
    const { lastAt, classes } = await callbacksOf(tenant);
    expect(lastAt).toBe("2026-05-01T16:30:00.000Z");
    expect(classes).toEqual([
      { classId: ours, templateId, saves: 120, removals: 7, unmatched: 2, lastAt },
      ...others.map((classId, index) => ({
        classId,
        templateId: null,
        saves: 0,
        removals: 0,
        unmatched: 0,
        lastAt: new Date(at - 1000 * (index + 1)).toISOString(),
      })),
    ]);
  });

  it("shows a hundred classes at most", async () => {
    const tenant = await newTenant();
    const all = Array.from({ length: 130 }, (_, index) => ({ classId: `${issuerId}.c${index}`, lastAt: at + index }));
    await hear(tenant, all);
    const { lastAt, classes } = await callbacksOf(tenant);
    const shown = all.toReversed().slice(0, 100);
    expect(classes.map(({ classId }: any) => classId)).toEqual(shown.map(({ classId }) => classId));
    expect(lastAt).toBe(new Date(at + 129).toISOString());
  });

  it("R262 shows what was refused by reason, how often, and what to look at", async () => {
    const tenant = await newTenant();
    const before = Date.now();
    for (const reason of ["message_expired", "bad_signature", "message_expired", "from_the_future"])
      await refuse(tenant, reason);
    const { refused } = await callbacksOf(tenant);
    expect(refused.map(({ reason, count }: any) => [reason, count])).toEqual([
      ["bad_signature", 1],
      ["from_the_future", 1],
      ["message_expired", 2],
    ]);
    for (const { reason, detail, lastAt } of refused) {
      expect(detail).toBe(explainRefusal(reason));
      expect(Date.parse(lastAt)).toBeGreaterThanOrEqual(before);
    }
    expect(refused[1].detail).toContain("Another version");
  });

  it("R262 has one sentence for every reason", () => {
    const sentences = refusalReasons.map((reason) => explainRefusal(reason));
    expect(refusalReasons).toHaveLength(16);
    expect(new Set(sentences).size).toBe(16);
    for (const sentence of sentences) expect(sentence).toMatch(/^[A-Z](?!.*\. ).{40,}\.$/);
    expect(sentences).not.toContain(explainRefusal("toString"));
  });

  it("answers the rest while what was refused cannot be told", async () => {
    const tenant = await newTenant();
    await hear(tenant, [{ classId: `${issuerId}.c`, lastAt: at }]);
    const refusals = () => Promise.reject(new Error("the object is away"));
    const broken = { ...env, NONCE_LEDGER: { getByName: () => ({ refusals }) } } as unknown as Cloudflare.Env;
    expect(await callbacksOf(tenant, broken)).toMatchObject({
      lastAt: "2026-05-01T16:30:00.000Z",
      classes: [{ classId: `${issuerId}.c` }],
      refused: null,
      drift: { saves: 0, removals: 0 },
    });
  });

  it("R265 counts the passes of which a callback is missing, up to a thousand", async () => {
    const tenant = await newTenant();
    const drifting = (drift: string | null, first: number, rows: number) =>
      env.DATA_DB.prepare(
        `insert into google_objects (tenant_id, pass_id, id, vertical, created_at, drift)
         select ?1, 'pass_' || value, 'object', 'loyalty', 1, ?2 from json_each(?3)`,
      )
        .bind(tenant.id, drift, JSON.stringify(Array.from({ length: rows }, (_, index) => first + index)))
        .run();
    await drifting("save", 0, 3);
    await drifting("removal", 100, 1);
    await drifting(null, 200, 5);
    expect((await callbacksOf(tenant)).drift).toEqual({ saves: 3, removals: 1 });
    await drifting("save", 1000, 1200);
    expect((await callbacksOf(tenant)).drift).toEqual({ saves: 1000, removals: 1 });
  });

  it("R041 is shown of a sandbox's made-up account and of a connected one, and not by what connects it", async () => {
    const [sandbox, live] = [await newTenant(), await newLiveTenant()];
    await connectGoogle(live);
    for (const tenant of [sandbox, live]) {
      await hear(tenant, [{ classId: `${issuerId}.c`, lastAt: at }]);
      await refuse(tenant, "jwt");
    }
    for (const { body } of [await sandbox.get(path), await live.get(path)]) {
      expect(body.callbacks).toMatchObject({ classes: [{}], refused: [{ reason: "jwt", count: 1 }] });
    }
    const { serviceAccount, issuerId: connected } = await connectGoogle(live);
    const { body } = await live.put(path, { issuerId: connected, serviceAccount });
    expect(body).not.toHaveProperty("callbacks");
  });

  it("R274 is one tenant's alone", async () => {
    const [owner, other] = [await newTenant(), await newTenant()];
    await hear(owner, [{ classId: `${issuerId}.secret`, lastAt: at }]);
    await refuse(owner, "jwt");
    const pass = await newPass(owner);
    await putAtGoogle(owner, pass);
    await env.DATA_DB.prepare("update google_objects set drift = 'save' where pass_id = ?").bind(pass.id).run();
    expect(await callbacksOf(other)).toEqual({
      lastAt: null,
      classes: [],
      refused: [],
      drift: { saves: 0, removals: 0 },
    });
    expect((await callbacksOf(owner)).drift).toEqual({ saves: 1, removals: 0 });
  });

  it("costs three reads beside the key's", async () => {
    const tenant = await newTenant();
    await hear(tenant, [{ classId: `${issuerId}.c`, lastAt: at }]);
    clearIsolateCaches();
    const { env: counted, costs } = countingEnv();
    await callbacksOf(tenant, counted);
    expect([costs.reads, costs.writeBatches]).toEqual([4, 0]);
    expect(costs.rowsRead).toBeLessThanOrEqual(10);
  });
});
