import type { CallbackFailure } from "../../google-wallet/callback";

/** For the tenant: what was wrong with messages that were not taken, and what to look at. */
const explanations: Record<CallbackFailure, string> = {
  not_json:
    "What came is not JSON: it was cut off on its way, or is not from Google at all but from somebody who found the address, such as a scanner, and then nothing is to be done.",
  jwt: "What came is a JWT, which Google sends to nobody: look for a service or a test of your own that posts one, for callbacks are signed by ECv2SigningOnly.",
  wrong_shape:
    "What came is JSON without the members of a signed message: somebody else found the address, or a proxy in between rewrites bodies; the body has to arrive as it was sent.",
  unsupported_protocol:
    "The message names another protocol than ECv2SigningOnly: if Google has begun to send a newer one, this deployment has to be upgraded.",
  no_live_root_key:
    "Google's keys could not be fetched, or none of them is alive: see whether this deployment may reach pay.google.com over HTTPS, compare its clock with the right time, and see where GOOGLE_CALLBACK_KEYS_URL points, if it is set.",
  bad_intermediate_signature:
    "No key of Google's vouches for the key that signed the message: it is a forgery, or GOOGLE_CALLBACK_KEYS_URL points at the keys of somebody else, such as a simulator.",
  bad_intermediate_key:
    "Google vouches for the key that signed the message, but it is no P-256 key with an end: if that goes on, Google sends something new, and this deployment has to be upgraded.",
  intermediate_key_expired:
    "The key that signed the message has expired: it is an old message that somebody sent again, or the clock of this deployment is ahead.",
  bad_signature:
    "The message was changed on its way, or is for another issuer: see which issuer's classes name this address in callbackOptions, and compare its id with that of this account and with the Google Pay & Wallet Console.",
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
    "The message is signed for an issuer of this account, but is about a class or pass of another one: nothing can be done here; if that goes on, ask Google's support.",
};

export const refusalReasons = Object.keys(explanations) as [CallbackFailure, ...CallbackFailure[]];

const isKnown = (reason: string): reason is CallbackFailure => Object.hasOwn(explanations, reason);

/** One sentence for each reason. Another version of this deployment may have noted one that this one does not know. */
export const explainRefusal = (reason: string): string =>
  isKnown(reason)
    ? explanations[reason]
    : "Another version of this deployment did not take these messages; see its documentation for the reason.";
