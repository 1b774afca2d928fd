import type { CallbackFailure } from "../../google-wallet/callback";

/** For the tenant: what was wrong with messages that were not taken, and what to look at. */
const explanations: Record<CallbackFailure, string> = {
  not_json:
    "What came is not JSON, so it is not from Google: somebody else, such as a scanner, found the address; nothing is to be done.",
  jwt: "What came is a JWT, which Google sends to nobody: look for a service or a test of your own that posts one, for callbacks are signed by ECv2SigningOnly.",
  wrong_shape:
    "What came is JSON without the members of a signed message: somebody else found the address, or a proxy in between rewrites bodies; the body has to arrive as it was sent.",
  unsupported_protocol:
    "The message names another protocol than ECv2SigningOnly: if Google has begun to send a newer one, this deployment has to be upgraded.",
  no_live_root_key:
    "Among the keys that were fetched none is alive: compare the clock of this deployment with the right time, and see where GOOGLE_CALLBACK_KEYS_URL points, if it is set.",
  bad_intermediate_signature:
    "The key that signed the message is not certified by Google: it is a forgery, or GOOGLE_CALLBACK_KEYS_URL points at another deployment's keys.",
  bad_intermediate_key:
    "The key that signed the message is certified, but is no key on P-256 with an expiry: if that goes on, Google sends something new, and this deployment has to be upgraded.",
  intermediate_key_expired:
    "The key that signed the message has expired: it is an old message that somebody sent again, or the clock of this deployment is ahead.",
  bad_signature:
    "The signature is not for an issuer of this account: the message was changed, or a class of another issuer names this address in its callbackOptions; compare the issuer id with the one in the Google Pay & Wallet Console.",
  message_expired:
    "The message came after its time was over: somebody sent an old one again, or the clock of this deployment is ahead.",
  message_malformed:
    "The message is signed by Google, but is not the JSON that Wallet documents: if that goes on, Google sends something new, and this deployment has to be upgraded.",
  expiry_missing:
    "The message is signed by Google, but lacks when it expires (expTimeMillis), so an old one could not be told from a new one: if that goes on, this deployment has to be upgraded.",
  nonce_missing:
    "The message is signed by Google, but lacks its nonce, by which repeats are known: if that goes on, this deployment has to be upgraded.",
  event_type_missing:
    "The message is signed by Google, but does not say what happened (eventType): if that goes on, this deployment has to be upgraded.",
  ids_missing:
    "The message is signed by Google, but names no pass: if that goes on, Google sends something new, and this deployment has to be upgraded.",
  foreign_issuer:
    "The message is about a class or pass of another issuer than it is signed for, or no issuer is connected: connect the issuer whose classes name this address (PUT /v2/google/account).",
};

export const refusalReasons = Object.keys(explanations) as [CallbackFailure, ...CallbackFailure[]];

const isKnown = (reason: string): reason is CallbackFailure => Object.hasOwn(explanations, reason);

/** One sentence for each reason. Another version of this deployment may have noted one that this one does not know. */
export const explainRefusal = (reason: string): string =>
  isKnown(reason)
    ? explanations[reason]
    : "Another version of this deployment did not take these messages; see its documentation for the reason.";
