/** Whom Google signs callbacks of Wallet as. */
export const walletSenderId = "GooglePayPasses";

/** Google's keys document, as fetched: https://pay.google.com/gp/m/issuer/keys. What in it has another shape is passed over. */
export interface RootKeys {
  keys: readonly { keyValue: string; protocolVersion: string; keyExpiration?: string }[];
}

/** Why a signed message is not taken: one reason per failure. */
export type MessageFailure =
  | "not_json"
  | "jwt"
  | "wrong_shape"
  | "unsupported_protocol"
  | "no_live_root_key"
  | "bad_intermediate_signature"
  | "bad_intermediate_key"
  | "intermediate_key_expired"
  | "bad_signature"
  | "message_expired";

/** Why a signed message of Google's is no callback of Wallet for this issuer. */
export type CallbackFailure =
  | MessageFailure
  | "message_malformed"
  | "expiry_missing"
  | "nonce_missing"
  | "event_type_missing"
  | "ids_missing"
  | "foreign_issuer";

export interface GoogleCallback {
  /** `save`, `del`, or what Google may invent. */
  eventType: string;
  classId: string | null;
  objectId: string | null;
  /** In place of both, of a generic private pass. */
  externalPassId: string | null;
  nonce: string;
  /** Epoch milliseconds. */
  expiresAt: number;
}

interface MessageOptions {
  senderId: string;
  recipientId: string;
  rootKeys: RootKeys;
  now: number;
}

export async function verifySignedMessage(
  _body: string,
  _options: MessageOptions,
): Promise<{ ok: true; message: string } | { ok: false; reason: MessageFailure }> {
  return { ok: false, reason: "not_json" };
}

export async function verifyCallback(
  _body: string,
  _options: Omit<MessageOptions, "recipientId"> & { issuerId: string },
): Promise<{ ok: true; event: GoogleCallback } | { ok: false; reason: CallbackFailure }> {
  return { ok: false, reason: "not_json" };
}
