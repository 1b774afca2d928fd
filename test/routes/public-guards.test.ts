import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { NonceLedger } from "../../src/durable-objects/nonce-ledger";
import { publicLimits, type PublicGuard } from "../../src/services/public-limits";
import { call, newPass, newTemplate, newTenant, type Answer } from "../support/api";
import { callbackPath } from "../support/callbacks";
import { countingEnv } from "../support/costs";
import { applePass, fetchPass, heldPass, newDevice, passPath } from "../support/device";
import { exhaustedGuards, from, limitedEnv, newAddress } from "../support/guards";
import {
  encodeProfile,
  getSignup,
  newSignupTenant,
  postSignup,
  prefillOf,
  redeem,
  signupPath,
  zoe,
} from "../support/signup";

afterEach(() => {
  vi.restoreAllMocks();
});

const linkOf = ({ links }: { links: { page: string } }) => links.page.split("/").at(-1)!;

async function newInstalled() {
  const tenant = await newTenant();
  const pass = await newPass(tenant);
  return { tenant, pass, token: linkOf(pass), held: await heldPass(tenant, pass.id) };
}

function expectProblem(answer: Answer) {
  expect(answer.status, answer.text).toBe(429);
  expect(answer.headers.get("retry-after")).toBe("60");
  expect(answer.headers.get("content-type")).toBe("application/problem+json");
  expect(answer.body).toMatchObject({
    type: "https://api.example.com/problems/rate-limited",
    status: 429,
    code: "rate_limited",
    detail: "There were too many requests like this one.",
  });
}

function expectPage(answer: Answer, language: string, title: string) {
  expect(answer.status, answer.text).toBe(429);
  expect(answer.headers.get("retry-after")).toBe("60");
  expect(answer.headers.get("content-type")).toMatch(/^text\/html/);
  expect(answer.headers.get("cache-control")).toBe("no-store");
  expect(answer.text).toContain(`lang="${language}"`);
  expect(answer.text).toContain(title);
}

describe("links", { timeout: 20_000 }, () => {
  it("R234 a link can be opened so often, from wherever; beyond that people see a page and programs a problem", async () => {
    const { tenant, token } = await newInstalled();
    const other = linkOf(await newPass(tenant));
    const { env } = limitedEnv({ link: 3 });
    const paths = [`/p/${token}`, `/p/${token}/apple`, `/p/${token}/google`];
    for (const path of paths) {
      expect((await call("GET", path, { env, headers: from(newAddress()) })).status).toBeLessThan(400);
    }
    const [page, apple, google] = paths as [string, string, string];
    expectPage(await call("GET", page, { env }), "en", "Too many requests");
    const german = { "accept-language": "de-AT,de;q=0.9,en;q=0.8" };
    expectPage(await call("GET", google, { env, headers: german }), "de", "Zu viele Anfragen");
    expectProblem(await call("GET", apple, { env }));
    expect((await call("GET", `/p/${other}/apple`, { env })).status).toBe(200);
  });

  it("R234 a network can open so many links; another one is not concerned, and neither is who has no address", async () => {
    const { tenant, token } = await newInstalled();
    const other = linkOf(await newPass(tenant));
    const { env } = limitedEnv({ linkNetwork: 2 });
    const [one, two] = [newAddress(), newAddress()];
    const open = (link: string, address: string | null) =>
      call("GET", `/p/${link}/apple`, { env, headers: address === null ? {} : from(address) });
    for (const link of [token, other]) expect((await open(link, one)).status).toBe(200);
    for (const link of [token, other, "x"]) expectProblem(await open(link, one));
    expect((await open(token, two)).status).toBe(200);
    expect((await open(token, null)).status).toBe(200);
  });

  it("R234 the addresses of an IPv6 /64 are one network", async () => {
    const { token } = await newInstalled();
    const { env, asked } = limitedEnv({ linkNetwork: 1 });
    const open = (address: string) => call("GET", `/p/${token}/apple`, { env, headers: from(address) });
    expect((await open("2001:db8:5:6::1")).status).toBe(200);
    expectProblem(await open("2001:db8:5:6:ffff::2"));
    expect((await open("2001:db8:5:7::1")).status).toBe(200);
    expect(asked.linkNetwork).toEqual(["2001:db8:5:6::/64", "2001:db8:5:6::/64", "2001:db8:5:7::/64"]);
  });

  it("R234 what is no token is counted under no link", async () => {
    const { env, asked } = limitedEnv({});
    await call("GET", "/p/x/apple", { env, headers: from("192.0.2.1") });
    expect(asked).toMatchObject({ link: [], linkNetwork: ["192.0.2.1"] });
  });
});

describe("Apple's web service", { timeout: 20_000 }, () => {
  it("R234 a device can call so often; another one is not concerned", async () => {
    const { held } = await newInstalled();
    const { env } = limitedEnv({ device: 3 });
    const [device, other] = [newDevice(), newDevice()];
    expect((await device.register(held, { env })).status).toBe(201);
    expect((await device.list(held, undefined, { env })).status).toBe(200);
    expect((await device.unregister(held, { env })).status).toBe(200);
    for (const answer of [
      await device.register(held, { env }),
      await device.list(held, undefined, { env }),
      await device.unregister(held, { env }),
    ]) {
      expectProblem(answer);
    }
    expect((await other.register(held, { env })).status).toBe(201);
  });

  it("R234 a pass can be fetched so often from one network, which keeps no phone elsewhere from it", async () => {
    const { tenant, held } = await newInstalled();
    const second = await heldPass(tenant, (await newPass(tenant)).id);
    const { env } = limitedEnv({ devicePass: 2 });
    const [one, two] = [from(newAddress()), from(newAddress())];
    // Whoever reads a serial number in a barcode can ask, but without the token.
    for (let time = 0; time < 2; time += 1) {
      expect((await fetchPass(held, { ...one, authorization: "ApplePass wrong" }, { env })).status).toBe(401);
    }
    expectProblem(await fetchPass(held, one, { env }));
    const enrol = { body: {}, headers: { ...applePass(held), ...one }, env };
    expectProblem(await call("POST", `${passPath(held)}/personalize`, enrol));
    expect((await fetchPass(held, two, { env })).status).toBe(200);
    expect((await fetchPass(second, one, { env })).status).toBe(200);
  });

  it("R234 a network can call so often, whatever devices and passes it names", async () => {
    const { held } = await newInstalled();
    const { env } = limitedEnv({ deviceNetwork: 4 });
    const [one, two] = [from(newAddress()), from(newAddress())];
    const log = (headers: Record<string, string>) => call("POST", `${held.base}/log`, { body: {}, headers, env });
    const register = (headers: Record<string, string>) =>
      newDevice().register(held, { env, headers: { ...applePass(held), ...headers } });
    const list = (headers: Record<string, string>) => newDevice().list(held, undefined, { env, headers });
    const fetch = (headers: Record<string, string>) => fetchPass(held, headers, { env });
    const calls = [log, register, list, fetch];
    for (const request of calls) expect((await request(one)).status).toBeLessThan(400);
    for (const request of calls) expectProblem(await request(one));
    for (const request of calls) expect((await request(two)).status).toBeLessThan(400);
  });
});

describe("Google's callbacks", { timeout: 20_000 }, () => {
  const refusalsOf = async (tenant: { id: string }) => {
    const ledger = env.NONCE_LEDGER.getByName(tenant.id) as unknown as DurableObjectStub<NonceLedger>;
    return (await ledger.refusals()).map(({ reason, count }) => [reason, count]);
  };

  it("R234 a network can send so many to an account; others, and other accounts, are not concerned", async () => {
    const [tenant, other] = [await newTenant(), await newTenant()];
    const { env } = limitedEnv({ callback: 2 });
    const [one, two] = [from(newAddress()), from(newAddress())];
    const send = (to: { id: string }, headers: Record<string, string>) =>
      call("POST", callbackPath(to), { body: "not JSON", headers, env });
    for (let time = 0; time < 2; time += 1) expect((await send(tenant, one)).status).toBe(400);
    expectProblem(await send(tenant, one));
    expect((await send(other, one)).status).toBe(400);
    expect((await send(tenant, two)).status).toBe(400);
    expect(await refusalsOf(tenant)).toEqual([["not_json", 3]]);
  });

  it("R234 so many that are refused are counted for an account, and the rest answered alike", async () => {
    const [tenant, other] = [await newTenant(), await newTenant()];
    const { env } = limitedEnv({ refusedCallback: 2 });
    for (let time = 0; time < 4; time += 1) {
      expect((await call("POST", callbackPath(tenant), { body: "not JSON", env })).status).toBe(400);
    }
    expect((await call("POST", callbackPath(other), { body: "not JSON", env })).status).toBe(400);
    expect(await refusalsOf(tenant)).toEqual([["not_json", 2]]);
    expect(await refusalsOf(other)).toEqual([["not_json", 1]]);
  });
});

describe("the way to a sign-up page", { timeout: 20_000 }, () => {
  const profile = { userProfile: encodeProfile(zoe) };

  it("R234 a network can open it so often; a person sees a page, a program a problem", async () => {
    const tenant = await newSignupTenant();
    const { env } = limitedEnv({ signup: 3 });
    const one = from(newAddress());
    expect((await getSignup(tenant, {}, { env, headers: one })).status).toBe(302);
    expect((await postSignup(tenant, profile, {}, { env, headers: one })).status).toBe(303);
    expect((await redeem(tenant, "none", { env, headers: one })).status).toBe(404);
    const french = { ...one, accept: "text/html", "accept-language": "fr" };
    expectPage(await getSignup(tenant, {}, { env, headers: french }), "fr", "Trop de demandes");
    expectPage(await postSignup(tenant, profile, {}, { env, headers: french }), "fr", "Trop de demandes");
    expectProblem(await getSignup(tenant, {}, { env, headers: one }));
    expectProblem(await postSignup(tenant, profile, {}, { env, headers: one }));
    expectProblem(await redeem(tenant, "none", { env, headers: one }));
    const two = from(newAddress());
    expect((await getSignup(tenant, {}, { env, headers: two })).status).toBe(302);
  });

  it("R234 a network that floods it gets empty forms, and the next person's form is filled in", async () => {
    const tenant = await newSignupTenant({ signupPrefill: "token" });
    const { perMinute } = publicLimits.prefill;
    const { env } = limitedEnv({ prefill: perMinute });
    const open = (address: string | null) =>
      postSignup(tenant, profile, {}, { env, headers: address === null ? {} : from(address) });
    const flooder = newAddress();
    for (let time = 0; time < perMinute; time += 1) expect(prefillOf(await open(flooder))).toMatch(/^\w{32}$/);
    for (let time = 0; time < 30; time += 1) {
      const answer = await open(flooder);
      expect(answer.status).toBe(303);
      expect(prefillOf(answer)).toBeNull();
    }
    for (const address of [newAddress(), null]) {
      const token = prefillOf(await open(address))!;
      expect((await redeem(tenant, token)).body).toMatchObject({ firstName: "Zoë" });
    }
    // For as long as prefills wait, one network has less than a third of the room.
    expect(perMinute * 10).toBeLessThan(1000 / 3);
  });

  it("R234 counts prefills only where a token would be made", async () => {
    const [inQuery, byToken] = [await newSignupTenant(), await newSignupTenant({ signupPrefill: "token" })];
    const { env, asked } = limitedEnv({});
    const headers = from("192.0.2.1");
    await postSignup(inQuery, profile, {}, { env, headers });
    await getSignup(byToken, {}, { env, headers });
    await call("HEAD", signupPath(byToken, profile), { env, headers });
    expect(asked.prefill).toEqual([]);
    await postSignup(byToken, profile, {}, { env, headers });
    expect(asked.prefill).toEqual([`${byToken.id} 192.0.2.1`]);
  });
});

describe("pictures and the home page", { timeout: 20_000 }, () => {
  it("R234 a network can load so many pictures, of whatever size", async () => {
    const tenant = await newTenant();
    const template = (await tenant.get(`/v2/templates/${await newTemplate(tenant)}`)).body;
    const id: string = template.images.icon["1x"];
    const { env } = limitedEnv({ image: 2 });
    const paths = [`/images/${tenant.code}/${id}.png`, `/images/${tenant.code}/${id}/icon@2x.png`];
    const [one, two] = [from(newAddress()), from(newAddress())];
    for (const path of paths) expect((await call("GET", path, { env, headers: one })).status).not.toBe(429);
    for (const path of paths) expectProblem(await call("GET", path, { env, headers: one }));
    expect((await call("GET", paths[0]!, { env, headers: two })).status).toBe(200);
  });

  it("R234 a network can open the home page of a sandbox, and its certificate, so often", async () => {
    const { env } = limitedEnv({ home: 2 });
    const [one, two] = [from(newAddress()), from(newAddress())];
    for (const path of ["/", "/sandbox/authority.pem"]) {
      expect((await call("GET", path, { env, headers: one })).status).toBe(200);
    }
    for (const path of ["/", "/sandbox/authority.pem"]) expectProblem(await call("GET", path, { env, headers: one }));
    expect((await call("GET", "/", { env, headers: two })).status).toBe(200);
  });
});

describe("guards", { timeout: 20_000 }, () => {
  it("R234 what is beyond one costs no database", async () => {
    const { tenant, token, held } = await newInstalled();
    const counting = countingEnv();
    const bindings = { ...exhaustedGuards(), CONTROL_DB: counting.env.CONTROL_DB, DATA_DB: counting.env.DATA_DB };
    const options = { env: bindings as Cloudflare.Env, headers: from(newAddress()) };
    const answers = [
      await call("GET", `/p/${token}`, options),
      await call("GET", `/p/${token}/apple`, options),
      await fetchPass(held, options.headers, { env: options.env }),
      await newDevice().list(held, undefined, options),
      await call("POST", callbackPath(tenant), { ...options, body: "{}" }),
      await getSignup(tenant, {}, options),
      await redeem(tenant, "token", options),
      await call("GET", `/images/${tenant.code}/img_00000000000000000000000000.png`, options),
      await call("GET", "/", options),
    ];
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 429));
    expect(counting.costs).toEqual({ reads: 0, writeBatches: 0, rowsRead: 0, rowsWritten: 0 });
  });

  it("R234 none is asked for who has a key or asks for the documentation", async () => {
    const tenant = await newTenant();
    const options = { env: exhaustedGuards(), headers: from(newAddress()) };
    for (const path of ["/v2/account", "/v2/openapi.json", "/docs", "/problems/rate-limited", "/robots.txt"]) {
      expect((await tenant.get(path, options)).status, path).toBe(200);
    }
  });

  it.each([
    ["fails", { limit: () => Promise.reject(new Error("no such namespace: secret")) }],
    ["is missing", undefined],
  ])("R234 one that %s lets everybody in, and says so in the log", async (_, binding) => {
    const { token } = await newInstalled();
    const bindings = Object.values(publicLimits).map(({ binding: name }) => [name, binding]);
    const broken = { ...env, ...Object.fromEntries(bindings) } as Cloudflare.Env;
    const logged = vi.spyOn(console, "log").mockImplementation(() => {});
    expect((await call("GET", `/p/${token}/apple`, { env: broken, headers: from(newAddress()) })).status).toBe(200);
    const lines = logged.mock.calls.map(([line]) => line).filter(({ msg }) => msg === "guard did not answer");
    expect(lines.map(({ level, guard }) => [level, guard])).toEqual([
      ["error", "link"],
      ["error", "linkNetwork"],
    ]);
    expect(JSON.stringify(lines)).not.toContain("secret");
  });

  it("R234 a flood is one line of the log a minute, which names the guard and neither token nor address", async () => {
    const { token } = await newInstalled();
    const address = newAddress();
    const logged = vi.spyOn(console, "log").mockImplementation(() => {});
    vi.useFakeTimers({ toFake: ["Date"], now: Date.parse("2040-01-01T00:00:00Z") });
    try {
      const options = { env: limitedEnv({ link: 0 }).env, headers: from(address) };
      for (let time = 0; time < 5; time += 1) expectProblem(await call("GET", `/p/${token}/apple`, options));
      vi.setSystemTime(Date.now() + 60_000);
      expectProblem(await call("GET", `/p/${token}/apple`, options));
    } finally {
      vi.useRealTimers();
    }
    const lines = logged.mock.calls.map(([line]) => line).filter(({ msg }) => msg === "guard tripped");
    expect(lines.map(({ level, guard }) => [level, guard])).toEqual([
      ["warn", "link"],
      ["warn", "link"],
    ]);
    const everything = JSON.stringify(logged.mock.calls);
    expect(everything).not.toContain(token);
    expect(everything).not.toContain(address);
  });

  /** The runtime's minutes turn by the real clock: so many calls in a row meet at most two of them. */
  it.each(["prefill", "deviceLogNetwork"] satisfies PublicGuard[])(
    "R234 %s is bound to what counts so many of a key in a minute",
    async (guard) => {
      const { binding, perMinute } = publicLimits[guard];
      const key = crypto.randomUUID();
      const outcomes: boolean[] = [];
      for (let time = 0; time < 2 * perMinute + 1; time += 1) {
        outcomes.push((await env[binding].limit({ key })).success);
      }
      expect(outcomes.slice(0, perMinute)).toEqual(Array(perMinute).fill(true));
      expect(outcomes).toContain(false);
      expect(await env[binding].limit({ key: crypto.randomUUID() })).toEqual({ success: true });
    },
  );
});
