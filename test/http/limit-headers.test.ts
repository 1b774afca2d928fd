import { describe, expect, it } from "vitest";
import type { LimitState } from "../../src/services/credentials/limit-state";
import { limitHeaders } from "../../src/http/limit-headers";
import { parseLimits, parseList } from "../support/structured-fields";

const at = Date.parse("2040-01-01T00:00:00.250Z");
const burst = (used: number, resetMs: number, quota = 100) => ({
  name: "burst" as const,
  quota,
  windowSeconds: 60,
  used,
  resetMs,
});
const daily = (used: number, resetMs: number, quota = 10_000) => ({
  name: "daily" as const,
  quota,
  windowSeconds: 86_400,
  used,
  resetMs,
});
const headersOf = (windows: LimitState["windows"], now = at) => limitHeaders({ windows, violated: [], at }, now);

describe("the headers of limits", () => {
  it("R214 are those of the draft and the widely known ones", () => {
    expect(headersOf([burst(63, 20_500), daily(588, 51_001_100)])).toEqual({
      "RateLimit-Policy": '"burst";q=100;w=60, "daily";q=10000;w=86400',
      RateLimit: '"burst";r=37;t=21, "daily";r=9412;t=51002',
      "X-RateLimit-Limit": "100",
      "X-RateLimit-Used": "63",
      "X-RateLimit-Remaining": "37",
      // 00:00:20.750, rounded up.
      "X-RateLimit-Reset": String(Date.parse("2040-01-01T00:00:21Z") / 1000),
    });
  });

  it("R214 tell one limit where there is no other", () => {
    expect(headersOf([burst(1, 60_000, 1000)])).toMatchObject({
      "RateLimit-Policy": '"burst";q=1000;w=60',
      RateLimit: '"burst";r=999;t=60',
    });
  });

  it("R214 count the seconds from the moment of the answer, and none too few", () => {
    const left = (now: number) => parseLimits(headersOf([burst(1, 20_500)], now).RateLimit!).burst!.t;
    expect([left(at), left(at + 499), left(at + 500), left(at + 501), left(at + 20_500), left(at + 60_000)]).toEqual([
      21, 21, 20, 20, 0, 0,
    ]);
  });

  it("R214 tell the reset as the Unix second in which the window has ended", () => {
    for (const [resetMs, ends] of [
      [749, 1],
      [750, 1],
      [751, 2],
    ] as const) {
      expect(headersOf([burst(1, resetMs)])["X-RateLimit-Reset"]).toBe(String((at - 250) / 1000 + ends));
    }
  });

  it("R214 tell the window that is nearest to its limit", () => {
    const nearest = (...windows: LimitState["windows"]) => headersOf(windows)["X-RateLimit-Limit"];
    expect(nearest(burst(1, 60_000), daily(1, 86_400_000))).toBe("100");
    expect(nearest(burst(1, 60_000), daily(9_950, 1000))).toBe("10000");
    expect(nearest(burst(100, 60_000), daily(9_999, 1000))).toBe("100");
    // Neither has room: the one that is closed longer.
    expect(nearest(burst(100, 60_000), daily(10_000, 86_400_000))).toBe("10000");
    expect(nearest(burst(100, 60_000), daily(10_000, 1000))).toBe("100");
  });

  it("R214 never tell less than nothing of a limit that was lowered", () => {
    const headers = headersOf([burst(80, 60_000, 50)]);
    expect(headers).toMatchObject({ "X-RateLimit-Used": "80", "X-RateLimit-Remaining": "0" });
    expect(parseLimits(headers.RateLimit!)).toEqual({ burst: { r: 0, t: 60 } });
  });
});

describe("the parser of the tests", () => {
  it("reads the examples of RFC 9651", () => {
    expect(parseList("sugar, tea, rum")).toHaveLength(3);
    expect(parseList('("foo" "bar"), ("baz"), ("bat" "one"), ()')).toHaveLength(4);
    expect(parseList('("foo"; a=1;b=2);lvl=5, ("bar" "baz");lvl=1')).toHaveLength(2);
    const [item] = parseList('abc;a=1;b=2; c;d=?0;e=4.5;f=:aGVsbG8=:;g=@1659578233;h="a \\"b\\""');
    expect([...item!.parameters.values()].map(({ value }) => value)).toEqual([
      1,
      2,
      true,
      false,
      4.5,
      "hello",
      1_659_578_233,
      'a "b"',
    ]);
    expect(parseList("")).toEqual([]);
  });

  it("refuses what is no list", () => {
    for (const wrong of [
      '"burst";q=100;w=60,',
      ',"a"',
      '"a" "b"',
      '"burst',
      "'burst'",
      '"bürst"',
      '"a";Q=1',
      '"a";q=',
      '"a"; q =1',
      '"a";q=1.',
      '"a";q=1234567890123456',
      '"a";q=1.2345',
      "(a b",
      '"a\\b"',
      "1a",
    ]) {
      expect(() => parseList(wrong), wrong).toThrow();
    }
  });
});
