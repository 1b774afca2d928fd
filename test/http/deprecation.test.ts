import { Hono } from "hono";
import { describe, expect, it } from "vitest";
import { deprecated } from "../../src/http/deprecation";
import type { AppEnv } from "../../src/http/env";

const guide = "https://api.example.com/docs/migrate";

describe("a deprecated route", () => {
  it("R018 announces itself and its end on every answer", async () => {
    const app = new Hono<AppEnv>().get(
      "/old",
      deprecated({ announcedOn: "2026-01-01", removedOn: "2026-07-01", guide }),
      (c) => c.text("still here"),
    );
    const { headers } = await app.request("/old");
    expect(headers.get("deprecation")).toBe("@1767225600");
    expect(headers.get("sunset")).toBe("Wed, 01 Jul 2026 00:00:00 GMT");
    expect(headers.get("link")).toBe(`<${guide}>; rel="deprecation", <${guide}>; rel="sunset"`);
  });

  it("R018 cannot be announced less than six months ahead", () => {
    expect(() => deprecated({ announcedOn: "2026-01-01", removedOn: "2026-06-30", guide })).toThrow(/2026-07-01/);
  });
});
