import * as z from "zod";
import { exampleId, idOf, isoTime, timestamp, warningExample, warningSchema } from "../http/schemas";
import type { PassView } from "../services/passes/view";
import { googlePassJson, googlePassSchema } from "./google-pass.schema";
import { e164, instant, json, jsonObject, passOverrides } from "../services/templates/schema";

const customerId = z
  .string()
  .min(1)
  .max(200)
  .meta({ description: "Your own id of the person.", examples: ["member-4711"] });
const customerMembers = {
  name: z
    .string()
    .max(200)
    .nullable()
    .optional()
    .meta({ description: "Name.", examples: ["Zoë Winter"] }),
  email: z
    .email()
    .max(320)
    .nullable()
    .optional()
    .meta({ description: "E-mail address.", examples: ["zoe@example.com"] }),
  phone: e164
    .nullable()
    .optional()
    .meta({ description: "Phone number in E.164 form.", examples: ["+493012345678"] }),
  postalCode: z
    .string()
    .max(200)
    .nullable()
    .optional()
    .meta({ description: "Postal code.", examples: ["10115"] }),
  countryCode: z
    .string()
    .regex(/^[A-Z]{2,3}$/, "expected an ISO 3166 country code in capitals")
    .nullable()
    .optional()
    .meta({ description: "Country of the postal code, ISO 3166.", examples: ["DE"] }),
  segments: z
    .array(z.string().min(1).max(100))
    .max(50)
    .optional()
    .meta({ description: "Groups the person belongs to.", examples: [["vip"]] }),
};

const customerInput = z.strictObject({ id: customerId, ...customerMembers }).meta({
  id: "CustomerInput",
  description:
    "The person the pass belongs to; made or updated by your id of them. Members that are left out stay as they are; `null` takes one away.",
  examples: [{ id: "member-4711", email: "zoe@example.com" }],
});

export const values = z.record(z.string().max(100), z.union([z.string(), z.number()])).meta({
  description: "Value of each field, by key; checked against the template.",
  examples: [{ member: "Zoë Winter", points: 1200 }],
});

const changeMessage = z
  .string()
  .min(1)
  .max(200)
  .optional()
  .meta({
    description:
      "Lock-screen text of this update, in place of the changed fields' own. `%@` stands for the new value, which is appended where it is missing. If several fields change, Apple Wallet shows a general text instead, and Google Wallet one line for each.",
    examples: ["Points increased to %@"],
  });

const externalId = z.string().min(1).max(200);

export const issueExample = {
  templateId: exampleId("tmpl"),
  externalId: "card-4711",
  customer: { id: "member-4711", name: "Zoë Winter", email: "zoe@example.com" },
  values: { member: "Zoë Winter", points: 1200 },
};

export const issueBody = z
  .strictObject({
    templateId: z
      .string()
      .max(200)
      .meta({ description: "Template to issue from, at its newest version.", examples: [exampleId("tmpl")] }),
    externalId: externalId.optional().meta({
      description: "Your own id of the pass; unique among the template's passes that are not voided.",
      examples: ["card-4711"],
    }),
    customer: customerInput.optional(),
    values: values.default({}),
    overrides: passOverrides.default({}),
  })
  .meta({ id: "NewPass", description: "A pass to be issued.", examples: [issueExample] });

export const replaceBody = z
  .strictObject({
    values: values.default({}),
    overrides: passOverrides.default({}),
    customer: customerInput.optional(),
    changeMessage,
  })
  .meta({
    id: "PassContent",
    description: "The whole content of a pass.",
    examples: [{ values: { member: "Zoë Winter", points: 1250 } }],
  });

export const patchBody = z
  .strictObject({
    values: z
      .record(z.string().max(100), json)
      .optional()
      .meta({
        description: "Values to be changed; `null` takes one away.",
        examples: [{ points: 1250 }],
      }),
    overrides: jsonObject.optional().meta({
      description: "Overrides to be merged (RFC 7396); `null` takes one away. The result is checked as PassOverrides.",
      examples: [{ colors: { background: "#7c2d12" } }],
    }),
    customer: customerInput.nullable().optional(),
    changeMessage,
  })
  .meta({
    id: "PassPatch",
    description: "JSON Merge Patch (RFC 7396) over the content of a pass.",
    examples: [{ values: { points: 1250 }, changeMessage: "Points increased to %@" }],
  });

const statuses = z.enum(["active", "expired", "voided"]);

export const passFilters = {
  templateId: z
    .string()
    .max(200)
    .optional()
    .meta({ description: "Passes of this template.", examples: [exampleId("tmpl")] }),
  customerId: z
    .string()
    .max(200)
    .optional()
    .meta({ description: "Passes of this customer.", examples: ["member-4711"] }),
  externalId: z
    .string()
    .max(200)
    .optional()
    .meta({ description: "Passes with this externalId.", examples: ["card-4711"] }),
  status: statuses.optional().meta({ description: "Passes in this state.", examples: ["active"] }),
  updatedSince: instant.optional().meta({
    description: "Passes made or changed at or after this time, oldest change first.",
    examples: ["2026-05-01T00:00:00Z"],
  }),
};

const url = (description: string, suffix: string) =>
  z
    .string()
    .nullable()
    .meta({ description, examples: [`https://api.example.com/p/K7X2M9QAh4nT0pQ2wX8yZ6bV${suffix}`] });

const customerExample = {
  id: "member-4711",
  name: "Zoë Winter",
  email: "zoe@example.com",
  phone: "+493012345678",
  postalCode: "10115",
  countryCode: "DE",
  segments: ["vip"],
};

const passExample = {
  object: "pass" as const,
  id: exampleId("pass"),
  serialNumber: exampleId("pass"),
  externalId: "card-4711",
  templateId: exampleId("tmpl"),
  templateVersion: 1,
  status: "active" as const,
  version: 1,
  values: { member: "Zoë Winter", points: 1200 },
  overrides: {},
  customerId: "member-4711",
  customer: customerExample,
  links: {
    page: "https://api.example.com/p/K7X2M9QAh4nT0pQ2wX8yZ6bV",
    apple: "https://api.example.com/p/K7X2M9QAh4nT0pQ2wX8yZ6bV/apple",
    google: "https://api.example.com/p/K7X2M9QAh4nT0pQ2wX8yZ6bV/google",
  },
  google: null,
  installs: {
    active: 2,
    total: 3,
    firstInstalledAt: "2026-05-01T16:35:00.000Z",
    apple: { active: 1, total: 2 },
    google: { active: 1, total: 1 },
  },
  warnings: [warningExample],
  createdAt: "2026-05-01T16:30:00.000Z",
  updatedAt: "2026-05-01T16:30:00.000Z",
  expiresAt: null,
  voidedAt: null,
  personalizedAt: null,
};

const installCounts = {
  active: z.int().meta({ description: "How many have it now.", examples: [1] }),
  total: z.int().meta({ description: "How often it was added.", examples: [2] }),
};

export const passSchema = z
  .object({
    object: z.literal("pass").meta({ description: "Always `pass`.", examples: ["pass"] }),
    id: idOf("pass", "Id of the pass."),
    serialNumber: z
      .string()
      .meta({ description: "Serial number in the wallets; never changes.", examples: [exampleId("pass")] }),
    externalId: z
      .string()
      .nullable()
      .meta({ description: "Your own id of it.", examples: ["card-4711"] }),
    templateId: idOf("tmpl", "Its template."),
    templateVersion: z.int().meta({ description: "Version of the template that it pins.", examples: [1] }),
    status: statuses.meta({
      description: "Worked out from voiding, expiry and the present time.",
      examples: ["active"],
    }),
    version: z.int().meta({ description: "Grows by one with each change that a holder could see.", examples: [1] }),
    values: values.meta({ description: "The values that the pass brings.", examples: [{ points: 1200 }] }),
    overrides: jsonObject.meta({ description: "What it changes of the design.", examples: [{}] }),
    customerId: z
      .string()
      .nullable()
      .meta({ description: "Its customer.", examples: ["member-4711"] }),
    customer: z
      .object({
        id: customerId,
        name: z
          .string()
          .nullable()
          .meta({ description: "Name.", examples: ["Zoë Winter"] }),
        email: z
          .string()
          .nullable()
          .meta({ description: "E-mail address.", examples: ["zoe@example.com"] }),
        phone: z
          .string()
          .nullable()
          .meta({
            description: "Phone number, E.164; as the person wrote it, if it was entered in Wallet.",
            examples: ["+493012345678"],
          }),
        postalCode: z
          .string()
          .nullable()
          .meta({ description: "Postal code.", examples: ["10115"] }),
        countryCode: z
          .string()
          .nullable()
          .meta({ description: "Country of the postal code, ISO 3166.", examples: ["DE"] }),
        segments: z.array(z.string()).meta({ description: "Groups the person belongs to.", examples: [["vip"]] }),
      })
      .meta({ id: "Customer", description: "A person who holds passes.", examples: [customerExample] })
      .nullable()
      .optional(),
    links: z
      .object({
        page: url("For people, on any device. Null once revoked.", ""),
        apple: url("The Apple Wallet file. Null without an Apple certificate.", "/apple"),
        google: url("Leads to Google Wallet. Null while the account is not connected to it.", "/google"),
      })
      .meta({ description: "Links that open the pass without a key.", examples: [passExample.links] }),
    google: googlePassSchema
      .nullable()
      .optional()
      .meta({
        description: "The pass at Google. Null until its holder first asked for it there. Left out in lists.",
        examples: [null],
      }),
    installs: z
      .object({
        ...installCounts,
        firstInstalledAt: timestamp("When it was first added; null if never.").nullable(),
        apple: z
          .object(installCounts)
          .meta({ description: "Devices with Apple Wallet.", examples: [passExample.installs.apple] }),
        google: z.object(installCounts).meta({
          description: "Google Wallets, which may be on several devices each, as Google told of them.",
          examples: [passExample.installs.google],
        }),
      })
      .meta({ description: "Wallets that it was added to.", examples: [passExample.installs] }),
    warnings: z
      .array(warningSchema)
      .optional()
      .meta({ description: "What wallets drop or map. Left out in lists.", examples: [[]] }),
    createdAt: timestamp("When it was issued."),
    updatedAt: timestamp("When it was last changed."),
    expiresAt: timestamp("When it expires; null if never.").nullable(),
    voidedAt: timestamp("When it was voided; null if it was not.").nullable(),
    personalizedAt: timestamp("When its holder enrolled in Wallet; null if that did not happen.").nullable(),
  })
  .meta({ id: "Pass", description: "One pass of one holder.", examples: [passExample] });

/** Lists leave out the customer's data and the warnings. */
export function passJson(view: PassView) {
  const { pass, status, customer, warnings, links, google } = view;
  return {
    object: "pass" as const,
    id: pass.id,
    serialNumber: pass.id,
    externalId: pass.externalId,
    templateId: pass.templateId,
    templateVersion: pass.templateVersion,
    status,
    version: pass.version,
    values: pass.fieldValues,
    overrides: pass.overrides,
    customerId: pass.customerId,
    ...(warnings && {
      customer: customer && {
        id: customer.id,
        name: customer.name,
        email: customer.email,
        phone: customer.phone,
        postalCode: customer.postalCode,
        countryCode: customer.countryCode,
        segments: customer.segments,
      },
    }),
    links,
    ...(warnings && { google: google && googlePassJson(google) }),
    installs: {
      active: pass.appleActive + pass.googleActive,
      total: pass.appleTotal + pass.googleTotal,
      firstInstalledAt: pass.firstInstalledAt === null ? null : isoTime(pass.firstInstalledAt),
      apple: { active: pass.appleActive, total: pass.appleTotal },
      google: { active: pass.googleActive, total: pass.googleTotal },
    },
    ...(warnings && { warnings }),
    createdAt: isoTime(pass.createdAt),
    updatedAt: isoTime(pass.updatedAt),
    expiresAt: pass.expiresAt === null ? null : isoTime(pass.expiresAt),
    voidedAt: pass.voidedAt === null ? null : isoTime(pass.voidedAt),
    personalizedAt: pass.personalizedAt === null ? null : isoTime(pass.personalizedAt),
  };
}
