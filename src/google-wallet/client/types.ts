import type { JsonObject } from "../../pass-model/resolved-pass";
import type { GoogleVertical } from "../../pass-model/vocabulary";

export interface ServiceAccount {
  clientEmail: string;
  privateKeyId: string | null;
  /** Lowercase hex SHA-256 of the public key. Quota and token are kept by address and key, for an address alone proves nothing. */
  keyFingerprint: string;
  /** PKCS#8, RSASSA-PKCS1-v1_5 with SHA-256; opened only where something is to be signed. */
  signingKey: () => Promise<CryptoKey>;
  /** Called when no token was minted for these credentials. */
  onRefused?: () => void;
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

/** How long who calls can wait. */
export interface Patience {
  /**
   * Nothing is sent after it (epoch milliseconds): what was not sent by then answers `busy`, what was cut off
   * `unreachable`. None unless given.
   */
  deadline?: number;
  /** For a place in the account's rate; 5 seconds unless given. Who can come back later leaves places to people by less. */
  waitMsMax?: number;
}

export type ResourceKind = "class" | "object";

/** One call of a batch. */
export type GoogleCall =
  | { method: "insert"; kind: ResourceKind; vertical: GoogleVertical; body: JsonObject }
  | { method: "get"; kind: ResourceKind; vertical: GoogleVertical; id: string }
  /** PUT: replaces everything. */
  | { method: "update"; kind: ResourceKind; vertical: GoogleVertical; id: string; body: JsonObject }
  /** Merges, at any depth; arrays are replaced whole. */
  | { method: "patch"; kind: ResourceKind; vertical: GoogleVertical; id: string; body: JsonObject }
  | { method: "addMessage"; kind: ResourceKind; vertical: GoogleVertical; id: string; message: JsonObject };

/** A bearer token of Google's, and when it ends (epoch milliseconds). */
export interface MintedToken {
  token: string;
  expiresAt: number;
}

export interface AdmitInput {
  /** Requests that Google will count. */
  cost: number;
  /** A token that Google did not take; null if there is none such. */
  rejected: string | null;
  /** Who would wait longer is sent away. */
  waitMsMax: number;
}

/** Leave to send with this token after so many milliseconds; or none for now; or no token is to be had. */
export type Admission =
  | { ok: true; token: string; waitMs: number }
  | { ok: false; refusedForMs: number }
  | { ok: false; error: GoogleError };

/** What all isolates share of one service account: its token and its quota. */
export interface Gate {
  /** `mint` answers null if whose it is has no time left for it. */
  admit: (input: AdmitInput, mint: () => Promise<GoogleAnswer<MintedToken> | null>) => Promise<Admission>;
}
