import { isObject } from "../../pass-model/json";
import type { JsonObject } from "../../pass-model/resolved-pass";
import { decodeStrictBase64 } from "./base64";
import { rawOfDer } from "./der";
import { importLiveRoots, importTrustedKey, isOver, readMilliseconds, type RootKeys } from "./keys";

/** Why a signed message is not taken. The first that applies is answered, in this order. */
export type MessageFailure =
  /** The body is no JSON. */
  | "not_json"
  /** The body is a JWT (compact JWS), bare or as a JSON string. Google signs no callback so. */
  | "jwt"
  /** The protocol is named, and is another one. */
  | "unsupported_protocol"
  /** No JSON object; a member is missing, has another type or is no Unicode text; more key signatures than anybody needs. */
  | "wrong_shape"
  /** The keys document has no readable P-256 key of this protocol that has an end and has not reached it. */
  | "no_live_root_key"
  /** No live root key made any of the signatures of the intermediate key. */
  | "bad_intermediate_signature"
  /** The intermediate key is signed, and yet no P-256 key with an end. */
  | "bad_intermediate_key"
  /** The intermediate key has reached its end. */
  | "intermediate_key_expired"
  /** The intermediate key did not sign this message from this sender to this recipient. */
  | "bad_signature"
  /** The message names a time until which it is valid, and that is over or no time. */
  | "message_expired";

export interface MessageOptions {
  /** Who has to have signed it. */
  senderId: string;
  /** For whom it has to be: an issuer id, never taken from the message. */
  recipientId: string;
  rootKeys: RootKeys;
  /** Epoch milliseconds. What expires at this very moment has expired. */
  now: number;
}

export type VerifiedMessage = { ok: true; message: string } | { ok: false; reason: MessageFailure };

/** With what the text is as JSON; undefined if it is none. */
type ParsedMessage =
  | { ok: true; message: string; json: JsonObject[string] | undefined }
  | Extract<VerifiedMessage, { ok: false }>;

interface Envelope {
  signature: string;
  signedKey: string;
  keySignatures: string[];
  signedMessage: string;
}

/** Whether the keys document has a key that may vouch for others now. */
export const hasLiveKey = async (rootKeys: RootKeys, now: number): Promise<boolean> =>
  (await importLiveRoots(rootKeys, protocol, now)).length > 0;

const protocol = "ECv2SigningOnly";
const ecdsa = { name: "ECDSA", hash: "SHA-256" };

/** Each costs a verification with every root key. Google sends one, or two while a root key is replaced. */
const keySignaturesMax = 20;

const encoder = new TextEncoder();

/**
 * Whether this is a message that Google signed for this recipient (ECv2SigningOnly, as tink-java-apps'
 * PaymentMethodTokenRecipient has it): a root key vouches for an intermediate one, and that signed the message. Both signatures
 * are verified each time. `message` is the text that was signed, whatever is in it. Never throws.
 */
export async function verifySignedMessage(body: string, options: MessageOptions): Promise<VerifiedMessage> {
  const verified = await verifyAndParse(body, options);
  return verified.ok ? { ok: true, message: verified.message } : verified;
}

export async function verifyAndParse(body: string, options: MessageOptions): Promise<ParsedMessage> {
  const { senderId, recipientId, rootKeys, now } = options;
  const envelope = readEnvelope(body);
  if (typeof envelope === "string") return { ok: false, reason: envelope };
  const { signature, signedKey, keySignatures, signedMessage } = envelope;

  const roots = await importLiveRoots(rootKeys, protocol, now);
  if (roots.length === 0) return { ok: false, reason: "no_live_root_key" };
  const keyBytes = lengthPrefixed(senderId, protocol, signedKey);
  if (!(await anySigned(roots, keySignatures, keyBytes))) return { ok: false, reason: "bad_intermediate_signature" };

  const key = await readIntermediateKey(signedKey, now);
  if (typeof key === "string") return { ok: false, reason: key };
  const messageBytes = lengthPrefixed(senderId, recipientId, protocol, signedMessage);
  if (!(await anySigned([key], [signature], messageBytes))) return { ok: false, reason: "bad_signature" };

  const json = parseJson(signedMessage);
  return namesPast(json, now) ? { ok: false, reason: "message_expired" } : { ok: true, message: signedMessage, json };
}

/** The named members; others are ignored. */
function readEnvelope(body: string): Envelope | "not_json" | "jwt" | "unsupported_protocol" | "wrong_shape" {
  const outer = parseJson(body);
  if (outer === undefined) return isJwt(body) ? "jwt" : "not_json";
  if (typeof outer === "string" && isJwt(outer)) return "jwt";
  if (!isObject(outer)) return "wrong_shape";
  const { signature, intermediateSigningKey, protocolVersion, signedMessage } = outer;
  if (typeof protocolVersion === "string" && protocolVersion !== protocol) return "unsupported_protocol";
  if (typeof protocolVersion !== "string" || !isObject(intermediateSigningKey)) return "wrong_shape";
  const { signedKey, signatures } = intermediateSigningKey;
  if (!isText(signature) || !isText(signedMessage) || !isText(signedKey)) return "wrong_shape";
  if (!Array.isArray(signatures) || signatures.length > keySignaturesMax || !signatures.every(isText)) {
    return "wrong_shape";
  }
  return { signature, signedKey, keySignatures: signatures, signedMessage };
}

async function readIntermediateKey(signedKey: string, now: number) {
  const json = parseJson(signedKey);
  if (!isObject(json) || typeof json.keyValue !== "string" || typeof json.keyExpiration !== "string") {
    return "bad_intermediate_key";
  }
  const expiresAt = readMilliseconds(json.keyExpiration);
  if (expiresAt === null) return "bad_intermediate_key";
  if (isOver(expiresAt, now)) return "intermediate_key_expired";
  return (await importTrustedKey(json.keyValue)) ?? "bad_intermediate_key";
}

async function anySigned(keys: CryptoKey[], signatures: string[], bytes: Uint8Array): Promise<boolean> {
  for (const signature of signatures) {
    const der = decodeStrictBase64(signature);
    const raw = der && rawOfDer(der);
    if (!raw) continue;
    for (const key of keys) {
      if (await crypto.subtle.verify(ecdsa, key, raw, bytes)) return true;
    }
  }
  return false;
}

/** Each part after the length of its UTF-8 in bytes, as a 32-bit little-endian number. */
function lengthPrefixed(...parts: string[]): Uint8Array {
  const text = parts.map((part) => `\0\0\0\0${part}`).join("");
  const bytes = encoder.encode(text);
  const ascii = bytes.length === text.length;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  let at = 0;
  for (const part of parts) {
    const length = ascii ? part.length : encoder.encode(part).length;
    view.setUint32(at, length, true);
    at += 4 + length;
  }
  return bytes;
}

/** `messageExpiration` is of payments and not of Wallet, and Tink holds every message to it. */
function namesPast(message: unknown, now: number): boolean {
  if (!isObject(message) || message.messageExpiration === undefined) return false;
  const expiresAt = readMilliseconds(message.messageExpiration);
  return expiresAt === null || isOver(expiresAt, now);
}

/** Half a surrogate pair becomes U+FFFD in UTF-8, so one signature would fit many texts. */
const isText = (value: unknown): value is string => typeof value === "string" && value.isWellFormed();

/** Three parts in Base64url, of which the first is a JSON object (RFC 7515 §3.1). */
function isJwt(text: string): boolean {
  const header = /^([\w-]+)\.[\w-]*\.[\w-]*$/.exec(text.trim())?.[1];
  if (header === undefined) return false;
  try {
    return isObject(parseJson(atob(header.replaceAll("-", "+").replaceAll("_", "/"))));
  } catch {
    return false;
  }
}

function parseJson(text: string): JsonObject[string] | undefined {
  try {
    return JSON.parse(text) as JsonObject[string];
  } catch {
    return undefined;
  }
}
