import type { MiddlewareHandler } from "hono";
import { resolver, uniqueSymbol } from "hono-openapi";
import * as z from "zod";
import { describe } from "../http/device";
import { operation } from "../http/operation";
import { exampleId } from "../http/schemas";
import { schemaOptions } from "../http/validate";

/** The sign-up redirect of a discoverable loyalty programme. The names of what comes in are Google's. */

export const accountPath = z.object({
  tenantId: z.string().meta({ description: "Id of the account.", examples: [exampleId("tenant")] }),
});

const valuesExample = { firstName: "Zoë", lastName: "Winter", email: "zoe@example.com" };

const encodedExample = "eyJGSVJTVF9OQU1FIjoiWm_DqyIsIkxBU1RfTkFNRSI6IldpbnRlciIsIkVNQUlMIjoiem9lQGV4YW1wbGUuY29tIn0";

const profileMembers = {
  userProfile: z
    .string()
    .optional()
    .meta({
      description:
        "Base64 (standard or URL-safe, padded or not) of a JSON object with any of `FIRST_NAME`, `LAST_NAME`, `STREET_ADDRESS`, `ADDRESS_LINE_1`, `ADDRESS_LINE_2`, `ADDRESS_LINE_3`, `CITY`, `STATE`, `ZIPCODE`, `COUNTRY`, `EMAIL` and `PHONE`, whatever their case and separators. At most 8,192 characters; 256 of each value are kept.",
      examples: [encodedExample],
    }),
  SharedDataType: z
    .string()
    .optional()
    .meta({ description: "As `userProfile`, by its other name; read if that is empty.", examples: [encodedExample] }),
};

export const describeQuery = describe(
  "query",
  z.object({
    url: z
      .string()
      .optional()
      .meta({
        description:
          "Where on the account's own site: a path below its `publicUri`, with a query and fragment of its own if need be. At most 2,048 characters; nothing that leads elsewhere, however it is encoded.",
        examples: ["/join?campaign=wallet"],
      }),
    ...profileMembers,
  }),
);

const form = z
  .object(profileMembers)
  .meta({ id: "GoogleSignupForm", description: "What Google posts.", examples: [{ userProfile: encodedExample }] });

const formContent = { schema: resolver(form, { options: schemaOptions }), example: { userProfile: encodedExample } };

/** Tells the document of the form, which may be left out. */
export const describeForm: MiddlewareHandler = Object.assign(((_, next) => next()) satisfies MiddlewareHandler, {
  [uniqueSymbol]: {
    spec: {
      requestBody: {
        required: false,
        content: { "application/x-www-form-urlencoded": formContent, "multipart/form-data": formContent },
      },
    },
  },
});

const tokenExample = { token: "3vR8kQ0ZtLx5WcYb7NfHs2DgJm9PaEu4" };

export const redemption = z
  .strictObject({
    token: z
      .string()
      .min(1)
      .max(200)
      .meta({ description: "`prefill` of the query that the page was opened with.", examples: [tokenExample.token] }),
  })
  .meta({ id: "SignupPrefillRedemption", description: "Asks for the values of a token.", examples: [tokenExample] });

const value = (description: string, example: string) =>
  z
    .string()
    .optional()
    .meta({ description, examples: [example] });

const prefill = z
  .object({
    object: z.literal("signupPrefill").meta({ description: "Always `signupPrefill`.", examples: ["signupPrefill"] }),
    firstName: value("Given name.", "Zoë"),
    lastName: value("Family name.", "Winter"),
    streetAddress: value("Street address in one line.", "1 Finch Lane"),
    addressLine1: value("First line of the address.", "1 Finch Lane"),
    addressLine2: value("Second line of the address.", "Back house"),
    addressLine3: value("Third line of the address.", "2nd floor"),
    city: value("City.", "Berlin"),
    state: value("State or province.", "BE"),
    zipcode: value("Postal code.", "10115"),
    country: value("Country.", "DE"),
    email: value("E-mail address.", "zoe@example.com"),
    phone: value("Phone number, as Google sent it.", "+493012345678"),
  })
  .meta({
    id: "SignupPrefill",
    description: "What a person let Google send. What was not shared is left out; no value is empty.",
    examples: [{ object: "signupPrefill", ...valuesExample }],
  });

const trust =
  "The data is not signed and anybody can send it: it may fill in a form, and must never create or authenticate an account.";

const leads = `It leads to the account's \`publicUri\` with \`url\` behind it, and hands on what the person let Google send: as \`firstName\`, \`lastName\`, \`streetAddress\`, \`addressLine1\`, \`addressLine2\`, \`addressLine3\`, \`city\`, \`state\`, \`zipcode\`, \`country\`, \`email\` and \`phone\` in the query, or, where the account's \`signupPrefill\` is \`token\`, as \`prefill\`, a token that the page redeems once within ten minutes. Without data, or where one network sends very much of it, it leads there all the same. ${trust} No value is logged or repeated in an error, and every answer says \`Referrer-Policy: no-referrer\` and \`Cache-Control: no-store\`. Who accepts \`text/html\` is told of an error by a page.`;

const redirect = (description: string) => ({
  description,
  headers: { Location: { description: "A page of the account's own site.", schema: { type: "string" } } },
});

export const docs = {
  open: operation({
    id: "openGoogleSignup",
    tag: "Google",
    summary: "Open the sign-up page of a loyalty programme",
    description: `For \`merchantSignupInfo.signupWebsite\` of a discoverable programme, by a link. ${leads}`,
    access: "public",
    responses: { 302: redirect("Leads to the sign-up page.") },
    errors: ["validation_error", "not_found", "rate_limited"],
  }),
  post: operation({
    id: "postGoogleSignup",
    tag: "Google",
    summary: "Open the sign-up page, as Google does",
    description: `For \`merchantSignupInfo.signupWebsite\` of a discoverable programme: Google posts a form once the person agreed. ${leads}\n\nThe form is read before the query.`,
    access: "public",
    responses: { 303: redirect("Leads to the sign-up page, which the browser then gets.") },
    errors: [
      "validation_error",
      "not_found",
      "unsupported_media_type",
      "body_too_large",
      "https_required",
      "rate_limited",
    ],
  }),
  redeem: operation({
    id: "redeemSignupPrefill",
    tag: "Google",
    summary: "Redeem the token of a sign-up page",
    description: `Answers, once, the values behind the token that the page got in \`prefill\`. The page's script may call it: the origin of the account's \`publicUri\` is allowed (CORS), no other is, and no cookie is taken. A token that is unknown, was redeemed, is ten minutes old or of another account answers 404. ${trust}`,
    access: "public",
    requestExample: tokenExample,
    responses: { 200: { description: "The values.", schema: prefill } },
    errors: [
      "validation_error",
      "malformed_json",
      "unsupported_media_type",
      "body_too_large",
      "not_found",
      "https_required",
      "rate_limited",
      "master_key_mismatch",
    ],
  }),
};
