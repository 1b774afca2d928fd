import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import type { ListInput, LoggedRequest, RequestFilter, RequestLog } from "../../src/durable-objects/request-log";

const newLog = () => env.REQUEST_LOG.getByName(`test ${crypto.randomUUID()}`) as DurableObjectStub<RequestLog>;

const request = (number: number, members: Partial<LoggedRequest> = {}): LoggedRequest => ({
  requestId: `req_${number}`,
  at: number,
  method: "GET",
  route: "/v2/passes/:id",
  status: 200,
  durationMs: 3,
  keyId: "key_a",
  errorCode: null,
  traceId: "0af7651916cd43dd8448eb211c80319c",
  replayed: false,
  ...members,
});

/** As if so many requests had been appended, the last of them number `count - 1`. */
async function fill(log: DurableObjectStub<RequestLog>, count: number): Promise<void> {
  await runInDurableObject(log, (_, { storage }) =>
    storage.sql.exec(
      `with recursive n (i) as (select cast(?1 as integer) where ?1 < ?2 union all select i + 1 from n where i + 1 < ?2)
       insert or replace into requests
       select i % 10000, i, 'req_' || i, i, 'GET', '/v2/passes/:id', 200, 3, 'key_a', null, '0af7651916cd43dd8448eb211c80319c', 0 from n`,
      Math.max(0, count - 10_000),
      count,
    ),
  );
  await evictDurableObject(log);
}

async function idsOf(log: DurableObjectStub<RequestLog>, input: Partial<ListInput> = {}) {
  const found = await log.list({ limit: 3, cursor: null, backwards: false, filter: {}, ...input });
  return found && { ids: found.requests.map(({ requestId }) => Number(requestId.slice(4))), hasMore: found.hasMore };
}

const countIn = (log: DurableObjectStub<RequestLog>) =>
  runInDurableObject(log, (_, { storage }) => storage.sql.exec("select count(*) as n from requests").one().n);

describe("the request log", () => {
  it("R220 answers whole what was appended, the newest first", async () => {
    const log = newLog();
    const refused = request(2, {
      status: 409,
      errorCode: "pass_voided",
      method: "PATCH",
      replayed: true,
      keyId: "key_b",
    });
    await log.append(request(1));
    await log.append(refused);
    expect(await log.list({ limit: 10, cursor: null, backwards: false, filter: {} })).toEqual({
      requests: [refused, request(1)],
      hasMore: false,
    });
  });

  it("R220 is empty at first", async () => {
    const log = newLog();
    expect(await idsOf(log)).toEqual({ ids: [], hasMore: false });
    expect(await idsOf(log, { cursor: "req_1" })).toBeNull();
  });

  it("R220 keeps the order of arrival, whenever the requests began", async () => {
    const log = newLog();
    for (const number of [5, 9, 7]) await log.append(request(number));
    expect(await idsOf(log)).toEqual({ ids: [7, 9, 5], hasMore: false });
  });

  it("R220 is walked both ways by cursors, and meets each request once", async () => {
    const log = newLog();
    for (let number = 0; number < 7; number += 1) await log.append(request(number));
    expect(await idsOf(log)).toEqual({ ids: [6, 5, 4], hasMore: true });
    expect(await idsOf(log, { cursor: "req_4" })).toEqual({ ids: [3, 2, 1], hasMore: true });
    expect(await idsOf(log, { cursor: "req_1" })).toEqual({ ids: [0], hasMore: false });
    expect(await idsOf(log, { cursor: "req_0" })).toEqual({ ids: [], hasMore: false });
    expect(await idsOf(log, { cursor: "req_1", backwards: true })).toEqual({ ids: [4, 3, 2], hasMore: true });
    expect(await idsOf(log, { cursor: "req_4", backwards: true })).toEqual({ ids: [6, 5], hasMore: false });
    expect(await idsOf(log, { cursor: "req_6", backwards: true })).toEqual({ ids: [], hasMore: false });
    expect(await idsOf(log, { cursor: "req_7" })).toBeNull();
  });

  it.each<[what: string, filter: RequestFilter, ids: number[]]>([
    ["status", { statusMin: 404, statusMax: 404 }, [2]],
    ["class of status", { statusMin: 400, statusMax: 499 }, [4, 2]],
    ["method", { method: "POST" }, [4, 3]],
    ["key", { keyId: "key_b" }, [3, 1]],
    ["code", { errorCode: "rate_limited" }, [4]],
    ["route", { route: "/v2/passes" }, [3]],
    ["time, both ends included", { from: 2, to: 4 }, [4, 3, 2]],
    ["all of several", { method: "POST", keyId: "key_b", from: 3, to: 3, statusMin: 200, statusMax: 299 }, [3]],
    ["none", { method: "GET", route: "/v2/passes" }, []],
  ])("R220 finds requests by %s", async (_, filter, ids) => {
    const log = newLog();
    await log.append(request(1, { keyId: "key_b" }));
    await log.append(request(2, { status: 404, errorCode: "not_found" }));
    await log.append(request(3, { method: "POST", route: "/v2/passes", keyId: "key_b", status: 201 }));
    await log.append(request(4, { method: "POST", status: 429, errorCode: "rate_limited" }));
    expect(await idsOf(log, { filter, limit: 10 })).toEqual({ ids, hasMore: false });
    // A page of one is a page all the same.
    if (ids.length > 1) expect(await idsOf(log, { filter, limit: 1 })).toEqual({ ids: ids.slice(0, 1), hasMore: true });
  });
});

describe("the ring", () => {
  it.each([0, 1, 2, 9_999, 10_000, 10_001, 15_000, 19_999, 20_000, 20_001])(
    "R220 goes on where it was after an eviction at request %i, and holds 10,000",
    async (count) => {
      const log = newLog();
      await fill(log, count);
      await log.append(request(count));
      expect(await idsOf(log)).toEqual({
        ids: [count, count - 1, count - 2].filter((number) => number >= 0),
        hasMore: count > 2,
      });
      expect(await countIn(log)).toBe(Math.min(count + 1, 10_000));
      await log.append(request(count + 1));
      expect((await idsOf(log, { limit: 2 }))!.ids).toEqual([count + 1, count].filter((number) => number >= 0));
    },
  );

  it("R220 has the last 10,000 requests and not the one before, in order across the seam", async () => {
    const log = newLog();
    await fill(log, 12_345);
    const whole = (await idsOf(log, { limit: 20_000 }))!;
    expect(whole).toEqual({ ids: Array.from({ length: 10_000 }, (_, index) => 12_344 - index), hasMore: false });
    expect(await idsOf(log, { cursor: "req_2344" })).toBeNull();
    expect(await idsOf(log, { cursor: "req_2345" })).toEqual({ ids: [], hasMore: false });
    expect(await idsOf(log, { cursor: "req_10001" })).toEqual({ ids: [10_000, 9999, 9998], hasMore: true });
    expect(await idsOf(log, { cursor: "req_9998", backwards: true })).toEqual({
      ids: [10_001, 10_000, 9999],
      hasMore: true,
    });
    expect(await idsOf(log, { cursor: "req_12343", backwards: true })).toEqual({ ids: [12_344], hasMore: false });
    expect(await idsOf(log, { filter: { from: 9999, to: 10_000 } })).toEqual({ ids: [10_000, 9999], hasMore: false });
  });

  it("R220 costs a request one row, and a cold start or a page no walk through all of them", async () => {
    const log = newLog();
    await fill(log, 12_345);
    const costs = await runInDurableObject(log, (instance: RequestLog, { storage }) => {
      const { sql } = storage;
      const meter = { read: 0, written: 0 };
      const exec = sql.exec.bind(sql);
      const cursors: SqlStorageCursor<any>[] = [];
      sql.exec = ((...given: Parameters<typeof exec>) => {
        const cursor = exec(...given);
        cursors.push(cursor);
        return cursor;
      }) as typeof exec;
      const metered = (act: () => unknown) => {
        cursors.length = 0;
        act();
        meter.read = cursors.reduce((sum, { rowsRead }) => sum + rowsRead, 0);
        meter.written = cursors.reduce((sum, { rowsWritten }) => sum + rowsWritten, 0);
        return { ...meter };
      };
      return {
        append: metered(() => instance.append(request(12_345))),
        page: metered(() => instance.list({ limit: 20, cursor: null, backwards: false, filter: {} })),
      };
    });
    expect(costs.append.written).toBe(1);
    expect(costs.page.read).toBeLessThanOrEqual(25);
    expect(costs.page.written).toBe(0);
  });

  it("R274 erases everything, and begins anew", async () => {
    const log = newLog();
    await fill(log, 10_005);
    await log.erase();
    expect(await countIn(log)).toBe(0);
    await log.append(request(1));
    await evictDurableObject(log);
    await log.append(request(2));
    expect(await idsOf(log)).toEqual({ ids: [2, 1], hasMore: false });
  });
});
