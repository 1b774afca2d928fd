import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { app, baseUrl, newTenant } from "../support/api";

const kibibyte = 1024;

/** A body that comes in pieces, so that its length is not told beforehand. */
function inPieces(bytes: number): { body: ReadableStream<Uint8Array>; sent: () => number } {
  let sent = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      const piece = Math.min(16 * kibibyte, bytes - sent);
      sent += piece;
      if (piece > 0) controller.enqueue(new TextEncoder().encode(" ".repeat(piece)));
      else controller.close();
    },
  });
  return { body, sent: () => sent };
}

const post = (path: string, body: ReadableStream<Uint8Array>, headers: Record<string, string> = {}) =>
  app.fetch(new Request(`${baseUrl}${path}`, { method: "POST", body, headers }), env, createExecutionContext());

describe("bodies whose length is not told", () => {
  it("R204 refuses one that is too large, and hears it out", async () => {
    const { token } = await newTenant();
    for (const [path, limit, headers] of [
      ["/apple/00000000/v1/devices/x/registrations/y/z", 64, {}],
      ["/apple/00000000/v1/log", 1024, {}],
      ["/v2/passes", 1024, { authorization: `Bearer ${token}` }],
    ] as const) {
      const { body, sent } = inPieces((limit + 1) * kibibyte);
      const response = await post(path, body, headers);
      expect(response.status, path).toBe(413);
      expect(await response.json()).toMatchObject({ code: "body_too_large" });
      expect(sent(), path).toBe((limit + 1) * kibibyte);
    }
  });

  it("R214 of which the length is told or not, a right key hears its limits, and a wrong one that it is wrong", async () => {
    const tenant = await newTenant();
    const large = await tenant.post("/v2/passes", new Uint8Array(1025 * kibibyte));
    expect([large.status, large.body.code]).toEqual([413, "body_too_large"]);
    expect(large.headers.get("x-ratelimit-used")).toBe("1");
    const { body, sent } = inPieces(1025 * kibibyte);
    expect((await post("/v2/passes", body)).status).toBe(401);
    expect(sent()).toBe(1025 * kibibyte);
  });

  it("does not listen without end", async () => {
    const { body, sent } = inPieces(1024 * 1024 * kibibyte);
    expect((await post("/apple/00000000/v1/log", body)).status).toBe(413);
    expect(sent()).toBeLessThan(32 * 1024 * kibibyte);
  });

  it("R204 R268 says of one that breaks off that it did, and is at no fault of its own", async () => {
    const { id } = await newTenant();
    for (const [path, headers, code] of [
      ["/apple/00000000/v1/log", {}, "malformed_json"],
      [`/api/${id}/passes/google`, {}, "malformed_json"],
      [`/api/${id}/passes/google`, { "content-length": "20" }, "malformed_callback"],
    ] as const) {
      const body = new ReadableStream<Uint8Array>({
        start: (controller) => controller.enqueue(new TextEncoder().encode("{")),
        pull: (controller) => controller.error(new TypeError("connection lost")),
      });
      const response = await post(path, body, headers);
      expect([response.status, ((await response.json()) as { code: string }).code], path).toEqual([400, code]);
    }
  });

  it("hands on one that is not, whole", async () => {
    expect((await post("/apple/00000000/v1/log", inPieces(1024 * kibibyte).body)).status).toBe(200);
    const { token } = await newTenant();
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    const key = JSON.stringify({ name: "In pieces", scopes: ["passes:read"] });
    const pieces = key.split("").map((character) => new TextEncoder().encode(character));
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        const piece = pieces.shift();
        if (piece) controller.enqueue(piece);
        else controller.close();
      },
    });
    const response = await post("/v2/api-keys", body, headers);
    expect(response.status).toBe(201);
    expect(await response.json()).toMatchObject({ name: "In pieces" });
  });
});
