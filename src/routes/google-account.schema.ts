import * as z from "zod";
import { timestamp, warningSchema } from "../http/schemas";
import { jsonObject } from "../services/templates/schema";
import { findingCodes } from "../services/google/findings";
import { fileExamples } from "./apple-certificates.schema";
import { callbacksExample, callbacksSchema } from "./google-diagnostics.schema";

/** Shapes of the account at Google and of its check. */

const issuerIdExample = "3388000000012345678";
const clientEmailExample = "wallet@fern-finch.iam.gserviceaccount.com";
const keyIdExample = "8f4c0e7f6f2b4d7fb3a1c5d2e9a07b61c4f8e213";

export const accountExampleBody = {
  issuerId: issuerIdExample,
  serviceAccount: {
    type: "service_account",
    project_id: "fern-finch",
    private_key_id: keyIdExample,
    private_key: `-----BEGIN PRIVATE KEY-----\n${fileExamples.privateKey}\n-----END PRIVATE KEY-----\n`,
    client_email: clientEmailExample,
    token_uri: "https://oauth2.googleapis.com/token",
  },
};

const saveLink = z.enum(["skinny", "fat"]);
const saveLinkMeaning =
  "`skinny` links name a pass that is at Google already, and are short. `fat` ones carry the whole pass where it fits into 1,800 characters.";

const charactersMax = 20_000;

export const accountBody = z
  .strictObject({
    issuerId: z
      .string()
      .regex(
        /^\d{10,20}$/,
        "expected the issuer id as text, 10 to 20 digits, as the Google Pay & Wallet Console shows it",
      )
      .meta({ description: "Issuer id, as text.", examples: [issuerIdExample] }),
    serviceAccount: z
      .union([z.string().min(1).max(charactersMax), jsonObject], {
        error: "expected the JSON of a service account's key, as an object or as text",
      })
      .meta({
        description:
          "The JSON file that Google made for a key of the service account, as it is: the object, or its text. Line breaks of the key may be a literal `\\n`, as environment variables hold them.",
        examples: [accountExampleBody.serviceAccount],
      }),
    saveLink: saveLink.default("skinny").meta({ description: saveLinkMeaning, examples: ["skinny"] }),
  })
  .meta({
    id: "GoogleAccountConnection",
    description: "An issuer at Google, and the service account that acts for it.",
    examples: [
      accountExampleBody,
      { ...accountExampleBody, serviceAccount: JSON.stringify(accountExampleBody.serviceAccount), saveLink: "fat" },
    ],
  });

const findingExample = {
  code: "test_mode",
  severity: "info",
  detail: "Until Google has granted the issuer publishing access, passes carry [TEST ONLY], …",
  remedy: "For trials, add the Google accounts of your testers as test accounts in the Google Pay & Wallet Console, …",
} as const;

const findings = z
  .array(
    z
      .object({
        code: z.enum(findingCodes).meta({ description: "Stable, for programs.", examples: [findingExample.code] }),
        severity: z.enum(["error", "warning", "info"]).meta({
          description: "An `error` keeps passes from being issued at Google.",
          examples: [findingExample.severity],
        }),
        detail: z.string().meta({ description: "For people: what was seen.", examples: [findingExample.detail] }),
        remedy: z.string().meta({ description: "What to do, and where.", examples: [findingExample.remedy] }),
      })
      .meta({
        id: "GoogleAccountFinding",
        description: "What a check found.",
        examples: [findingExample],
      }),
  )
  .meta({ description: "What the check found.", examples: [[findingExample]] });

const accountExample = {
  object: "googleAccount",
  issuerId: issuerIdExample,
  clientEmail: clientEmailExample,
  privateKeyId: keyIdExample,
  simulated: false,
  saveLink: "skinny",
  createdAt: "2026-05-01T16:30:00.000Z",
  updatedAt: "2026-05-01T16:30:00.000Z",
  checkedAt: "2026-05-01T16:35:00.000Z",
  findings: [findingExample],
} as const;

const account = z.object({
  object: z.literal("googleAccount").meta({ description: "Always `googleAccount`.", examples: ["googleAccount"] }),
  issuerId: z.string().meta({ description: "Issuer under which passes are made.", examples: [issuerIdExample] }),
  clientEmail: z.string().meta({ description: "Address of the service account.", examples: [clientEmailExample] }),
  privateKeyId: z
    .string()
    .nullable()
    .meta({ description: "Id of its key, if Google's file named one.", examples: [keyIdExample] }),
  simulated: z
    .boolean()
    .meta({ description: "Whether Google is the simulator, as in every sandbox.", examples: [false] }),
  saveLink: saveLink.meta({ description: saveLinkMeaning, examples: ["skinny"] }),
  createdAt: timestamp("When an account was first connected; null of a sandbox's made-up one.").nullable(),
  updatedAt: timestamp("When it was last replaced.").nullable(),
  checkedAt: timestamp("When it was last checked; null before, and of a made-up one.").nullable(),
  findings: findings.nullable().meta({ description: "What that check found.", examples: [[findingExample]] }),
});

export const accountSchema = account.extend({ callbacks: callbacksSchema }).meta({
  id: "GoogleAccount",
  description: "The account at Google Wallet. The private key is never shown.",
  examples: [{ ...accountExample, callbacks: callbacksExample }],
});

export const connectedAccountSchema = account
  .extend({
    warnings: z.array(warningSchema).meta({ description: "What is accepted, and worth knowing.", examples: [[]] }),
  })
  .meta({
    id: "ConnectedGoogleAccount",
    description: "The account at Google Wallet that is in use now.",
    examples: [{ ...accountExample, checkedAt: null, findings: null, warnings: [] }],
  });

export const checkSchema = z
  .object({
    object: z
      .literal("googleAccountCheck")
      .meta({ description: "Always `googleAccountCheck`.", examples: ["googleAccountCheck"] }),
    ok: z.boolean().meta({ description: "Whether no finding is an `error`.", examples: [true] }),
    checkedAt: timestamp("When it was checked."),
    findings,
  })
  .meta({
    id: "GoogleAccountCheck",
    description: "What Google says to the account.",
    examples: [
      { object: "googleAccountCheck", ok: true, checkedAt: "2026-05-01T16:35:00.000Z", findings: [findingExample] },
    ],
  });
