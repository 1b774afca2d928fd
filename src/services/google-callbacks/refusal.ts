import type { CallbackFailure } from "../../google-wallet/callback";
import { ServiceError } from "../errors";

/** What a sender hears. Which of a group it was stays in the log and in the tenant's diagnostics. */
export function refusalOf(reason: CallbackFailure): ServiceError {
  switch (reason) {
    case "not_json":
    case "wrong_shape":
    case "message_malformed":
    case "expiry_missing":
    case "nonce_missing":
    case "event_type_missing":
    case "ids_missing":
      return new ServiceError("malformed_callback", "This is not what Google Wallet sends.");
    case "jwt":
    case "unsupported_protocol":
      return new ServiceError("unsupported_signature_scheme", "Only messages signed by ECv2SigningOnly are taken.");
    case "bad_intermediate_signature":
    case "bad_intermediate_key":
    case "bad_signature":
    case "foreign_issuer":
      return new ServiceError("invalid_callback_signature", "This message is not from Google for this account.");
    case "intermediate_key_expired":
    case "message_expired":
      return new ServiceError("callback_expired", "This message, or the key that it is signed with, has expired.");
    case "no_live_root_key":
      return new ServiceError(
        "temporarily_unavailable",
        "The keys of Google's signatures cannot be had at the moment.",
        { retryAfterSeconds: 60 },
      );
  }
}
