import { verify } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import {
  type Callback,
  keysDocument,
  makeCallbackKeys,
  signCallback,
} from "../../../src/simulators/google-wallet/callbacks";
import type { CallbackKeys } from "../../../src/simulators/google-wallet/contract";
import { derOfRaw } from "../../../src/simulators/google-wallet/der";

const now = Date.parse("2026-08-20T10:00:00Z");
const issuerId = "3388000000012345678";

const message = (rest: Partial<Callback["message"]> = {}): Callback["message"] => ({
  classId: `${issuerId}.coffee.1`,
  objectId: `${issuerId}.pass_1`,
  eventType: "save",
  expTimeMillis: now + 3_600_000,
  count: 1,
  nonce: "0b0c3f0e-4f9a-4b6e-9f58-b8a5a3a7f0aa",
  ...rest,
});

/** Another reading of the scheme than the sender's: Node's buffers, and Node's own parser of DER. */
function lv(...parts: string[]): Buffer {
  return Buffer.concat(
    parts.map((part) => {
      const length = Buffer.alloc(4);
      length.writeUInt32LE(Buffer.byteLength(part, "utf8"));
      return Buffer.concat([length, Buffer.from(part, "utf8")]);
    }),
  );
}

function signedBy(spki: string, data: Buffer, signature: string): boolean {
  const key = { key: Buffer.from(spki, "base64"), format: "der", type: "spki" } as const;
  return verify("sha256", data, key, Buffer.from(signature, "base64"));
}

interface Body {
  signature: string;
  intermediateSigningKey: { signedKey: string; signatures: string[] };
  protocolVersion: string;
  signedMessage: string;
}

function holds(body: Body, rootKey: string, recipientId: string): boolean {
  const { signedKey, signatures } = body.intermediateSigningKey;
  const { keyValue } = JSON.parse(signedKey) as { keyValue: string };
  const vouched = signatures.some((signature) =>
    signedBy(rootKey, lv("GooglePayPasses", "ECv2SigningOnly", signedKey), signature),
  );
  const data = lv("GooglePayPasses", recipientId, "ECv2SigningOnly", body.signedMessage);
  return vouched && signedBy(keyValue, data, body.signature);
}

let keys: CallbackKeys;
let rootKey: string;

beforeAll(async () => {
  keys = await makeCallbackKeys(now);
  const { keys: entries } = (await keysDocument(keys)) as { keys: { keyValue: string }[] };
  rootKey = entries[0]!.keyValue;
});

const bodyOf = async (callback: Callback) => JSON.parse(await signCallback(keys, callback)) as Body;

describe("callbacks of the simulated Google", () => {
  it("R263 publishes its root key as receivers expect it", async () => {
    const document = await keysDocument(keys);
    expect(document).toEqual({
      keys: [{ keyValue: expect.any(String), protocolVersion: "ECv2SigningOnly", keyExpiration: expect.any(String) }],
    });
    expect(Buffer.from(rootKey, "base64").toString("base64")).toBe(rootKey);
    expect(Buffer.from(rootKey, "base64")).toHaveLength(91);
    expect(keys.rootExpiresAt).toBeGreaterThan(now);
  });

  it("R263 sends what another verifier accepts, for this issuer and this root key only", async () => {
    const body = await bodyOf({ issuerId, message: message() });
    expect(holds(body, rootKey, issuerId)).toBe(true);
    expect(holds(body, rootKey, "3388000000099999999")).toBe(false);
    const stranger = (await keysDocument(await makeCallbackKeys(now))) as { keys: { keyValue: string }[] };
    expect(holds(body, stranger.keys[0]!.keyValue, issuerId)).toBe(false);
    expect(holds({ ...body, signedMessage: `${body.signedMessage} ` }, rootKey, issuerId)).toBe(false);
  });

  it("R263 has the four members of the scheme, and writes `=` as Google does", async () => {
    const text = await signCallback(keys, { issuerId, message: message() });
    const body = JSON.parse(text) as Body;
    expect(Object.keys(body)).toEqual(["signature", "intermediateSigningKey", "protocolVersion", "signedMessage"]);
    expect(Object.keys(body.intermediateSigningKey)).toEqual(["signedKey", "signatures"]);
    expect(body.protocolVersion).toBe("ECv2SigningOnly");
    expect(text).not.toContain("=");
    // 91 bytes of key end in two padding characters; after one parse each is still six characters.
    expect(body.intermediateSigningKey.signedKey).toMatch(/\\u003d\\u003d","keyExpiration":"\d{13}"}$/);
    expect(text).toContain(String.raw`\\u003d\\u003d\"`);
    expect(JSON.parse(body.signedMessage)).toEqual(message());
  });

  it("R263 counts the bytes of a message, not its characters", async () => {
    const body = await bodyOf({
      issuerId,
      message: message({ nonce: "Käse – 🧀 ☕", classId: `${issuerId}.a<b>&'c'` }),
    });
    expect(body.signedMessage).toContain(String.raw`.a\u003cb\u003e\u0026\u0027c\u0027`);
    expect(holds(body, rootKey, issuerId)).toBe(true);
  });

  it("R263 writes every signature in strict DER", async () => {
    const lengths = new Set<number>();
    for (let count = 1; count <= 48; count += 1) {
      const body = await bodyOf({ issuerId, message: message({ count }) });
      expect(holds(body, rootKey, issuerId)).toBe(true);
      lengths.add(Buffer.from(body.signature, "base64").length);
    }
    expect(lengths.size).toBeGreaterThan(1);
  });
});

describe("an ECDSA signature in DER", () => {
  const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex, "hex"));
  const hexOf = (r: string, s: string) =>
    Buffer.from(derOfRaw(bytes(r.padStart(64, "0") + s.padStart(64, "0")))).toString("hex");

  it("R263 drops leading zeros, and adds one where the first bit is set", () => {
    expect(hexOf("01", "02")).toBe("3006020101020102");
    expect(hexOf("80", "7f")).toBe("300702020080" + "02017f");
    expect(hexOf("f".repeat(64), "1".repeat(62))).toBe(`3044022100${"f".repeat(64)}021f${"1".repeat(62)}`);
    expect(hexOf("f".repeat(64), "f".repeat(64))).toBe(`3046${`022100${"f".repeat(64)}`.repeat(2)}`);
    expect(hexOf("0", "00ff00")).toBe("300802010002030" + "0ff00");
  });
});
