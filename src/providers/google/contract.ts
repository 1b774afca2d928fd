import type { JsonObject } from "../../pass-model/resolved-pass";
import type { GoogleVertical } from "../../pass-model/vocabulary";

/** Google's Wallet Objects API, as verbs use it: https://developers.google.com/wallet/reference/rest */
export interface GoogleWallet {
  /** The API as one service account sees it. Calls never throw. */
  as: (account: ServiceAccount) => GoogleApi;
  /** The link that saves what a signed JWT names. */
  saveUrl: (jwt: string) => string;
}

export interface ServiceAccount {
  clientEmail: string;
  privateKeyId: string | null;
  /** Lowercase hex SHA-256 of the public key. Quota and token are kept by address and key, for an address alone proves nothing. */
  keyFingerprint: string;
  /** PKCS#8, RSASSA-PKCS1-v1_5 with SHA-256; opened only where something is to be signed. */
  signingKey: () => Promise<CryptoKey>;
}

export type GoogleAnswer<T> = { ok: true; value: T } | { ok: false; error: GoogleError };

export interface GoogleError {
  /**
   * What can be done about it: nothing until the request (`invalid`), the account (`credentials`, `permission`) or the
   * API's configuration (`disabled`) is another; send it silently (`notification_quota`); later (`busy`, `unreachable`).
   */
  kind:
    | "invalid"
    | "credentials"
    | "permission"
    | "disabled"
    | "not_found"
    | "already_exists"
    | "notification_quota"
    | "busy"
    | "unreachable";
  /** HTTP status; null if there was no answer. */
  status: number | null;
  /** As Google names it, such as `permissionDenied`. */
  reason: string | null;
  /** As Google wrote it. It can quote what was sent: not for logs. */
  message: string;
  retryAfterSeconds: number | null;
}

export type ResourceKind = "class" | "object";

/** One call of a batch. */
export type GoogleCall =
  | { method: "insert"; kind: ResourceKind; vertical: GoogleVertical; body: JsonObject }
  | { method: "get"; kind: ResourceKind; vertical: GoogleVertical; id: string }
  | { method: "patch"; kind: ResourceKind; vertical: GoogleVertical; id: string; body: JsonObject }
  | { method: "addMessage"; kind: ResourceKind; vertical: GoogleVertical; id: string; message: JsonObject };

export interface GoogleApi {
  /** Mints a token and answers how far our clock is from Google's, in milliseconds; null if that cannot be told. */
  authorize: () => Promise<GoogleAnswer<{ clockSkewMs: number | null }>>;
  getIssuer: (issuerId: string) => Promise<GoogleAnswer<JsonObject>>;
  call: (call: GoogleCall) => Promise<GoogleAnswer<JsonObject>>;
  /** Many calls in one request, each with its own answer, in their order. */
  batch: (calls: GoogleCall[]) => Promise<GoogleAnswer<JsonObject>[]>;
  /** Inserts; what is there already is patched instead. */
  put: (
    kind: ResourceKind,
    vertical: GoogleVertical,
    body: JsonObject & { id: string },
  ) => Promise<GoogleAnswer<JsonObject>>;
}
