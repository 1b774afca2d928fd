import { isObject } from "../pass-model/json";
import type { JsonObject } from "../pass-model/resolved-pass";
import { isOver, readMilliseconds, type RootKeys } from "./callback/keys";
import {
  hasLiveKey,
  verifyAndParse,
  verifySignedMessage,
  type MessageFailure,
  type MessageOptions,
} from "./callback/signed-message";

export { hasLiveKey, verifySignedMessage, type MessageFailure, type RootKeys };

/** Whom Google signs callbacks of Wallet as. */
export const walletSenderId = "GooglePayPasses";

/** Why a signed message of Google's is no callback of Wallet for this issuer. The first that applies is answered, in this order. */
export type CallbackFailure =
  | MessageFailure
  /** The message is no JSON object, or a member of it has another type. */
  | "message_malformed"
  /** `expTimeMillis` is missing. When it is over, that is `message_expired`. */
  | "expiry_missing"
  /** `nonce` is missing or empty. */
  | "nonce_missing"
  /** `eventType` is missing or empty. */
  | "event_type_missing"
  /** There is no `externalPassId`, and `classId` or `objectId` is missing or empty. */
  | "ids_missing"
  /** `classId`, `objectId` or `externalPassId` is one of another issuer. */
  | "foreign_issuer";

export interface GoogleCallback {
  /** `save`, `del`, or what Google may invent. */
  eventType: string;
  classId: string | null;
  objectId: string | null;
  /** In place of both, of a generic private pass: `issuerId.externalUid`. */
  externalPassId: string | null;
  nonce: string;
  /** Epoch milliseconds; of a time that no number holds exactly, the last that one does. */
  expiresAt: number;
}

type VerifiedCallback = { ok: true; event: GoogleCallback } | { ok: false; reason: CallbackFailure };

interface Members extends Omit<GoogleCallback, "expiresAt"> {
  expiresAt: number | null;
}

/**
 * Whether this is a callback of Google Wallet for this issuer, and what it says. The issuer is the tenant's own, never one from
 * the message. An event of an unknown type is taken, and members of unknown names are ignored. Never throws.
 */
export async function verifyCallback(
  body: string,
  { issuerId, ...options }: Omit<MessageOptions, "recipientId"> & { issuerId: string },
): Promise<VerifiedCallback> {
  const verified = await verifyAndParse(body, { ...options, recipientId: issuerId });
  if (!verified.ok) return verified;
  const members = readMembers(verified.json);
  if (!members) return { ok: false, reason: "message_malformed" };
  const { expiresAt } = members;
  if (expiresAt === null) return { ok: false, reason: "expiry_missing" };
  const reason = failureOf({ ...members, expiresAt }, issuerId, options.now);
  return reason === null ? { ok: true, event: { ...members, expiresAt } } : { ok: false, reason };
}

function failureOf(event: GoogleCallback, issuerId: string, now: number): CallbackFailure | null {
  const { expiresAt, nonce, eventType, classId, objectId, externalPassId } = event;
  if (isOver(expiresAt, now)) return "message_expired";
  if (nonce === "") return "nonce_missing";
  if (eventType === "") return "event_type_missing";
  if (externalPassId === null && (classId === null || objectId === null)) return "ids_missing";
  const own =
    (classId === null || isOfIssuer(classId, issuerId)) &&
    (objectId === null || isOfIssuer(objectId, issuerId)) &&
    (externalPassId === null || isOfIssuer(externalPassId, issuerId));
  return own ? null : "foreign_issuer";
}

/** What is missing or empty is an empty text or null; null as a whole if anything has another type. */
function readMembers(message: unknown): Members | null {
  if (!isObject(message)) return null;
  const expiresAt = message.expTimeMillis === undefined ? null : readMilliseconds(message.expTimeMillis);
  if (message.expTimeMillis !== undefined && expiresAt === null) return null;
  const texts = [message.eventType, message.nonce, message.classId, message.objectId, message.externalPassId];
  if (!texts.every(isOptionalText)) return null;
  const [eventType = "", nonce = "", classId, objectId, externalPassId] = texts;
  return {
    eventType,
    classId: classId || null,
    objectId: objectId || null,
    externalPassId: externalPassId || null,
    nonce,
    expiresAt: expiresAt === null ? null : Math.min(expiresAt, Number.MAX_SAFE_INTEGER),
  };
}

/** Half a surrogate pair is no text: storing it would make two nonces one. */
const isOptionalText = (value: JsonObject[string] | undefined): value is string | undefined =>
  value === undefined || (typeof value === "string" && value.isWellFormed());

/** The issuer of an id is what stands before its first dot; what follows may hold more of them. */
function isOfIssuer(id: string, issuerId: string): boolean {
  const dot = id.indexOf(".");
  return dot > 0 && id.slice(0, dot) === issuerId && dot + 1 < id.length;
}
