import { describe, expect, it } from "vitest";
import { clearIsolateCaches } from "../../src/db/isolate-cache";
import { call, newPass, newTemplate, newTenant, type Answer } from "../support/api";
import { countingEnv, type Costs } from "../support/costs";
import { applePass, fetchPass, heldPass, newDevice, passPath } from "../support/device";

async function costOf(expected: number, request: (env: Cloudflare.Env) => Promise<Answer>): Promise<Costs> {
  clearIsolateCaches();
  const { env, costs } = countingEnv();
  const answer = await request(env);
  expect(answer.status, answer.text).toBe(expected);
  return costs;
}

async function installed() {
  const tenant = await newTenant();
  const templateId = await newTemplate(tenant);
  const passes = [];
  for (let index = 0; index < 5; index += 1) {
    passes.push(await newPass(tenant, { templateId, customer: { id: `m${index}` } }));
  }
  const held = await Promise.all(passes.map(({ id }) => heldPass(tenant, id)));
  return { tenant, passes, held: held[0]!, others: held.slice(1) };
}

describe("what devices cost in D1, with cold caches and authentication included", { timeout: 20_000 }, () => {
  it("an unchanged pass is asked for with 1 read, and no design is loaded", async () => {
    const { held } = await installed();
    const { headers } = await fetchPass(held);
    const byTag = { "if-none-match": headers.get("etag")! };
    const bySecond = { "if-modified-since": headers.get("last-modified")! };
    for (const condition of [byTag, bySecond]) {
      const costs = await costOf(304, (env) => fetchPass(held, condition, { env }));
      expect(costs).toMatchObject({ reads: 1, writeBatches: 0, rowsWritten: 0 });
      // Certificate and pass, and one to see that no other pass follows.
      expect(costs.rowsRead).toBeLessThanOrEqual(3);
    }
  });

  it("a changed pass is fetched with 2 reads", async () => {
    const { tenant, passes, held } = await installed();
    const tag = (await fetchPass(held)).headers.get("etag")!;
    await tenant.patch(`/v2/passes/${passes[0].id}`, { values: { points: 5 } });
    for (const request of [
      (env: Cloudflare.Env) => fetchPass(held, { "if-none-match": tag }, { env }),
      (env: Cloudflare.Env) => fetchPass(held, {}, { env }),
      (env: Cloudflare.Env) => call("HEAD", passPath(held), { headers: applePass(held), env }),
    ]) {
      expect(await costOf(200, request)).toMatchObject({ reads: 2, writeBatches: 0, rowsWritten: 0 });
    }
  });

  it("a device registers with 1 read and one batch, again for next to nothing, and leaves as cheaply", async () => {
    const { held } = await installed();
    const device = newDevice();
    const first = await costOf(201, (env) => device.register(held, { env }));
    // The event, the pass, the device, the registration and its entry in an index.
    expect(first).toMatchObject({ reads: 1, writeBatches: 1, rowsWritten: 6 });
    const again = await costOf(200, (env) => device.register(held, { env }));
    expect(again.reads + again.writeBatches).toBe(2);
    expect(again.rowsWritten).toBe(0);
    const left = await costOf(200, (env) => device.unregister(held, { env }));
    expect(left).toMatchObject({ reads: 1, writeBatches: 1 });
    expect(left.rowsWritten).toBeLessThanOrEqual(6);
  });

  it("a list is 1 read, of the device's own rows", async () => {
    const { held, others } = await installed();
    const device = newDevice();
    for (const pass of [held, ...others]) await device.register(pass);
    for (let index = 0; index < 5; index += 1) await newDevice().register(held);
    const costs = await costOf(200, (env) => device.list(held, undefined, { env }));
    expect(costs).toMatchObject({ reads: 1, writeBatches: 0 });
    expect(costs.rowsRead).toBeLessThanOrEqual(3 + 5 * 2);
    const { lastUpdated } = (await device.list(held)).body;
    const none = await costOf(204, (env) => device.list(held, lastUpdated, { env }));
    expect(none).toMatchObject({ reads: 1, writeBatches: 0 });
  });

  it("who may not is told so after 1 read", async () => {
    const { held } = await installed();
    const headers = { authorization: "ApplePass wrong" };
    for (const request of [
      (env: Cloudflare.Env) => fetchPass(held, headers, { env }),
      (env: Cloudflare.Env) => newDevice().register(held, { headers, env }),
      (env: Cloudflare.Env) => newDevice().unregister(held, { headers, env }),
    ]) {
      expect(await costOf(401, request)).toMatchObject({ reads: 1, writeBatches: 0 });
    }
  });

  it("a log is one batch, and reads no more than it trims", async () => {
    const { tenant, held } = await installed();
    const log = (env: Cloudflare.Env) => call("POST", `${held.base}/log`, { body: { logs: ["a", "b"] }, env });
    const costs = await costOf(200, log);
    expect(costs).toMatchObject({ reads: 0, writeBatches: 1, rowsWritten: 2 });
    expect(costs.rowsRead).toBeLessThanOrEqual(15);
    expect((await tenant.get("/v2/apple/logs")).body.data).toHaveLength(2);
  });
});
