import { gzipSync } from "fflate";
import fc from "fast-check";
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { call, newPass, newTenant } from "../support/api";
import { callbackPath, issuerOf, messageOf, newCallbackGoogle } from "../support/callbacks";

let google = await newCallbackGoogle();
const tenant = await newTenant();
const pass = await newPass(tenant);
const valid = await google.signer.sign(messageOf(await issuerOf(tenant), pass));

beforeEach(async () => {
  google = await newCallbackGoogle(env, google.signer);
});

const statusOf = async (body: string | Uint8Array, headers: Record<string, string> = {}) =>
  (await call("POST", callbackPath(tenant), { body, headers, env: google.env })).status;

const counts = async () => (await tenant.get(`/v2/passes/${pass.id}`)).body.installs.google;

describe("bodies that Google did not sign", { timeout: 30_000 }, () => {
  it("R262 R268 random ones are refused, and never break anything", async () => {
    const anyBody = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.json(),
      fc.uint8Array({ maxLength: 300 }),
      fc
        .record({
          signature: fc.oneof(fc.base64String(), fc.jsonValue()),
          intermediateSigningKey: fc.oneof(
            fc.record({ signedKey: fc.oneof(fc.json(), fc.string()), signatures: fc.array(fc.base64String()) }),
            fc.jsonValue(),
          ),
          protocolVersion: fc.constantFrom("ECv2SigningOnly", "ECv2", "", null),
          signedMessage: fc.oneof(fc.json(), fc.string()),
        })
        .map((value) => JSON.stringify(value)),
    );
    await fc.assert(
      fc.asyncProperty(anyBody, async (body) => {
        expect([400, 401]).toContain(await statusOf(body));
      }),
      { numRuns: 150, seed: 20261122 },
    );
  });

  it("R262 R268 a valid one with a change anywhere is refused, unless it says the same", async () => {
    const before = await counts();
    const change = fc.record({
      at: fc.nat({ max: valid.length - 1 }),
      length: fc.constantFrom(0, 1, 1, 2, 40),
      text: fc.oneof(
        fc.constant(""),
        fc.constantFrom('"', "\\", "{", "=", "A", "\u00e9", "\ud800", "\u0000"),
        fc.string({ maxLength: 3 }),
      ),
    });
    await fc.assert(
      fc.asyncProperty(change, async ({ at, length, text }) => {
        const body = valid.slice(0, at) + text + valid.slice(at + length);
        fc.pre(!saysTheSame(body));
        expect([400, 401], body).toContain(await statusOf(body));
      }),
      { numRuns: 250, seed: 20261122 },
    );
    expect(await counts()).toEqual(before);
    expect(await statusOf(valid)).toBe(200);
  });

  it("R268 other encodings of a valid one are refused", async () => {
    const bytes = new TextEncoder().encode(valid);
    expect(await statusOf(gzipSync(bytes), { "content-encoding": "gzip" })).toBe(400);
    const utf16 = new Uint8Array(Uint16Array.from(valid, (character) => character.charCodeAt(0)).buffer);
    expect(await statusOf(utf16, { "content-type": "application/json; charset=utf-16" })).toBe(400);
  });
});

/** The same strings where they are signed. */
function saysTheSame(body: string): boolean {
  try {
    const [changed, original] = [JSON.parse(body), JSON.parse(valid)];
    const signed = ({ protocolVersion, signature, signedMessage, intermediateSigningKey }: any) =>
      JSON.stringify([
        protocolVersion,
        signature,
        signedMessage,
        intermediateSigningKey.signedKey,
        intermediateSigningKey.signatures,
      ]);
    return signed(changed) === signed(original);
  } catch {
    return false;
  }
}
