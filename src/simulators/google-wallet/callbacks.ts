import type { JsonObject } from "../../pass-model/resolved-pass";
import type { CallbackKeys } from "./contract";
import { derOfRaw } from "./der";

/** Google's scheme for what it sends to issuers: https://developers.google.com/pay/api/processors/guides/advanced/payment-gateway-tokens */
const protocolVersion = "ECv2SigningOnly";
const senderId = "GooglePayPasses";

const p256 = { name: "ECDSA", namedCurve: "P-256" };
const sha256 = { name: "ECDSA", hash: "SHA-256" };

// Nobody renews the keys of a simulator, so they must outlive whoever tries it.
const keysLifeMs = 10 * 365 * 24 * 3_600_000;

export interface Callback {
  issuerId: string;
  message: {
    classId: string;
    objectId: string;
    eventType: "save" | "del";
    /** Epoch milliseconds; the message is invalid from then on. */
    expTimeMillis: number;
    count: number;
    nonce: string;
  };
}

export async function makeCallbackKeys(now: number): Promise<CallbackKeys> {
  const [root, intermediate] = await Promise.all([newKeyPair(), newKeyPair()]);
  return { root, intermediate, rootExpiresAt: now + keysLifeMs, intermediateExpiresAt: now + keysLifeMs };
}

/** The root keys, as receivers fetch them. */
export async function keysDocument(keys: CallbackKeys): Promise<JsonObject> {
  const keyValue = await spkiOf(keys.root.publicKey);
  return { keys: [{ keyValue, protocolVersion, keyExpiration: String(keys.rootExpiresAt) }] };
}

/** The body of a callback: the root key vouches for the intermediate one, and that signs the message for this issuer. */
export async function signCallback(keys: CallbackKeys, { issuerId, message }: Callback): Promise<string> {
  const keyValue = await spkiOf(keys.intermediate.publicKey);
  const signedKey = htmlSafeJson({ keyValue, keyExpiration: String(keys.intermediateExpiresAt) });
  const signedMessage = htmlSafeJson(message);
  const [keySignature, signature] = await Promise.all([
    sign(keys.root.privateKey, [senderId, protocolVersion, signedKey]),
    sign(keys.intermediate.privateKey, [senderId, issuerId, protocolVersion, signedMessage]),
  ]);
  return htmlSafeJson({
    signature,
    intermediateSigningKey: { signedKey, signatures: [keySignature] },
    protocolVersion,
    signedMessage,
  });
}

async function newKeyPair(): Promise<CallbackKeys["root"]> {
  const pair = (await crypto.subtle.generateKey(p256, true, ["sign", "verify"])) as CryptoKeyPair;
  const [privateKey, publicKey] = await Promise.all([jwkOf(pair.privateKey), jwkOf(pair.publicKey)]);
  return { privateKey, publicKey };
}

const jwkOf = async (key: CryptoKey) => (await crypto.subtle.exportKey("jwk", key)) as JsonWebKey;

async function spkiOf(publicKey: JsonWebKey): Promise<string> {
  const key = await crypto.subtle.importKey("jwk", publicKey, p256, true, ["verify"]);
  return base64(new Uint8Array((await crypto.subtle.exportKey("spki", key)) as ArrayBuffer));
}

async function sign(privateKey: JsonWebKey, parts: string[]): Promise<string> {
  const key = await crypto.subtle.importKey("jwk", privateKey, p256, false, ["sign"]);
  return base64(derOfRaw(new Uint8Array(await crypto.subtle.sign(sha256, key, lengthValues(parts)))));
}

/** Each part after its length: UTF-8 bytes, as a 32-bit little-endian number. */
function lengthValues(parts: string[]): Uint8Array {
  const chunks = parts.flatMap((part) => {
    const bytes = new TextEncoder().encode(part);
    const length = new Uint8Array(4);
    new DataView(length.buffer).setUint32(0, bytes.length, true);
    return [length, bytes];
  });
  return Uint8Array.from(chunks.flatMap((chunk) => [...chunk]));
}

/** JSON as Google's servers write it: five characters that matter in HTML are escaped, among them every `=` of Base64. */
function htmlSafeJson(value: unknown): string {
  return JSON.stringify(value).replaceAll(
    /[<>&='\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

const base64 = (bytes: Uint8Array) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
