import { describe, expect, it } from "vitest";
import { problemTable } from "../../src/http/problem-table";
import { parseIdempotencyKey } from "../../src/http/idempotency-key";
import { isWorthRetrying } from "../../src/http/problems";
import { ServiceError, type ErrorCode } from "../../src/services/errors";
import { app } from "../support/api";

describe("the header Idempotency-Key", () => {
  it.each([
    ["order-4711", "order-4711"],
    ["a", "a"],
    ["1f4c1a52-7a35-4a0e-9d0a-8f7a3f1d5f0e", "1f4c1a52-7a35-4a0e-9d0a-8f7a3f1d5f0e"],
    ["two words and \\ more", "two words and \\ more"],
    [" \torder-4711 \t", "order-4711"],
    [' "order-4711" ', "order-4711"],
    ['"one, two"', "one, two"],
    ['5" nails', '5" nails'],
    ["x".repeat(255), "x".repeat(255)],
    ['"order-4711"', "order-4711"],
    ['" "', " "],
    ['"5\\" nails"', '5" nails'],
    ['"a\\\\b"', "a\\b"],
    [`"${"x".repeat(255)}"`, "x".repeat(255)],
    [`"${'\\"'.repeat(255)}"`, '"'.repeat(255)],
  ])("R217 %j is the key %j", (header, key) => {
    expect(parseIdempotencyKey(header)).toBe(key);
  });

  it.each([
    "",
    '""',
    '"',
    '"a',
    '"a"b',
    '"a";p=1',
    '"a", "b"',
    // As a header that came twice is joined.
    "a, a",
    "a,",
    " ",
    '"a\\b"',
    '"a\\"',
    '"a"b"',
    "x".repeat(256),
    `"${"x".repeat(256)}"`,
    "caf\u00e9",
    '"caf\u00e9"',
    "a\tb",
    '"a\tb"',
    "a\u007f",
  ])("R217 %j is no key", (header) => {
    const refusal = expect(() => parseIdempotencyKey(header));
    refusal.toThrow(ServiceError);
    refusal.toThrow(
      expect.objectContaining({
        code: "validation_error",
        errors: [
          {
            pointer: "#/Idempotency-Key",
            code: "invalid_value",
            detail:
              "expected 1 to 255 printable ASCII characters, once, bare (then without a comma) or as a quoted string",
            in: "header",
          },
        ],
      }),
    );
  });
});

describe("the routes", () => {
  const chains = new Map<string, string[]>();
  for (const { method, path, handler } of app.routes) {
    if (!path.startsWith("/v2/") || !/^(POST|PATCH|PUT|DELETE|GET)$/.test(method)) continue;
    const route = `${method} ${path}`;
    chains.set(route, [...(chains.get(route) ?? []), handler.name]);
  }
  const keyed = [...chains].filter(([route]) => /^(POST|PATCH) /.test(route));

  it.each(keyed)("R217 %s takes a key, directly before its handler", (_, names) => {
    expect(names.indexOf("idempotentMiddleware")).toBe(names.length - 2);
  });

  it("R217 of POST and PATCH alone take one", () => {
    const taking = [...chains].filter(([, names]) => names.includes("idempotentMiddleware")).map(([route]) => route);
    expect(taking).toEqual(keyed.map(([route]) => route));
    expect(taking.length).toBeGreaterThan(10);
  });
});

describe("X-Should-Retry", () => {
  it("R217 is true of what may be answered otherwise later, and of nothing else", () => {
    const codes = (Object.keys(problemTable) as ErrorCode[]).filter(isWorthRetrying);
    expect(codes.toSorted()).toEqual([
      "idempotency_in_progress",
      "internal_error",
      "rate_limited",
      "temporarily_unavailable",
    ]);
  });
});
