import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { deadlineMs } from "../../src/services/deployment/readiness";
import { adminToken, call, newTenant } from "../support/api";
import { countingEnv } from "../support/costs";

const secretText = "no such column: secret_column";
const failing = () => {
  throw new Error(secretText);
};
const rejecting = () => Promise.reject(new Error(secretText));

const broken = {
  CONTROL_DB: { prepare: failing, batch: failing },
  DATA_DB: { prepare: failing, batch: failing },
  FILES: { head: rejecting },
  RATE_LIMITER: { getByName: () => ({ raiseEpoch: rejecting }) },
};

const names = {
  CONTROL_DB: "control_database",
  DATA_DB: "data_database_1",
  FILES: "files",
  RATE_LIMITER: "durable_objects",
};

const readyz = (bindings: object = {}) =>
  call("GET", "/readyz", { token: adminToken, env: { ...env, ...bindings } as unknown as Cloudflare.Env });

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe("GET /healthz", () => {
  it("answers without a credential, and asks nothing", async () => {
    const { env: counted, costs } = countingEnv();
    const answer = await call("GET", "/healthz", { env: counted });
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({ status: "ok" });
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(costs.reads + costs.writeBatches).toBe(0);
  });

  it("answers where nothing is configured and nothing is bound", async () => {
    const answer = await call("GET", "/healthz", { env: {} as Cloudflare.Env });
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({ status: "ok" });
  });

  it("answers HEAD", async () => {
    const { status, text } = await call("HEAD", "/healthz");
    expect([status, text]).toEqual([200, ""]);
  });
});

describe("GET /readyz", () => {
  it("tells the operator what answered, and in what time", async () => {
    const { status, body, headers } = await readyz();
    expect(status).toBe(200);
    expect(body).toEqual({
      status: "ready",
      checks: Object.values(names).map((name) => ({ name, ok: true, durationMs: expect.any(Number), failure: null })),
    });
    expect(headers.get("cache-control")).toBe("no-store");
  });

  it("tells nobody else", async () => {
    const { token } = await newTenant();
    expect((await call("GET", "/readyz")).body.code).toBe("missing_token");
    expect((await call("GET", "/readyz", { token })).body.code).toBe("invalid_admin_token");
  });

  it.each(Object.keys(broken) as (keyof typeof broken)[])(
    "answers 503 if %s fails, and names it alone",
    async (binding) => {
      const lines: string[] = [];
      vi.spyOn(console, "log").mockImplementation((entry: unknown) => void lines.push(JSON.stringify(entry)));
      const { status, body, text, headers } = await readyz({ [binding]: broken[binding] });
      expect(status).toBe(503);
      expect(headers.get("cache-control")).toBe("no-store");
      expect(body.status).toBe("unavailable");
      expect(body.checks.map(({ name, failure }: any) => [name, failure])).toEqual(
        Object.entries(names).map(([one, name]) => [name, one === binding ? "unreachable" : null]),
      );
      for (const { ok, failure } of body.checks) expect(ok).toBe(failure === null);
      expect(text).not.toContain(secretText);
      expect(lines.join()).toContain(`"check":"${names[binding]}"`);
      expect(lines.join()).not.toContain(secretText);
    },
  );

  it("gives up what does not answer after five seconds, and waits for nothing twice", async () => {
    vi.useFakeTimers({ toFake: ["Date", "setTimeout", "clearTimeout"] });
    const silent = () => new Promise<never>(() => {});
    const answered = readyz({ FILES: { head: silent }, RATE_LIMITER: { getByName: () => ({ raiseEpoch: silent }) } });
    // The databases have answered.
    while (vi.getTimerCount() !== 2) await scheduler.wait(1);
    await vi.advanceTimersByTimeAsync(deadlineMs - 1);
    expect(vi.getTimerCount()).toBe(2);
    await vi.advanceTimersByTimeAsync(1);
    const { status, body } = await answered;
    expect(status).toBe(503);
    expect(body.checks.slice(2)).toEqual([
      { name: "files", ok: false, durationMs: deadlineMs, failure: "timeout" },
      { name: "durable_objects", ok: false, durationMs: deadlineMs, failure: "timeout" },
    ]);
  });
});
