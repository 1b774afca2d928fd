import type { JsonObject } from "../../pass-model/resolved-pass";
import type { GoogleVertical } from "../../pass-model/vocabulary";

/** What the simulator knows of one object when its card is drawn. */
export interface SavedCard {
  vertical: GoogleVertical;
  /** As the API would answer them. */
  class: JsonObject;
  object: JsonObject;
  /** Whether it is in the simulated holder's wallet. */
  saved: boolean;
  /** Newest first. */
  notifications: CardNotification[];
  /** Callbacks that were sent for it, newest first. */
  callbacks: CardCallback[];
}

/** What the simulated phone's lock screen showed. */
export interface CardNotification {
  /** Epoch milliseconds. */
  at: number;
  /** `message`: addMessage with TEXT_AND_NOTIFY. `update`: a field that notifies was changed with notifyPreference. */
  cause: "message" | "update";
  header: string;
  body: string;
}

export interface CardCallback {
  at: number;
  eventType: "save" | "del";
  url: string;
  /** HTTP status of the answer; null if there was none. */
  status: number | null;
}

/** Draws the save page. Its forms post to `actions`. Answers HTML. */
export interface SavePageOptions {
  card: SavedCard;
  /** BCP 47 tag of the reader. */
  language: string;
  now: number;
  actions: { save: string; remove: string };
}

/** Keys with which callbacks are signed (ECv2SigningOnly), as JWK; they live as long as the simulator's storage. */
export interface CallbackKeys {
  root: { privateKey: JsonWebKey; publicKey: JsonWebKey };
  intermediate: { privateKey: JsonWebKey; publicKey: JsonWebKey };
  /** Epoch milliseconds. */
  rootExpiresAt: number;
  intermediateExpiresAt: number;
}
