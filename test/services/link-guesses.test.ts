import { evictDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { buildContext } from "../../src/context";
import { clearIsolateCaches } from "../../src/db/isolate-cache";
import { runSchedule } from "../../src/schedule";
import { guesserOf } from "../../src/services/links/guesses";
import { sweepBlocks } from "../../src/services/links/sweep-blocks";
import { adminToken, call, newPass, newTenant, type Answer, type TestTenant } from "../support/api";
import { countingEnv } from "../support/costs";
import { from, newAddress } from "../support/guards";

// Guesses are counted by the clock, which stands still unless a test turns it.
const start = Date.parse("2040-01-01T00:00:00Z");
const second = 1000;
const minute = 60 * second;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: start });
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

type Options = NonNullable<Parameters<typeof call>[2]>;

const open = (token: string, address: string | null, options: Options = {}): Promise<Answer> =>
  call("GET", `/p/${token}/apple`, { ...options, headers: address === null ? {} : from(address) });

const tail = () => crypto.randomUUID().replaceAll("-", "").slice(0, 16);
const unknownOf = ({ code }: { code: string }) => `${code}${tail()}`;

/** Of whatever kind; the code is none that exists. */
const unknownTokens: Record<string, () => string> = {
  "a malformed token": () => "x",
  "a token of a code that does not exist": () => `00000000${tail()}`,
};

async function guess(times: number, address: string | null, token = unknownTokens["a malformed token"]!) {
  const statuses: number[] = [];
  for (let time = 0; time < times; time += 1) statuses.push((await open(token(), address)).status);
  return statuses;
}

const linkOf = ({ links }: { links: { page: string } }) => links.page.split("/").at(-1)!;

async function newLink(tenant?: TestTenant) {
  const owner = tenant ?? (await newTenant());
  const pass = await newPass(owner);
  return { tenant: owner, pass, token: linkOf(pass) };
}

function expectRefused(answer: Answer, retryAfter: number) {
  expect(answer.status, answer.text).toBe(429);
  expect(answer.headers.get("retry-after")).toBe(String(retryAfter));
  expect(answer.body).toMatchObject({ status: 429, code: "rate_limited" });
}

const guesserAt = async (address: string) => (await guesserOf(buildContext(env, "req_test", Date.now(), { address })))!;

const blockOf = async (address: string) =>
  env.CONTROL_DB.prepare("select blocked_until from blocked_networks where network = ?")
    .bind(await guesserAt(address))
    .first<number>("blocked_until");

const guessingEvents = async (tenant: TestTenant) =>
  (await tenant.get("/v2/events?limit=100")).body.data.filter(({ type }: { type: string }) => type === "link.guessing");

function watchLog(): () => any[] {
  const spy = vi.spyOn(console, "log").mockImplementation(() => {});
  return () => spy.mock.calls.map(([entry]) => entry).filter(({ msg }) => msg === "security event");
}

describe("30 unknown tokens of one network in a minute", { timeout: 30_000 }, () => {
  it.each(Object.entries(unknownTokens))(
    "R235 %s is answered 404 thirty times, and 429 from then on",
    async (_, token) => {
      const address = newAddress();
      expect(await guess(30, address, token)).toEqual(Array(30).fill(404));
      vi.setSystemTime(start + 20 * second);
      expectRefused(await open(token(), address), 40);
      vi.setSystemTime(start + minute - 1);
      expectRefused(await open(token(), address), 1);
      vi.setSystemTime(start + minute);
      expect((await open(token(), address)).status).toBe(404);
    },
  );

  it("R235 unknown tokens of an account that exists count alike, and so do its pages and its way to Google", async () => {
    const [tenant, address] = [await newTenant(), newAddress()];
    for (let time = 0; time < 10; time += 1) {
      const token = unknownOf(tenant);
      for (const path of [`/p/${token}`, `/p/${token}/apple`, `/p/${token}/google`]) {
        expect((await call("GET", path, { headers: from(address) })).status).toBe(404);
      }
    }
    expectRefused(await open(unknownOf(tenant), address), 60);
  });

  it("R235 even the right token is refused then, in every isolate; from elsewhere it opens", async () => {
    const { token } = await newLink();
    const address = newAddress();
    await guess(30, address);
    expectRefused(await open(token, address), 60);
    clearIsolateCaches();
    expectRefused(await open(token, address), 60);
    expect((await open(token, newAddress())).status).toBe(200);
    expect((await open(token, null)).status).toBe(200);
    vi.setSystemTime(start + minute);
    expect((await open(token, address)).status).toBe(200);
  });

  it("R235 right tokens are no guesses, also while they are refused: others behind the address wait for a minute and no longer", async () => {
    const { token } = await newLink();
    const address = newAddress();
    await guess(30, address);
    for (let time = 0; time < 80; time += 1) {
      if (time === 40) clearIsolateCaches();
      expectRefused(await open(token, address), 60);
    }
    await guess(69, address);
    expectRefused(await open(token, address), 60);
    vi.setSystemTime(start + minute);
    expect((await open(token, address)).status).toBe(200);
  });

  it("R235 links that exist, opened, revoked or void, count for nothing, and neither do those of a suspended account", async () => {
    const address = newAddress();
    const { tenant, pass, token } = await newLink();
    const { body: linked } = await tenant.post(`/v2/passes/${pass.id}/links`);
    await tenant.delete(`/v2/links/${token}`);
    const voided = await newLink(tenant);
    await tenant.delete(`/v2/passes/${voided.pass.id}`);
    const suspended = await newLink();
    await call("PATCH", `/admin/tenants/${suspended.tenant.id}`, { token: adminToken, body: { status: "suspended" } });
    for (let time = 0; time < 31; time += 1) {
      expect((await open(linkOf(linked), address)).status).toBe(200);
      expect((await open(token, address)).status).toBe(410);
      expect((await open(voided.token, address)).status).toBe(410);
      expect((await open(suspended.token, address)).status).toBe(404);
    }
    expect((await open("x", address)).status).toBe(404);
  });

  it("R235 who comes from no address that is known is not counted", async () => {
    expect(await guess(31, null)).toEqual(Array(31).fill(404));
  });

  it("R235 the /64 of an IPv6 address is one network, and the next one another", async () => {
    const block = `2001:db8:${crypto.randomUUID().slice(0, 4)}`;
    for (let time = 0; time < 30; time += 1) expect((await open("x", `${block}:1::${time + 1}`)).status).toBe(404);
    expectRefused(await open("x", `${block}:1:ffff::1`), 60);
    expect((await open("x", `${block}:2::1`)).status).toBe(404);
  });
});

describe("100 unknown tokens of one network in a minute", { timeout: 30_000 }, () => {
  it("R235 block it for fifteen minutes, to the second, and what it tries then changes nothing", async () => {
    const { token } = await newLink();
    const address = newAddress();
    expect(await guess(99, address)).toEqual([...Array(30).fill(404), ...Array(69).fill(429)]);
    vi.setSystemTime(start + 10 * second);
    expectRefused(await open("x", address), 900);
    const end = start + 10 * second + 15 * minute;
    expect(await blockOf(address)).toBe(end);
    vi.setSystemTime(start + 5 * minute);
    expectRefused(await open("x", address), 610);
    vi.setSystemTime(end - second);
    expectRefused(await open(token, address), 1);
    clearIsolateCaches();
    vi.setSystemTime(end - 1);
    expectRefused(await open(token, address), 1);
    expectRefused(await open("x", address), 1);
    vi.setSystemTime(end);
    expect((await open(token, address)).status).toBe(200);
    expect((await open("x", address)).status).toBe(404);
  });

  it("R235 an evicted guard and a fresh isolate forgive nothing", async () => {
    const address = newAddress();
    await guess(60, address);
    clearIsolateCaches();
    await evictDurableObject(env.GUESS_GUARD.getByName(await guesserAt(address)));
    expect(await guess(39, address)).toEqual(Array(39).fill(429));
    expectRefused(await open("x", address), 900);
  });

  it("R235 are told to the account whose link was tried, and to the log without the address", async () => {
    const tenant = await newTenant();
    const address = newAddress();
    const securityEvents = watchLog();
    await guess(99, address);
    expect(securityEvents()).toEqual([]);
    expectRefused(await open(unknownOf(tenant), address), 900);
    const blockedUntil = start + 15 * minute;
    const [event, ...others] = await guessingEvents(tenant);
    expect(others).toEqual([]);
    expect(event).toMatchObject({
      type: "link.guessing",
      actor: "system",
      passId: null,
      data: { address, attempts: 100, blockedUntil: new Date(blockedUntil).toISOString() },
    });
    expect(securityEvents()).toEqual([
      expect.objectContaining({ level: "warn", event: "link.guessing", tenantId: tenant.id, blockedUntil }),
    ]);
    expect(JSON.stringify(securityEvents())).not.toContain(address);
    expect(await guesserAt(address)).not.toContain(address);
  });

  it("R235 are logged where the last token named no account", async () => {
    const securityEvents = watchLog();
    await guess(120, newAddress());
    expect(securityEvents()).toEqual([
      expect.objectContaining({ level: "warn", event: "link.guessing", blockedUntil: start + 15 * minute }),
    ]);
  });

  it("R235 are one event where they come at once, and once more when they come again", async () => {
    const tenant = await newTenant();
    const address = newAddress();
    const securityEvents = watchLog();
    const answers = await Promise.all(Array.from({ length: 150 }, () => open(unknownOf(tenant), address)));
    expect(answers.filter(({ status }) => status === 404)).toHaveLength(30);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(120);
    expect(await guessingEvents(tenant)).toHaveLength(1);
    expect(securityEvents()).toHaveLength(1);
    vi.setSystemTime(start + 20 * minute);
    for (let time = 0; time < 100; time += 1) await open(unknownOf(tenant), address);
    expect(await guessingEvents(tenant)).toHaveLength(2);
    expect(securityEvents()).toHaveLength(2);
  });

  it("R235 are not lost to a database that is down: whoever tries next writes them down", async () => {
    const tenant = await newTenant();
    const address = newAddress();
    await guess(99, address);
    const down = new Proxy(env.DATA_DB, {
      get(db, member) {
        if (member === "batch") return () => Promise.reject(new Error("D1_ERROR: down"));
        const value: unknown = Reflect.get(db, member);
        return typeof value === "function" ? value.bind(db) : value;
      },
    });
    clearIsolateCaches();
    const broken = { ...env, DATA_DB: down } as Cloudflare.Env;
    const logged = vi.spyOn(console, "log").mockImplementation(() => {});
    expectRefused(await open(unknownOf(tenant), address, { env: broken }), 900);
    expect(logged.mock.calls.map(([{ msg }]) => msg)).toContain("block of guesses not noted");
    expect(await guessingEvents(tenant)).toEqual([]);
    // Also where the next token is one that nobody would have to count.
    clearIsolateCaches();
    expectRefused(await open(unknownOf(tenant), address), 900);
    expect(await guessingEvents(tenant)).toHaveLength(1);
  });
});

describe("what guesses cost", { timeout: 30_000 }, () => {
  it("R076 R235 a download of somebody whose network is known is two reads, as without", async () => {
    const { token } = await newLink();
    for (const address of [newAddress(), null]) {
      clearIsolateCaches();
      const { env: counting, costs } = countingEnv();
      expect((await open(token, address, { env: counting })).status).toBe(200);
      expect(costs).toMatchObject({ reads: 2, writeBatches: 0 });
    }
  });

  it("R235 who is blocked until the minute's end costs what others cost, and for long no database once the isolate knows, and one read before", async () => {
    const { token } = await newLink();
    const address = newAddress();
    await guess(31, address);
    const costOf = async () => {
      const { env: counting, costs } = countingEnv();
      for (const one of [token, "x", `00000000${tail()}`]) {
        expect((await open(one, address, { env: counting })).status).toBe(429);
      }
      return costs;
    };
    expect(await costOf()).toMatchObject({ reads: 3, writeBatches: 0 });
    clearIsolateCaches();
    expect(await costOf()).toMatchObject({ reads: 3, writeBatches: 0 });
    await guess(100, address);
    expect(await costOf()).toMatchObject({ reads: 0, writeBatches: 0 });
    clearIsolateCaches();
    expect(await costOf()).toMatchObject({ reads: 1, writeBatches: 0 });
  });

  it("R235 a long block asks no Durable Object", async () => {
    const { token } = await newLink();
    const address = newAddress();
    await guess(100, address);
    const GUESS_GUARD = { getByName: () => expect.unreachable() };
    const without = { ...env, GUESS_GUARD } as unknown as Cloudflare.Env;
    for (const one of [token, "x"]) expectRefused(await open(one, address, { env: without }), 900);
  });
});

describe("an object that does not answer, or as another version would", () => {
  it.each([
    ["does not answer", () => Promise.reject(new Error("overloaded"))],
    ["has no such method", undefined],
    ["answers something else", async () => ({})],
  ])("R235 %s: the token is answered as it is, and that is logged", async (_, count) => {
    const { token } = await newLink();
    const address = newAddress();
    const logged = vi.spyOn(console, "log").mockImplementation(() => {});
    const broken = { ...env, GUESS_GUARD: { getByName: () => ({ count }) } } as unknown as Cloudflare.Env;
    expect((await open("x", address, { env: broken })).status).toBe(404);
    expect((await open(token, address, { env: broken })).status).toBe(200);
    expect(logged.mock.calls.map(([{ msg }]) => msg)).toContain("guess not counted");
  });
});

describe("the sweep", () => {
  const networks = (prefix: string) =>
    env.CONTROL_DB.prepare("select count(*) as rows from blocked_networks where network like ?")
      .bind(`${prefix}%`)
      .first<number>("rows");

  const addBlocks = (prefix: string, count: number, until: number) =>
    env.CONTROL_DB.prepare(
      `with recursive n(i) as (select 1 union all select i + 1 from n where i < ?2)
       insert into blocked_networks select ?1 || i, ?3 from n`,
    )
      .bind(prefix, count, until)
      .run();

  it("R235 forgets blocks that are over, in slices, and no other", async () => {
    const prefix = crypto.randomUUID();
    await addBlocks(prefix, 1200, start);
    await addBlocks(`${prefix}-kept-`, 1, start + 1);
    const ctx = buildContext(env, "req_test", start);
    expect(await sweepBlocks(ctx)).toBeGreaterThanOrEqual(1200);
    expect(await networks(prefix)).toBe(1);
    expect(await sweepBlocks(ctx)).toBe(0);
    await runSchedule(env, start + 1);
    expect(await networks(prefix)).toBe(0);
  });

  it("R235 takes 5,000 a minute at most", async () => {
    const prefix = crypto.randomUUID();
    const ctx = buildContext(env, "req_test", start - minute);
    await sweepBlocks(ctx);
    await addBlocks(prefix, 5100, start - minute);
    expect(await sweepBlocks(ctx)).toBe(5000);
    expect(await networks(prefix)).toBe(100);
    expect(await sweepBlocks(ctx)).toBe(100);
  });
});
