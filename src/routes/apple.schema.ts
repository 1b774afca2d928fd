import * as z from "zod";
import { operation } from "../http/operation";
import { exampleId } from "../http/schemas";
import { tokenPattern } from "../services/passes/personalize";

/** How devices speak, in Apple's names. They may send more than is known today, so no member is refused. */

const code = z.string().meta({ description: "Code of the account, as in `webServiceURL`.", examples: ["K7X2M9QA"] });
const deviceLibraryIdentifier = z
  .string()
  .min(1)
  .max(255)
  .meta({
    description: "What the device calls itself here; a secret.",
    examples: ["b33e3a3dccb3030333e3333da33333a3"],
  });
const passTypeIdentifier = z
  .string()
  .meta({ description: "Type of the pass.", examples: ["pass.sandbox.wepass.k7x2m9qa"] });
const serialNumber = z.string().meta({ description: "Serial number of the pass.", examples: [exampleId("pass")] });

export const accountPath = z.object({ code });
export const devicePath = z.object({ code, deviceLibraryIdentifier, passTypeIdentifier });
export const registrationPath = z.object({ code, deviceLibraryIdentifier, passTypeIdentifier, serialNumber });
export const passPath = z.object({ code, passTypeIdentifier, serialNumber });

const registrationExample = { pushToken: "0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f9" };

export const registrationBody = z
  .object({
    pushToken: z
      .string()
      .min(1)
      .max(1000)
      .meta({ description: "Where to push to; opaque.", examples: [registrationExample.pushToken] }),
  })
  .meta({ id: "DeviceRegistration", description: "What a device registers with.", examples: [registrationExample] });

export const updatesQuery = z.object({
  passesUpdatedSince: z
    .string()
    .optional()
    .meta({
      description: "`lastUpdated` of the last answer. What is no such tag counts as none.",
      examples: ["1000000"],
    }),
});

const changedExample = { serialNumbers: [exampleId("pass")], lastUpdated: "1042" };

const changedPasses = z
  .object({
    serialNumbers: z
      .array(z.string())
      .meta({ description: "Passes that the device should fetch.", examples: [changedExample.serialNumbers] }),
    lastUpdated: z
      .string()
      .meta({ description: "Opaque tag for the next question.", examples: [changedExample.lastUpdated] }),
  })
  .meta({ id: "ChangedPasses", description: "What changed for a device.", examples: [changedExample] });

const logExample = { logs: ["[2026-05-01 16:30:00 +0000] Get pass task encountered error: Authentication failure"] };

export const logBody = z
  .object({ logs: z.array(z.string()).meta({ description: "Messages.", examples: [logExample.logs] }) })
  .meta({ id: "DeviceLogs", description: "What a device complains of.", examples: [logExample] });

const infoExample = {
  fullName: "Zoë Winter",
  givenName: "Zoë",
  familyName: "Winter",
  emailAddress: "zoe@example.com",
  phoneNumber: "+493012345678",
  postalCode: "10115",
  ISOCountryCode: "DE",
};

const given = (name: keyof typeof infoExample, description: string) =>
  z
    .string()
    .trim()
    .max(name === "emailAddress" ? 320 : 200)
    .nullish()
    .meta({ description, examples: [infoExample[name]] });

const personalizationExample = { personalizationToken: "dGhlIHRva2Vu", requiredPersonalizationInfo: infoExample };

export const personalizationBody = z
  .object({
    personalizationToken: z
      .string()
      .regex(
        tokenPattern,
        "expected 1 to 1,000 printable ASCII characters without spaces, quotes, backslashes and braces",
      )
      .meta({ description: "What is to be signed; opaque.", examples: [personalizationExample.personalizationToken] }),
    requiredPersonalizationInfo: z
      .object({
        fullName: given("fullName", "Name."),
        givenName: given("givenName", "Given name."),
        familyName: given("familyName", "Family name."),
        emailAddress: given("emailAddress", "E-mail address."),
        phoneNumber: given("phoneNumber", "Phone number, as the person wrote it."),
        postalCode: given("postalCode", "Postal code."),
        ISOCountryCode: z
          .string()
          .regex(/^[A-Za-z]{2,3}$/, "expected an ISO 3166 country code")
          .nullish()
          .meta({ description: "ISO 3166 code of the country.", examples: [infoExample.ISOCountryCode] }),
      })
      .meta({ description: "What the person filled in, of what the pass asks for.", examples: [infoExample] }),
  })
  .meta({ id: "Enrolment", description: "A person enrols.", examples: [personalizationExample] });

const held =
  "Takes the pass's authenticationToken: `Authorization: ApplePass <authenticationToken>`. A wrong one and an unknown pass are answered alike.";

/** What the document says of each call. */
export const docs = {
  register: operation({
    id: "registerDevice",
    tag: "PassKit web service",
    summary: "Register a device for a pass",
    description: `Called when the pass was added. A repeated call stores the push token that it brings.\n\n${held}`,
    access: "public",
    requestExample: registrationExample,
    responses: {
      201: { description: "The device is registered." },
      200: { description: "The device was registered before." },
    },
    errors: ["device_unauthorized", "validation_error", "malformed_json", "body_too_large", "rate_limited"],
  }),
  unregister: operation({
    id: "unregisterDevice",
    tag: "PassKit web service",
    summary: "Unregister a device",
    description: `Called when the pass was removed. A device without passes is forgotten.\n\n${held}`,
    access: "public",
    responses: { 200: { description: "The device is not registered any more." } },
    errors: ["device_unauthorized", "validation_error", "rate_limited"],
  }),
  listUpdates: operation({
    id: "listUpdatedPasses",
    tag: "PassKit web service",
    summary: "List the passes that changed",
    description:
      "Passes of this type that the device is registered for and that changed. The device's id is the secret.",
    access: "public",
    responses: {
      200: { description: "What changed, and the tag for the next question.", schema: changedPasses },
      204: { description: "Nothing changed." },
    },
    errors: ["validation_error", "rate_limited"],
  }),
  fetch: operation({
    id: "fetchUpdatedPass",
    tag: "PassKit web service",
    summary: "Fetch the latest pass",
    description: `Answers the signed pass, or its headers to HEAD. \`If-None-Match\` with the \`ETag\` is exact and wins over \`If-Modified-Since\`, by which a second with two changes is answered in full. A renewed certificate does not change the \`ETag\`: the content is the same. A voided pass is answered, void. While the account is suspended, what changed is answered 503; once it is deleted, or the certificate was removed, 401.\n\n${held}`,
    access: "public",
    responses: {
      200: {
        description: "The pass.",
        mediaType: "application/vnd.apple.pkpass",
        headers: {
          etag: { description: "Its revision.", schema: { type: "string" } },
          "last-modified": { description: "When it last changed.", schema: { type: "string" } },
        },
      },
      304: { description: "The device has this pass." },
    },
    errors: [
      "device_unauthorized",
      "rate_limited",
      "apple_not_configured",
      "nfc_certificate_required",
      "temporarily_unavailable",
      "master_key_mismatch",
    ],
  }),
  personalize: operation({
    id: "personalizePass",
    tag: "PassKit web service",
    summary: "Enrol a person (rewards enrolment)",
    description: `Stores what the person filled in on the pass's customer (a new one with the pass's id, if it has none) and in the fields that the template names, and answers the detached CMS signature of the token. A repeated call answers the signature again and changes nothing. A pass whose template asks for nothing answers 404, one that cannot be signed now 409, and one of a suspended account 503.\n\n${held}`,
    access: "public",
    requestExample: personalizationExample,
    responses: { 200: { description: "The signature, DER.", mediaType: "application/octet-stream" } },
    errors: [
      "device_unauthorized",
      "rate_limited",
      "validation_error",
      "malformed_json",
      "body_too_large",
      "not_found",
      "pass_voided",
      "apple_not_configured",
      "nfc_certificate_required",
      "temporarily_unavailable",
      "master_key_mismatch",
    ],
  }),
  log: operation({
    id: "logDeviceErrors",
    tag: "PassKit web service",
    summary: "Log what a device complains of",
    description:
      "Takes any body, and reads its first 64 KiB. Of one call 20 messages of 1,000 characters are kept, of an account the newest 1,000, and of too many calls none, without a word; list them at `/v2/apple/logs`.",
    access: "public",
    requestExample: logExample,
    responses: { 200: { description: "Heard." } },
    errors: ["body_too_large", "rate_limited"],
  }),
};
