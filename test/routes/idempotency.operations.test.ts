import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { allOperations, exampleRequest, send } from "../openapi/operations";
import { preparedWorld } from "../openapi/prepared-worlds";
import { losingAnswer, unreachable, withLedger } from "../support/idempotency";

/** Every operation that takes an Idempotency-Key, with its own example. */
const operations = (await allOperations()).filter(
  ({ method, path }) => path.startsWith("/v2/") && /^(POST|PATCH)$/.test(method),
);
const cases = operations.map((operation) => [operation.id, operation] as const);

afterEach(() => {
  vi.useRealTimers();
});

/** Every row of the tenant, whole. */
async function rowsOf(tenantId: string): Promise<Record<string, unknown[]>> {
  const tables = async (db: D1Database) => {
    const named = "select name from sqlite_master where type = 'table' and sql like '%tenant_id%' order by name";
    const { results } = await db.prepare(named).all<{ name: string }>();
    return Promise.all(
      results.map(async ({ name }) => {
        const rows = await db.prepare(`select * from ${name} where tenant_id = ?`).bind(tenantId).all();
        return [name, rows.results] as const;
      }),
    );
  };
  return Object.fromEntries([...(await tables(env.DATA_DB)), ...(await tables(env.CONTROL_DB))]);
}

describe(
  "a second attempt, after a first one that ended between its commit and its answer",
  { timeout: 20_000 },
  () => {
    it.each(cases)(
      "R217 of %s writes nothing, is answered as the first would have been, and then replayed",
      async (_, operation) => {
        const world = await preparedWorld(operation);
        const request = { ...exampleRequest(operation, world), headers: { "idempotency-key": "a" } };
        const now = Date.now();
        vi.useFakeTimers({ toFake: ["Date"], now });
        const first = await send(request, { env: withLedger({ complete: unreachable }) });
        expect(first.status, first.text).toBeLessThan(300);
        const written = await rowsOf(world.tenant.id);
        vi.setSystemTime(now + 31_000);
        const again = await send(request);
        expect(again.headers.get("idempotent-replayed")).toBeNull();
        expect(again.status, again.text).toBe(first.status);

        if (!computed.has(operation.id)) expect(again.body).toEqual(first.body);
        expect(await rowsOf(world.tenant.id)).toEqual(written);

        const replayed = await send(request);
        expect(replayed.headers.get("idempotent-replayed")).toBe("true");
        expect(replayed.status).toBe(again.status);
        expect(replayed.headers.get("content-type")).toBe(again.headers.get("content-type"));
        expect(replayed.bytes).toEqual(again.bytes);
        expect(await rowsOf(world.tenant.id)).toEqual(written);
      },
    );
  },
);

/** They store nothing: what they answer is made at the time of the attempt. */
const computed = new Set(["checkGoogleAccount", "createSandboxCertificate", "downloadPasses", "examineAppleFile"]);

const writing = cases.filter(([id]) => !computed.has(id));

describe(
  "a repeat at once, after the database did what it was asked and its answer was lost",
  { timeout: 20_000 },
  () => {
    const counted = (rows: Record<string, unknown[]>) =>
      Object.fromEntries(Object.entries(rows).map(([table, { length }]) => [table, length]));

    it.each(writing)("R217 of %s doubles nothing", async (_, operation) => {
      const headers = { "idempotency-key": "a" };
      const once = await preparedWorld(operation);
      const expected = await send({ ...exampleRequest(operation, once), headers });
      const world = await preparedWorld(operation);
      const request = { ...exampleRequest(operation, world), headers };
      const { bindings, losses } = losingAnswer();
      const lost = await send(request, { env: bindings });
      expect([lost.status, losses()]).toEqual([500, 1]);
      const again = await send(request);
      expect(again.status, again.text).toBe(expected.status);
      expect(counted(await rowsOf(world.tenant.id))).toEqual(counted(await rowsOf(once.tenant.id)));
    });
  },
);
