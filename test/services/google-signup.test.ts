import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { buildContext } from "../../src/context";
import { prefillsMax } from "../../src/services/google-signup/store-prefill";
import { sweepPrefills } from "../../src/services/google-signup/sweep-prefills";
import { purgeTenantSlice } from "../../src/services/tenants/purge";
import { runSchedule } from "../../src/schedule";
import { adminToken, call, type TestTenant } from "../support/api";
import {
  encodeProfile,
  newPrefill,
  newSignupTenant,
  postSignup,
  prefillOf,
  redeem,
  site,
  zoe,
} from "../support/signup";

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const encoded = encodeProfile(zoe);

/** Further rows of a tenant that expire at the given time. */
const addPrefills = ({ id }: TestTenant, count: number, expiresAt: number) =>
  env.DATA_DB.prepare(
    `with recursive n(i) as (select 1 union all select i + 1 from n where i < ?2)
     insert into signup_prefills select ?1, printf('%064d', i + ?3), '{}', ?3 from n`,
  )
    .bind(id, count, expiresAt)
    .run();

const countOf = async ({ id }: TestTenant): Promise<number> =>
  (await env.DATA_DB.prepare("select count(*) as rows from signup_prefills where tenant_id = ?")
    .bind(id)
    .first<number>("rows"))!;

const contextAt = (now: number) => buildContext(env as unknown as Env, "req_test", now);

describe("prefills that wait", () => {
  it("R273 are 1,000 of a tenant at most; beyond them people are led on without values, and that is logged", async () => {
    const [tenant, other] = [
      await newSignupTenant({ signupPrefill: "token" }),
      await newSignupTenant({ signupPrefill: "token" }),
    ];
    await addPrefills(tenant, prefillsMax - 1, Date.now() + 60_000);
    // What has expired waits no more.
    await addPrefills(tenant, 5, Date.now() - 1);
    const last = await postSignup(tenant, { userProfile: encoded });
    expect(prefillOf(last)).toHaveLength(32);

    const lines: string[] = [];
    vi.spyOn(console, "log").mockImplementation((...entries: unknown[]) => void lines.push(JSON.stringify(entries)));
    const beyond = await postSignup(tenant, { userProfile: encoded }, { url: "/join" });
    expect(beyond.status).toBe(303);
    expect(beyond.headers.get("location")).toBe(`${site}/join`);
    const told = lines.filter((line) => line.includes("too many sign-up prefills are waiting"));
    expect(told).toHaveLength(1);
    expect(told[0]).toContain(tenant.id);
    for (const value of ["Zoë", "Winter", "zoe@example.com", encoded]) expect(lines.join("\n")).not.toContain(value);

    expect(prefillOf(await postSignup(other, { userProfile: encoded }))).toHaveLength(32);
    expect((await redeem(tenant, prefillOf(last))).status).toBe(200);
    expect(prefillOf(await postSignup(tenant, { userProfile: encoded }))).toHaveLength(32);
  });

  it("R273 stay 1,000 when many come at once", async () => {
    const tenant = await newSignupTenant({ signupPrefill: "token" });
    await addPrefills(tenant, prefillsMax - 3, Date.now() + 60_000);
    const answers = await Promise.all(Array.from({ length: 12 }, () => postSignup(tenant, { userProfile: encoded })));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 12 }, () => 303));
    expect(answers.filter((answer) => prefillOf(answer) !== null)).toHaveLength(3);
    expect(await countOf(tenant)).toBe(prefillsMax);
  });
});

describe("prefills that expired", () => {
  it("R273 are swept in slices, at most 5,000 a run, and those that are good stay", async () => {
    const [{ tenant: fresh, token }, tenant] = [await newPrefill(), await newSignupTenant()];
    const now = Date.now();
    await addPrefills(tenant, 5_600, now - 60_000);
    const before = await countOf(tenant);
    let swept = 0;
    let runs = 0;
    for (let erased = -1; erased !== 0; runs += 1) {
      erased = await sweepPrefills(contextAt(now));
      expect(erased).toBeLessThanOrEqual(5_000);
      swept += erased;
    }
    expect(runs).toBeGreaterThan(2);
    expect(swept).toBeGreaterThanOrEqual(before);
    expect(await countOf(tenant)).toBe(0);
    expect(await countOf(fresh)).toBe(1);
    expect((await redeem(fresh, token)).status).toBe(200);
  });

  it("R273 are swept by cron, and its log counts them", async () => {
    const { tenant } = await newPrefill();
    const expired = Date.now() + 10 * 60_000 + 1;
    const lines: string[] = [];
    vi.spyOn(console, "log").mockImplementation((...entries: unknown[]) => void lines.push(JSON.stringify(entries)));
    await runSchedule(env as unknown as Env, expired);
    expect(await countOf(tenant)).toBe(0);
    expect(lines.find((line) => line.includes('"msg":"schedule"'))).toMatch(/"signupPrefills":[1-9]/);
  });
});

describe("prefills of a tenant that is deleted", () => {
  async function erase({ id }: TestTenant): Promise<void> {
    const MAINTENANCE_QUEUE = { send: async () => {} };
    const quiet = { ...env, MAINTENANCE_QUEUE } as unknown as Cloudflare.Env;
    expect((await call("DELETE", `/admin/tenants/${id}`, { token: adminToken, env: quiet })).status).toBe(202);
    while (!(await purgeTenantSlice(contextAt(Date.now()), id)).done);
  }

  it("R226 go with it", async () => {
    const { tenant, token } = await newPrefill();
    await erase(tenant);
    expect(await countOf(tenant)).toBe(0);
    expect((await redeem(tenant, token)).status).toBe(404);
  });

  it("R226 do not come after it, if it was deleted and purged while a person was led on", async () => {
    const tenant = await newSignupTenant({ signupPrefill: "token" });
    let inserts = 0;
    const DATA_DB = {
      prepare: (statement: string) => {
        const prepared = env.DATA_DB.prepare(statement);
        if (!statement.includes("insert into")) return prepared;
        return {
          bind: (...values: unknown[]) => ({
            run: async () => {
              inserts += 1;
              await erase(tenant);
              return prepared.bind(...values).run();
            },
          }),
        };
      },
      batch: (statements: D1PreparedStatement[]) => env.DATA_DB.batch(statements),
    };
    const bindings = { ...env, DATA_DB } as unknown as Cloudflare.Env;
    const answer = await postSignup(tenant, { userProfile: encoded }, {}, { env: bindings });
    expect(answer.headers.get("location")).toBe(site);
    expect(inserts).toBe(1);
    expect(await countOf(tenant)).toBe(0);
  });
});
