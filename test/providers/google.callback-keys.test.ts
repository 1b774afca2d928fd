import { describe, expect, it } from "vitest";
import { fetchCallbackKeys } from "../../src/providers/google/callback-keys";

const url = "https://keys.test/gp/m/issuer/keys";
const document = { keys: [{ keyValue: "MFkw", protocolVersion: "ECv2SigningOnly", keyExpiration: "1" }] };

const fetched = (headers: Record<string, string>) =>
  fetchCallbackKeys(url, async () => Response.json(document, { headers }));

describe("Google's keys document", () => {
  it("R262 is fetched as it is, with no more than it takes", async () => {
    const asked: Request[] = [];
    const keys = await fetchCallbackKeys(url, async (request) => {
      asked.push(request);
      return Response.json(document, { headers: { "cache-control": "public, max-age=3600" } });
    });
    expect(keys).toEqual({ document, freshForMs: 3_600_000 });
    expect(asked.map(({ url: target, method, redirect }) => [target, method, redirect])).toEqual([
      [url, "GET", "manual"],
    ]);
    expect([...asked[0]!.headers.keys()]).toEqual(["accept"]);
  });

  it.each([
    [{ "cache-control": "max-age=600" }, 600],
    [{ "cache-control": "public, max-age=600, must-revalidate", age: "100" }, 500],
    [{ "cache-control": "MAX-AGE=600", age: "700" }, 0],
    [{ "cache-control": 'max-age="600"' }, 600],
    [{ "cache-control": "max-age=600, no-store" }, 0],
    [{ "cache-control": "no-cache" }, 0],
    [{ "cache-control": "s-maxage=600" }, 0],
    [{ "cache-control": "max-age=-1" }, 0],
    [{ "cache-control": "max-age=600", age: "soon" }, 600],
    [{ expires: "Wed, 21 Oct 2099 07:28:00 GMT" }, 0],
    [{}, 0],
  ] as [Record<string, string>, number][])("R262 with %j may be kept for %i seconds", async (headers, seconds) => {
    expect((await fetched(headers))?.freshForMs).toBe(seconds * 1000);
  });

  it.each([
    ["a refusal", () => Response.json(document, { status: 503 })],
    ["a redirect", () => new Response(null, { status: 302, headers: { location: "https://elsewhere.test/" } })],
    ["a page", () => new Response("<html>")],
    ["a list", () => Response.json([document])],
    ["null", () => Response.json(null)],
    ["far too much", () => new Response(`{"keys":[],"x":"${"x".repeat(300_000)}"}`)],
    ["a lost connection", () => Promise.reject(new TypeError("lost"))],
  ] as [string, () => Response | Promise<Response>][])("R262 %s is no keys document", async (_, answer) => {
    expect(await fetchCallbackKeys(url, async () => answer())).toBeNull();
  });
});
