import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { Hono } from "hono";
import { afterEach, describe, expect, it, vi } from "vitest";
import { buildContext } from "../../src/context";
import type { TenantRow } from "../../src/db/control-schema";
import { newId } from "../../src/db/ids";
import type { AppEnv } from "../../src/http/env";
import { idempotent } from "../../src/http/idempotency";
import { problem, toServiceError } from "../../src/http/problems";
import { forTenant } from "../../src/services/context";
import { ledgersOf } from "../support/idempotency";
import { runDurableObjectAlarm } from "cloudflare:test";

const mebibyte = 1024 * 1024;
const hour = 3_600_000;

afterEach(() => {
  vi.useRealTimers();
});

/** An account of which an operation is asked that answers what the test says. */
function newAccount(handler: (run: number) => Response | Promise<Response>) {
  const id = newId("tenant", Date.now());
  const tenant = { id, code: id.slice(-8) } as TenantRow;
  let runs = 0;
  const app = new Hono<AppEnv>()
    .use(async (c, next) => {
      c.set("requestId", "req");
      c.set("tenant", forTenant(buildContext(env, "req"), tenant, { type: "system" }));
      c.header("x-request-id", "req of this one");
      await next();
    })
    .post("/", idempotent(), () => handler((runs += 1)));
  app.onError((error, c) => problem(c, toServiceError(error)));
  const send = async (key = "a", body: BodyInit = "{}") => {
    const ctx = createExecutionContext();
    const headers = { "idempotency-key": key };
    const response = await app.fetch(
      new Request("https://api.example.com/", { method: "POST", headers, body }),
      env,
      ctx,
    );
    const bytes = new Uint8Array(await response.arrayBuffer());
    await waitOnExecutionContext(ctx);
    return { status: response.status, headers: response.headers, bytes, runs };
  };
  return { ...tenant, send };
}

/** Such as no compression and no repetition makes smaller, and different at each place. */
function someBytes(size: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(size);
  for (let at = 0; at < size; at += 65_536) crypto.getRandomValues(bytes.subarray(at, at + 65_536));
  return bytes;
}

const sameBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && crypto.subtle.timingSafeEqual(a, b);

const filesOf = async ({ code }: { code: string }) =>
  (await env.FILES.list({ prefix: `${code}/idempotency/` })).objects.map(({ key, size }) => ({ key, size }));

describe("an answer", () => {
  it.each([200, 201, 202, 400, 404, 409, 410, 412])("R217 of status %i is kept", async (status) => {
    const account = newAccount((run) => new Response(`run ${run}`, { status }));
    await account.send();
    const { status: again, bytes, headers, runs } = await account.send();
    expect([again, new TextDecoder().decode(bytes), runs]).toEqual([status, "run 1", 1]);
    expect(headers.get("idempotent-replayed")).toBe("true");
  });

  it.each([429, 500, 503, 599])("R217 of status %i is not, and the next attempt runs at once", async (status) => {
    const account = newAccount((run) => new Response(`run ${run}`, { status: run < 3 ? status : 200 }));
    expect((await account.send()).status).toBe(status);
    expect((await account.send()).status).toBe(status);
    const third = await account.send();
    expect([third.status, third.headers.get("idempotent-replayed")]).toEqual([200, null]);
    expect((await account.send()).runs).toBe(3);
  });

  it("R217 without a body is kept as that", async () => {
    const account = newAccount(() => new Response(null, { status: 204 }));
    await account.send();
    const { status, bytes, headers, runs } = await account.send();
    expect([status, bytes.length, headers.get("content-type"), runs]).toEqual([204, 0, null, 1]);
  });

  it("R217 keeps its own headers, and none of the request's", async () => {
    const own = {
      "content-type": "application/json",
      "content-disposition": 'attachment; filename="a"',
      etag: '"1"',
      link: '<a>; rel="next", <b>; rel="prev"',
      location: "/v2/jobs/1",
    };
    const passing = { ratelimit: "x", "ratelimit-policy": "x", "x-ratelimit-used": "7", "set-cookie": "a=b" };
    const account = newAccount(() => new Response("{}", { headers: { ...own, ...passing } }));
    await account.send();
    const { headers } = await account.send();
    expect(Object.fromEntries(headers)).toEqual({
      ...own,
      "idempotent-replayed": "true",
      "x-request-id": "req of this one",
    });
  });
});

describe("a large answer", () => {
  it.each([
    ["just below what a row holds", 786_000, 0],
    ["just above it", 787_000, 1],
    ["of 3 MiB", 3 * mebibyte, 1],
    ["of 12 MiB", 12 * mebibyte, 1],
  ])("R217 %s is replayed byte by byte", { timeout: 20_000 }, async (_, size, files) => {
    const answer = someBytes(size);
    const account = newAccount(() => new Response(answer));
    expect(sameBytes((await account.send()).bytes, answer)).toBe(true);
    expect(await filesOf(account)).toHaveLength(files);
    const { bytes, runs } = await account.send();
    expect(runs).toBe(1);
    expect(sameBytes(bytes, answer)).toBe(true);
  });

  it("R217 of more than 12 MiB leaves whole and is not kept", { timeout: 20_000 }, async () => {
    const answer = someBytes(12 * mebibyte + 1);
    const account = newAccount(() => new Response(answer));
    for (const run of [1, 2]) {
      const { bytes, runs, headers } = await account.send();
      expect([runs, headers.get("idempotent-replayed")]).toEqual([run, null]);
      expect(sameBytes(bytes, answer)).toBe(true);
    }
    expect(await filesOf(account)).toEqual([]);
  });

  it("R217 is sealed in R2, and erased there when it expires", async () => {
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
    const secret = "wp_test_secret ".repeat(100_000);
    const account = newAccount((run) => new Response(`${run} ${secret}`));
    await account.send();
    const [file] = await filesOf(account);
    const stored = await (await env.FILES.get(file!.key))!.text();
    expect(stored).not.toContain("wp_test");
    expect(stored).not.toContain(btoa(secret).slice(0, 200));
    vi.setSystemTime(Date.now() + 24 * hour);
    await Promise.all(ledgersOf(account.id).map((ledger) => runDurableObjectAlarm(ledger)));
    expect(await filesOf(account)).toEqual([]);
    expect((await account.send()).runs).toBe(2);
  });

  it("R217 of which the file is gone is no answer: 503, until the key is free", async () => {
    const account = newAccount(() => new Response(someBytes(2 * mebibyte)));
    await account.send();
    const [file] = await filesOf(account);
    await env.FILES.delete(file!.key);
    const { status, headers, runs } = await account.send();
    expect([status, headers.get("retry-after"), runs]).toEqual([503, "1", 1]);
  });
});

describe("a large body", () => {
  it("R217 of 10 MB is told from another one by its last byte", { timeout: 20_000 }, async () => {
    const account = newAccount((run) => new Response(`run ${run}`));
    const body = someBytes(10_000_000);
    await account.send("a", body);
    expect((await account.send("a", body)).headers.get("idempotent-replayed")).toBe("true");
    body[body.length - 1]! ^= 1;
    const { status, runs } = await account.send("a", body);
    expect([status, runs]).toEqual([422, 1]);
  });
});

describe("an answer of which the body breaks off", () => {
  it("R217 is not kept, and leaves as far as it goes", async () => {
    const errors = vi.spyOn(console, "log").mockImplementation(() => {});
    const account = newAccount(
      (run) =>
        new Response(
          run > 1
            ? "whole"
            : new ReadableStream({
                pull(controller) {
                  controller.error(new Error("broken"));
                },
              }),
        ),
    );
    await expect(account.send()).rejects.toThrow("broken");
    expect(errors).toHaveBeenCalledWith(expect.objectContaining({ msg: "idempotent answer not read" }));
    errors.mockRestore();
    expect((await account.send()).runs).toBe(2);
  });
});
