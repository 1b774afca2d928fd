import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { idPattern } from "../../src/db/ids";
import { continueTrace, traceparentOf } from "../../src/http/trace";
import { app, baseUrl, call, newPass, newTenant } from "../support/api";
import { applePass, fetchPass, heldPass, newDevice, passPath, registrationPath } from "../support/device";
import { deliver, newGoogle, saveLink } from "../support/google";

/** The examples of W3C Trace Context, level 1. */
const traceId = "0af7651916cd43dd8448eb211c80319c";
const parentId = "b7ad6b7169203331";
const good = `00-${traceId}-${parentId}-01`;

/** 1, 2, 3 and so on. */
function counting() {
  let next = 0;
  return (length: number) => Uint8Array.from({ length }, () => (next += 1));
}
const fresh = { traceId: "0102030405060708090a0b0c0d0e0f10", spanId: "1112131415161718", sampled: true };
const continued = (sampled: boolean) => ({ traceId, spanId: "0102030405060708", sampled });

describe("traceparent", () => {
  it.each([
    ["sampled", good, true],
    ["not sampled", `00-${traceId}-${parentId}-00`, false],
    ["flags of which one is known", `00-${traceId}-${parentId}-ff`, true],
    ["flags of which none is known", `00-${traceId}-${parentId}-fe`, false],
    ["a later version", `cc-${traceId}-${parentId}-01`, true],
    ["a later version with more fields", `cc-${traceId}-${parentId}-01-what-the-future-will-be-like`, true],
    ["a later version with an empty one", `01-${traceId}-${parentId}-01-`, true],
    ["an id with zeros in it", `00-${"0".repeat(31)}1-${"0".repeat(15)}1-01`, true],
  ])("R219 goes on with %s", (_, header, sampled) => {
    const trace = continueTrace(header, null, counting());
    expect(trace).toEqual({ ...continued(sampled), traceId: header.slice(3, 35), tracestate: null });
    expect(traceparentOf(trace)).toBe(`00-${header.slice(3, 35)}-0102030405060708-${sampled ? "01" : "00"}`);
  });

  it.each([
    ["nothing", null],
    ["an empty text", ""],
    ["version ff", `ff-${traceId}-${parentId}-01`],
    ["an unhex version", `0g-${traceId}-${parentId}-01`],
    ["a short version", `0-${traceId}-${parentId}-01`],
    ["a trace of zeros", `00-${"0".repeat(32)}-${parentId}-01`],
    ["a parent of zeros", `00-${traceId}-${"0".repeat(16)}-01`],
    ["capitals", good.toUpperCase()],
    ["a short trace", `00-${traceId.slice(1)}-${parentId}-01`],
    ["a long trace", `00-0${traceId}-${parentId}-01`],
    ["a short parent", `00-${traceId}-${parentId.slice(1)}-01`],
    ["an unhex parent", `00-${traceId}-${parentId.slice(1)}g-01`],
    ["no flags", `00-${traceId}-${parentId}`],
    ["short flags", `00-${traceId}-${parentId}-1`],
    ["unhex flags", `00-${traceId}-${parentId}-0x`],
    ["more fields than version 00 has", `${good}-00`],
    ["anything behind version 00", `${good}.`],
    ["anything behind a later version that is no field", `01-${traceId}-${parentId}-01.00`],
    ["two of them", `${good}, ${good}`],
    ["something before it", ` ${good}`],
    ["a line break", `${good}\n`],
    ["a text without end", `cc-${traceId}-${parentId}-01${"\n".repeat(3)}`],
  ])("R219 begins a trace instead of %s", (_, header) => {
    expect(continueTrace(header, "vendor=1", counting())).toEqual({ ...fresh, tracestate: null });
  });

  it("R219 begins another trace each time", () => {
    const traces = Array.from({ length: 100 }, () => continueTrace(null));
    expect(new Set(traces.map((trace) => trace.traceId)).size).toBe(100);
    expect(new Set(traces.map((trace) => trace.spanId)).size).toBe(100);
    for (const trace of traces) expect(traceparentOf(trace)).toMatch(/^00-[\da-f]{32}-[\da-f]{16}-01$/);
  });
});

describe("tracestate", () => {
  const longKey = "k".repeat(256);
  it.each([
    ["one member", "congo=t61rcWkgMzE"],
    ["two", "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE"],
    ["spaces between them", "a=1 , \tb=2"],
    ["empty members", "a=1,,b=2,"],
    ["a tenant's key", "fw529a3039@dt=FfAAAAJ0"],
    ["all that a key can be", "a_-*/9=1"],
    ["a key of 256 characters", `${longKey}=1`],
    ["a space within a value", "a= 1 2"],
    ["32 members", Array.from({ length: 32 }, (__, index) => `k${index}=1`).join(",")],
    ["512 characters", `a=${"x".repeat(250)},b=${"x".repeat(257 - 1)},`.padEnd(512, ",").slice(0, 512)],
  ])("R219 hands on %s", (_, tracestate) => {
    expect(continueTrace(good, tracestate).tracestate).toBe(tracestate);
  });

  it.each([
    ["nothing", ""],
    ["commas alone", ",,"],
    ["a member without a value", "a"],
    ["an empty value", "a="],
    ["an empty key", "=1"],
    ["capitals in a key", "Congo=1"],
    ["a key with a digit first", "1a=1"],
    ["a tenant without a vendor", "fw5@=1"],
    ["two tenants", "a@b@c=1"],
    ["a key of 257 characters", `${longKey}k=1`],
    ["a value with an equals sign", "a=1=2"],
    ["a value of 257 characters", `a=${"x".repeat(257)}`],
    ["what is not ASCII", "a=ü"],
    ["a line break", "a=1\nb"],
    ["the same key twice", "a=1,b=2,a=3"],
    ["33 members", Array.from({ length: 33 }, (__, index) => `k${index}=1`).join(",")],
    ["more than 512 characters", Array.from({ length: 3 }, (__, index) => `k${index}=${"x".repeat(200)}`).join(",")],
  ])("R219 drops %s, and goes on with the trace", (_, tracestate) => {
    expect(continueTrace(good, tracestate)).toMatchObject({ traceId, tracestate: null });
  });
});

describe("every answer", () => {
  async function answered(url: string, init: RequestInit = {}, where: Cloudflare.Env = env): Promise<Response> {
    const ctx = createExecutionContext();
    const response = await app.fetch(new Request(url, init), where, ctx);
    await waitOnExecutionContext(ctx);
    await response.arrayBuffer();
    return response;
  }

  let lines: Record<string, any>[] = [];
  beforeEach(() => {
    lines = [];
    for (const level of ["log", "error", "warn"] as const)
      vi.spyOn(console, level).mockImplementation((entry: Record<string, any>) => void lines.push(entry));
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it("R219 has an id of ours and the caller's trace, whatever is answered", async () => {
    const tenant = await newTenant();
    const pass = await newPass(tenant);
    const authorization = `Bearer ${tenant.token}`;
    const broken = { ...env, ENVIRONMENT: "elsewhere" } as unknown as Cloudflare.Env;
    const production = { ...env, ENVIRONMENT: "production" } as unknown as Cloudflare.Env;
    const page = pass.links.page as string;
    const held = await heldPass(tenant, pass.id);
    const device = newDevice();
    await device.register(held);
    const etag = (await fetchPass(held)).headers.get("etag")!;
    const cases: [what: string, status: number, path: string, init?: RequestInit, where?: Cloudflare.Env][] = [
      ["JSON", 200, "/v2/account", { headers: { authorization } }],
      ["HEAD", 200, "/v2/account", { method: "HEAD", headers: { authorization } }],
      ["a document", 200, "/v2/openapi.json"],
      ["a page", 200, new URL(page).pathname],
      ["the home page", 200, "/"],
      ["health", 200, "/healthz"],
      ["no content", 200, "/robots.txt"],
      ["not modified", 304, passPath(held), { headers: { ...applePass(held), "if-none-match": etag } }],
      ["a redirect", 308, "http", {}, production],
      [
        "malformed",
        400,
        "/v2/passes",
        { method: "POST", headers: { authorization, "content-type": "application/json" }, body: "{" },
      ],
      ["no credential", 401, "/v2/account"],
      ["no such path", 404, "/nothing"],
      ["no such object", 404, "/v2/passes/x", { headers: { authorization } }],
      ["no such page", 404, "/p/00000000zzzzzzzzzzzzzzzz"],
      ["another method", 405, "/v2/account", { method: "DELETE", headers: { authorization } }],
      ["a device", 401, registrationPath(held, device.id), { method: "DELETE" }],
      [
        "a media type",
        415,
        "/v2/passes",
        { method: "POST", headers: { authorization, "content-type": "text/csv" }, body: "a" },
      ],
      [
        "a fault",
        500,
        "/v2/account",
        { headers: { authorization } },
        { ...env, DATA_DB: {} } as unknown as Cloudflare.Env,
      ],
      ["a deployment that is not configured", 500, "/v2/account", { headers: { authorization } }, broken],
    ];
    const seen = new Set<string>();
    for (const [what, status, path, init = {}, where = env] of cases) {
      lines = [];
      const headers = new Headers(init.headers);
      headers.set("traceparent", good);
      headers.set("x-request-id", "req_01JGFJJZ001KX9D4T7CQ0VBM3H");
      const url = path === "http" ? "http://api.example.com/docs" : `${baseUrl}${path}`;
      const response = await answered(url, { ...init, headers, redirect: "manual" }, where);
      expect(response.status, what).toBe(status);
      const requestId = response.headers.get("x-request-id")!;
      expect(requestId, what).toMatch(idPattern("req"));
      expect(response.headers.get("traceparent"), what).toMatch(
        new RegExp(`^00-${traceId}-(?!${parentId})[\\da-f]{16}-01$`),
      );
      expect(lines.filter(({ msg }) => msg === "request")).toMatchObject([{ requestId, traceId, status }]);
      for (const line of lines) expect(line.requestId, JSON.stringify(line)).toBe(requestId);
      seen.add(requestId);
    }
    expect(seen.size).toBe(cases.length);
    expect(seen).not.toContain("req_01JGFJJZ001KX9D4T7CQ0VBM3H");
  });

  it("R219 begins a trace where the caller has none", async () => {
    const [first, second] = [await answered(`${baseUrl}/healthz`), await answered(`${baseUrl}/healthz`)];
    for (const { headers } of [first, second])
      expect(headers.get("traceparent")).toMatch(/^00-[\da-f]{32}-[\da-f]{16}-01$/);
    expect(first!.headers.get("traceparent")).not.toBe(second!.headers.get("traceparent"));
  });

  it("R219 believes no ray that Cloudflare cannot have written", async () => {
    await answered(`${baseUrl}/healthz`, { headers: { "cf-ray": "8d2f0c1a2b3c4d5e-FRA" } });
    await answered(`${baseUrl}/healthz`, { headers: { "cf-ray": "Ottilie" } });
    expect(lines.map(({ rayId }) => rayId)).toEqual(["8d2f0c1a2b3c4d5e-FRA", undefined]);
  });

  it("R219 of a change, its message, what the queue then does and what Google hears are one trace", async () => {
    const google = newGoogle(listening(heard));
    const tenant = await newTenant();
    const pass = await newPass(tenant);
    await saveLink(pass, google.env);
    const headers = { traceparent: good, tracestate: "congo=t61rcWkgMzE" };
    const answer = await tenant.patch(`/v2/passes/${pass.id}`, { values: { points: 7 } }, { env: google.env, headers });
    const [requestId, traceparent] = [answer.headers.get("x-request-id"), answer.headers.get("traceparent")];
    expect(google.messages).toEqual([{ tenantId: tenant.id, passId: pass.id, requestId, traceparent }]);
    const { data } = (await tenant.get("/v2/events?limit=1")).body;
    expect(data[0]).toMatchObject({ type: "pass.updated", requestId });
    heard.length = 0;
    lines = [];
    await google.drain();
    expect(heard.length).toBeGreaterThan(0);
    for (const one of heard) expect(one.traceparent).toMatch(new RegExp(`^00-${traceId}-[\\da-f]{16}-01$`));
    expect(lines).toMatchObject([{ msg: "queue message", outcome: "done", requestId, traceId }]);
  });

  it("R219 hands on what other vendors say of the trace to Google, and to nobody without a trace", async () => {
    const tenant = await newTenant();
    for (const [headers, tracestate] of [
      [{ traceparent: good, tracestate: "congo=t61rcWkgMzE" }, "congo=t61rcWkgMzE"],
      [{ traceparent: good, tracestate: "Congo" }, null],
      [{ tracestate: "congo=t61rcWkgMzE" }, null],
    ] as const) {
      heard.length = 0;
      const pass = await newPass(tenant);
      const path = new URL(pass.links.google).pathname;
      const answer = await call("GET", path, { headers, env: listening(heard) });
      expect(answer.status).toBe(302);
      expect(heard.length).toBeGreaterThan(0);
      const traced = answer.headers.get("traceparent");
      for (const one of heard) expect(one).toEqual({ traceparent: traced, tracestate });
    }
  });

  it("R219 does a message of an earlier version, which has no trace", async () => {
    const tenant = await newTenant();
    const pass = await newPass(tenant);
    await deliver(env, [{ tenantId: tenant.id, passId: pass.id, requestId: "req_test" }]);
    expect(lines.at(-1)).toMatchObject({ requestId: "req_test", outcome: "done" });
    expect(lines.at(-1)!.traceId).toMatch(/^[\da-f]{32}$/);
  });
});

type Heard = { traceparent: string | null; tracestate: string | null };
const heard: Heard[] = [];

/** Bindings by which Google is reached as ever, with an ear at the line. */
function listening(to: Heard[]): Cloudflare.Env {
  const getByName = (name: string) => {
    const google = env.GOOGLE_SIMULATOR!.getByName(name);
    const fetch = (request: Request) => {
      to.push({ traceparent: request.headers.get("traceparent"), tracestate: request.headers.get("tracestate") });
      return google.fetch(request as never);
    };
    return new Proxy(google, { get: (stub, member) => (member === "fetch" ? fetch : Reflect.get(stub, member)) });
  };
  return { ...env, GOOGLE_SIMULATOR: { getByName } } as unknown as Cloudflare.Env;
}
