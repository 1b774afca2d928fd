import type {
  GoogleAnswer,
  GoogleCall,
  GoogleError,
  Patience,
  ResourceKind,
  ServiceAccount,
} from "../../google-wallet/client/types";
import type { JsonObject } from "../../pass-model/resolved-pass";
import type { GoogleVertical } from "../../pass-model/vocabulary";

export type { GoogleAnswer, GoogleCall, GoogleError, Patience, ResourceKind, ServiceAccount };

/** Google's Wallet Objects API, as verbs use it: https://developers.google.com/wallet/reference/rest */
export interface GoogleWallet {
  /** The API as one service account sees it. Calls never throw. */
  as: (account: ServiceAccount, patience?: Patience) => GoogleApi;
  /** The link that saves what a signed JWT names. */
  saveUrl: (jwt: string) => string;
  /** Where the keys are published that callbacks are signed with. */
  callbackKeysUrl: string;
  /** Fetches them; null if that fails, for whatever reason. */
  fetchCallbackKeys: () => Promise<FetchedKeys | null>;
}

export interface FetchedKeys {
  /** A JSON object, not looked into. */
  document: JsonObject;
  /** How long it may be used, by its `Cache-Control` and `Age` (RFC 9111 §4.2); 0 if they allow none. */
  freshForMs: number;
}

export interface GoogleApi {
  /** Mints a token, whatever token is at hand, and answers how far our clock is ahead of Google's. */
  authorize: () => Promise<Authorization>;
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

/** `clockSkewMs` is null if it cannot be told; it is told of a refusal, too, for a wrong clock is a frequent cause. */
export type Authorization =
  | { ok: true; value: { clockSkewMs: number | null } }
  | { ok: false; error: GoogleError; clockSkewMs?: number | null };
