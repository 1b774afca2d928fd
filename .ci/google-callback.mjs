import assert from "node:assert/strict";
import { createPublicKey, verify } from "node:crypto";
import { readFileSync } from "node:fs";
import "../scripts/support/typescript.mjs";

/**
 * Holds the verifier of Google's callbacks to the test vectors, and to a second one that shares nothing with it: node:crypto
 * reads DER by itself. It runs where the vectors stand beside the checkout.
 */

const { verifySignedMessage } = await import("../src/google-wallet/callback.ts");
const { newKey, newSigner, rootEntry } = await import("../test/support/google-callbacks.ts");

const { cases } = JSON.parse(
  readFileSync(new URL("../../shared/vectors/google-callback.json", import.meta.url), "utf8"),
);
assert.equal(cases.length, 34);

/** The vectors are for any time between these two. */
const times = ["2020-01-02T00:00:00Z", "2026-05-01T18:30:00Z", "2061-07-28T09:00:00Z", "2099-12-31T00:00:00Z"].map(
  Date.parse,
);

/** Straight from the description, with neither a memory nor reasons. */
function agrees(body, { senderId, recipientId, rootKeys, now }) {
  try {
    const { signature, intermediateSigningKey, protocolVersion, signedMessage } = JSON.parse(body);
    const { signedKey, signatures } = intermediateSigningKey;
    if (protocolVersion !== "ECv2SigningOnly") return false;
    const signed = (keyValue, text, parts) => {
      const key = createPublicKey({ key: bytesOf(keyValue), format: "der", type: "spki" });
      return verify("sha256", layout(parts), { key, dsaEncoding: "der" }, bytesOf(text));
    };
    const roots = rootKeys.keys.filter((key) => key.protocolVersion === protocolVersion && key.keyExpiration > now);
    const vouched = signatures.some((text) =>
      roots.some(({ keyValue }) => signed(keyValue, text, [senderId, protocolVersion, signedKey])),
    );
    const { keyValue, keyExpiration } = JSON.parse(signedKey);
    if (!vouched || !(keyExpiration > now)) return false;
    if (!signed(keyValue, signature, [senderId, recipientId, protocolVersion, signedMessage])) return false;
    return !signedMessage.startsWith("{") || !(JSON.parse(signedMessage).messageExpiration <= now);
  } catch {
    return false;
  }
}

const bytesOf = (base64) => Buffer.from(base64, "base64");

function layout(parts) {
  return Buffer.concat(
    parts.flatMap((part) => {
      const length = Buffer.alloc(4);
      length.writeUInt32LE(Buffer.byteLength(part));
      return [length, Buffer.from(part)];
    }),
  );
}

for (const { name, body, keysJson, senderId, recipientId, expect } of cases) {
  const rootKeys = typeof keysJson === "string" ? JSON.parse(keysJson) : keysJson;
  for (const now of times) {
    const answer = await verifySignedMessage(body, { senderId, recipientId, rootKeys, now });
    assert.equal(answer.ok ? "ok" : "fail", expect, `${name} at ${new Date(now).toISOString()}: ${answer.reason}`);
    if (answer.ok) assert.equal(answer.message, JSON.parse(body).signedMessage, name);
    assert.equal(agrees(body, { senderId, recipientId, rootKeys, now }), answer.ok, `${name}: the other verifier`);
  }
}

const issuerId = "3388000000012345678";
const now = Date.parse("2026-05-01T18:30:00Z");
const signer = await newSigner();
const [stranger, second] = [await newKey(), await newKey()];
const rootKeys = { keys: [rootEntry(second), ...signer.keysDocument.keys] };
const flip = (text) => `${text.slice(0, 20)}${text[20] === "A" ? "B" : "A"}${text.slice(21)}`;

/** What to sign, and whether it holds. */
const kinds = [
  [true, (serial) => ({ message: { name: "Zoë ".repeat(serial % 7), sign: "😀".repeat(serial % 5) } })],
  [true, () => ({ htmlSafe: false, roots: [stranger, second] })],
  [true, (serial) => ({ message: `text ${serial} \u2028 ü` })],
  [true, () => ({ message: { messageExpiration: String(now + 1) } })],
  [false, () => ({ message: { messageExpiration: now } })],
  [false, () => ({ recipientId: `${issuerId}0` })],
  [false, () => ({ senderId: "Google" })],
  [false, () => ({ roots: [stranger] })],
  [false, () => ({ intermediate: stranger, signedKey: { keyValue: signer.intermediate.keyValue } })],
  [false, () => ({ signedKey: { keyExpiration: String(now) } })],
  [false, () => ({ alter: (outer) => ({ ...outer, signature: flip(outer.signature) }) })],
  [false, () => ({ alter: (outer) => ({ ...outer, signedMessage: `${outer.signedMessage} ` }) })],
  [false, () => ({ protocolVersion: "ECv2" })],
];
const generated = 260;
for (let serial = 0; serial < generated; serial += 1) {
  const [holds, make] = kinds[serial % kinds.length];
  const body = await signer.sign({ issuerId, ...make(serial) });
  const options = { senderId: "GooglePayPasses", recipientId: issuerId, rootKeys, now };
  const { ok, reason } = await verifySignedMessage(body, options);
  assert.equal(ok, holds, `message ${serial}: ${reason}`);
  assert.equal(agrees(body, options), holds, `message ${serial} by the other verifier`);
}

console.log(
  `${cases.length} vectors of callbacks at ${times.length} times and ${generated} signed messages agree with the verifier`,
);
