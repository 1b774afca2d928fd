import type { ErrorCode } from "../services/errors";

export interface ProblemType {
  status: 400 | 401 | 403 | 404 | 405 | 409 | 410 | 412 | 413 | 415 | 422 | 429 | 500 | 503;
  /** The same for every occurrence. */
  title: string;
  /** For the page of the code: what happened, and what to do. */
  meaning: string;
  remedy: string;
}

/** Every code that can be answered; a code without a row does not compile. */
export const problemTable: Record<ErrorCode, ProblemType> = {
  validation_error: {
    status: 400,
    title: "The request is not valid",
    meaning: "At least one member of the body, or one parameter, cannot be accepted. Nothing was stored.",
    remedy: "Each entry of `errors` names one of them by `pointer` and says what was expected. Correct all and repeat.",
  },
  malformed_json: {
    status: 400,
    title: "The body is not JSON",
    meaning: "The body could not be parsed as JSON in UTF-8.",
    remedy:
      "Send one JSON object. A missing comma, a trailing one, or a quote inside a shell's quotes is the usual cause.",
  },
  malformed_callback: {
    status: 400,
    title: "The body is no callback of Google Wallet",
    meaning: "The body is not JSON, or lacks what a callback of Google Wallet has.",
    remedy: "Only Google calls this endpoint. To try it, save or remove a pass at the simulator of a sandbox.",
  },
  unsupported_signature_scheme: {
    status: 400,
    title: "The signature scheme is not supported",
    meaning:
      "The body is a JWT, or names another protocol than `ECv2SigningOnly`, which is what Google Wallet signs callbacks with.",
    remedy: "Only Google calls this endpoint. To try it, save or remove a pass at the simulator of a sandbox.",
  },
  invalid_callback_signature: {
    status: 401,
    title: "The callback is not authentic",
    meaning: "Google has not signed this message for this account's issuer.",
    remedy:
      "If Google sent it, compare the issuer id of the account (`GET /v2/google/account`) with that of the class; the answer there also says what was refused and why.",
  },
  callback_expired: {
    status: 401,
    title: "The callback has expired",
    meaning: "The message, or the key that it was signed with, is no longer valid.",
    remedy:
      "Nothing is to be done if somebody sent an old message again. If Google sent it, compare the clock of this deployment with the right time.",
  },
  missing_token: {
    status: 401,
    title: "No credential was sent",
    meaning: "The request has no `Authorization: Bearer …` header.",
    remedy: "Send your API key as bearer token: `Authorization: Bearer wp_…`.",
  },
  malformed_token: {
    status: 401,
    title: "The credential is not an API key",
    meaning: "The bearer token has not the form of a key, or its checksum is wrong: it was probably not copied whole.",
    remedy: "Copy the key again, whole, as it was shown when it was made.",
  },
  unknown_key: {
    status: 401,
    title: "The API key is unknown",
    meaning: "No key with this id and secret exists.",
    remedy: "Use another key, or make a new one. A lost secret cannot be shown again.",
  },
  revoked_key: {
    status: 401,
    title: "The API key was revoked",
    meaning: "The key existed and was revoked.",
    remedy: "Use another key, or make a new one.",
  },
  expired_key: {
    status: 401,
    title: "The API key has expired",
    meaning: "The key's expiry has passed, or it was rotated and its window is over.",
    remedy: "Use the key that replaced it, or make a new one.",
  },
  key_environment_mismatch: {
    status: 401,
    title: "The API key belongs to the other environment",
    meaning: "A `wp_test_` key works in the sandbox only, a `wp_live_` key in production only.",
    remedy: "Use a key of this environment, or the base URL of the key's environment.",
  },
  invalid_admin_token: {
    status: 401,
    title: "The admin token is wrong",
    meaning: "`/admin` takes the deployment's `ADMIN_TOKEN` as bearer token.",
    remedy: "Send the token that the first deploy printed, or set a new one with `wrangler secret put ADMIN_TOKEN`.",
  },
  insufficient_scope: {
    status: 403,
    title: "The credential lacks a scope",
    meaning: "The key is valid, but was not given the scope that this operation needs; `requiredScopes` names it.",
    remedy: "Use a key with this scope, or make one.",
  },
  tenant_suspended: {
    status: 403,
    title: "The account is suspended",
    meaning: "The operator of this deployment suspended the account.",
    remedy: "Ask the operator.",
  },
  https_required: {
    status: 403,
    title: "Only HTTPS is served",
    meaning: "The request came over plain HTTP, where anybody on the way can read a key.",
    remedy: "Use https://. Rotate the key if one was sent.",
  },
  not_found: {
    status: 404,
    title: "There is no such thing",
    meaning: "No object of this id exists in this account, or the path is unknown.",
    remedy: "Check the id and the environment. An object of another account is answered the same way.",
  },
  method_not_allowed: {
    status: 405,
    title: "The path does not take this method",
    meaning: "The path exists, but not with this method; `Allow` lists those that it takes.",
    remedy: "Use one of the methods in `Allow`.",
  },
  external_id_taken: {
    status: 409,
    title: "The externalId is taken",
    meaning: "The template has a pass with this `externalId` that is not voided; `passId` names it.",
    remedy: "Update that pass, or send the request with `?upsert=true` to replace its content.",
  },
  template_in_use: {
    status: 409,
    title: "The template is in use",
    meaning: "Passes of the template are active.",
    remedy:
      "Archive the template first (PATCH `status` to `archived`); then it can be deleted, and its passes live on.",
  },
  template_archived: {
    status: 409,
    title: "The template is archived",
    meaning: "No passes are issued from an archived template.",
    remedy: "Use another template, or PATCH `status` back to `active`.",
  },
  pass_voided: {
    status: 409,
    title: "The pass is voided",
    meaning: "A voided pass can be read, but not changed or linked.",
    remedy: "Issue a new pass. Its externalId is free again.",
  },
  key_revoked: {
    status: 409,
    title: "A key that no longer works cannot be rotated",
    meaning: "Rotation keeps the old key alive for a while; one that was revoked or has expired stays dead.",
    remedy: "Make a new key.",
  },
  apple_not_configured: {
    status: 409,
    title: "Apple Wallet is not set up",
    meaning:
      "The account has no Apple pass type certificate for this pass, or it has expired, so the file cannot be signed.",
    remedy: "Import a certificate (`POST /v2/apple/certificates`). In a sandbox, saving any template makes one.",
  },
  nfc_certificate_required: {
    status: 409,
    title: "The certificate has no NFC right",
    meaning:
      "The pass has `nfc` or a personalization, and Wallet opens such a pass only if its certificate was issued with NFC.",
    remedy: "Ask Apple for an NFC-enabled pass type certificate and import it, or take `nfc` and personalization away.",
  },
  google_not_configured: {
    status: 409,
    title: "Google Wallet is not set up",
    meaning: "The account is not connected to an issuer at Google.",
    remedy: "Connect it with `PUT /v2/google/account`. In a sandbox every account is connected to the simulator.",
  },
  image_in_use: {
    status: 409,
    title: "The image is in use",
    meaning: "Templates or passes show the image; `templateUses` and `passUses` say how many.",
    remedy:
      "Take the image out of the passes first. A template keeps its versions, and so their images, for its passes.",
  },
  images_not_configured: {
    status: 409,
    title: "Images cannot be converted here",
    meaning:
      "The deployment has no Images binding, or its quota is used up, so a picture cannot be converted or resized.",
    remedy: "Send PNGs of the exact sizes for each density, or ask the operator to add the `[images]` binding.",
  },
  certificate_request_completed: {
    status: 409,
    title: "The certificate request is done",
    meaning: "The request got its certificate before, and its key now belongs to that certificate.",
    remedy: "To renew a certificate, make a new request.",
  },
  certificate_is_default: {
    status: 409,
    title: "The certificate is the default",
    meaning: "New passes are issued under this certificate, and the account has others.",
    remedy: "Make another certificate the default first.",
  },
  certificate_in_use: {
    status: 409,
    title: "Passes of the certificate are on devices",
    meaning:
      "Devices have passes of this type and call for their updates; without a certificate of the type nobody could answer them.",
    remedy: "To replace the certificate or its key, import its renewal: it takes the place of this one at once.",
  },
  device_unauthorized: {
    status: 401,
    title: "The device may not do this",
    meaning:
      "No pass of this type, serial number and authentication token exists. Which of them is wrong is not told (PassKit web service).",
    remedy: "Send `Authorization: ApplePass <authenticationToken>` with the values that stand in the pass.",
  },
  link_gone: {
    status: 410,
    title: "The link is closed",
    meaning: "The link was revoked, or its pass was voided; `reason` says which.",
    remedy: "Ask who sent the link for a new one.",
  },
  version_mismatch: {
    status: 412,
    title: "The pass has changed since it was read",
    meaning: "`If-Match` named a version that is no longer the present one; `currentVersion` names that.",
    remedy: "Read the pass again, and repeat the change on what it is now.",
  },
  body_too_large: {
    status: 413,
    title: "The body is too large",
    meaning:
      "A body may have 1 MiB, 8 MiB for a template, 12 MiB where one file is sent, 64 KiB from a device, 16 KiB as a callback of Google Wallet.",
    remedy: "Send less at once; upload images once and refer to them by id.",
  },
  unsupported_media_type: {
    status: 415,
    title: "The media type is not supported",
    meaning: "The operation takes `application/json`.",
    remedy: "Send JSON, with `Content-Type: application/json`.",
  },
  idempotency_in_progress: {
    status: 409,
    title: "The first request with this Idempotency-Key is still running",
    meaning: "A request with the same `Idempotency-Key` came before and has not been answered yet.",
    remedy: "Wait for the seconds in `Retry-After` and repeat the request: the answer of the first one is replayed.",
  },
  idempotency_key_reused: {
    status: 422,
    title: "The Idempotency-Key belongs to another request",
    meaning:
      "A request with the same `Idempotency-Key` and another method, path, query, body or `If-Match` was made within 24 hours; or it was the same request, and what it made has been deleted since. Nothing was done.",
    remedy: "Make a new key for each request, and use it again only to repeat exactly that request.",
  },
  rate_limited: {
    status: 429,
    title: "Too many requests",
    meaning: "The account has used up its requests for this window.",
    remedy: "Wait for the seconds in `Retry-After`, then go on more slowly.",
  },
  internal_error: {
    status: 500,
    title: "Something broke here",
    meaning: "A fault of the server, not of the request.",
    remedy: "Repeat the request a little later. If it stays, tell the operator the `requestId`.",
  },
  master_key_mismatch: {
    status: 500,
    title: "The master key does not fit the stored secrets",
    meaning: "Secrets in the database were sealed under another MASTER_KEY.",
    remedy: "The operator restores the former MASTER_KEY, or sets it as MASTER_KEY_PREVIOUS.",
  },
  temporarily_unavailable: {
    status: 503,
    title: "Not possible at this moment",
    meaning:
      "The system is busy, something that it depends on is down, or the account of the pass is suspended. Nothing was stored.",
    remedy: "Repeat after the seconds in `Retry-After`.",
  },
};
