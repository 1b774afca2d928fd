import type { Json } from "../../pass-model/resolved-pass";
import type { PersonalizationField } from "../../pass-model/vocabulary";
import { loadSigner } from "../apple/signer";
import { forTenant, type BaseContext, type TenantContext } from "../context";
import { readServingTenant, type DeviceContext } from "../devices/authorize";
import { ServiceError, refuseIssues } from "../errors";
import { mergePatch } from "../merge-patch";
import { changePass } from "./change";
import { readPass, resolveFile, type PassFile } from "./read";
import { assertSignable } from "./signable";

type Entry = string | null | undefined;

/**
 * What is signed as a token: printable ASCII without space, quote, backslash and braces. The signature has the form of
 * a pass's signature over its manifest, so whatever could be a manifest (JSON in braces) must never be signed here:
 * its sender could make any pass of this certificate.
 */
export const tokenPattern = /^[!#-[\]-z|~]{1,1000}$/;

/** What a device sends when a person enrols. */
interface Enrolment {
  personalizationToken: string;
  requiredPersonalizationInfo: PersonalInfo;
}

/** What the person filled in, in Apple's names. */
interface PersonalInfo {
  fullName?: Entry;
  givenName?: Entry;
  familyName?: Entry;
  emailAddress?: Entry;
  phoneNumber?: Entry;
  postalCode?: Entry;
  ISOCountryCode?: Entry;
}

/**
 * Enrols the holder of a pass (rewards enrolment): what was filled in goes to the pass's customer and into the fields
 * that the template names, in one batch and once. Answers the detached CMS signature of the token, which
 * tells the device that this server may have the data; also when the holder is enrolled already.
 */
export async function personalizePass(
  base: BaseContext,
  tenantCode: string,
  { pass: { id } }: DeviceContext,
  { personalizationToken, requiredPersonalizationInfo }: Enrolment,
): Promise<Uint8Array> {
  assertToken(personalizationToken);
  const ctx = forTenant(base, await readServingTenant(base, tenantCode), { type: "holder" });
  const file = await readPass(ctx, id);
  const { pass, identity } = file;
  if (pass.voidedAt !== null) throw new ServiceError("pass_voided", "The pass is voided: nobody can enrol with it.");
  questionsOf(file);
  assertSignable(ctx, identity, resolveFile(ctx, file));
  // Signed first: what cannot be signed must not be stored.
  const signer = await loadSigner(ctx, identity);
  const signature = await signer.sign(new TextEncoder().encode(personalizationToken), new Date(ctx.now));
  if (pass.personalizedAt === null) await enrol(ctx, id, requiredPersonalizationInfo);
  return signature;
}

function assertToken(token: string): void {
  if (tokenPattern.test(token)) return;
  const detail = "expected 1 to 1,000 printable ASCII characters without spaces, quotes, backslashes and braces";
  refuseIssues([{ pointer: "#/personalizationToken", code: "invalid_value", detail }], "enrolment");
}

async function enrol(ctx: TenantContext, id: string, info: PersonalInfo): Promise<void> {
  await changePass(ctx, id, null, undefined, (file) => {
    const { pass } = file;
    const present = { values: pass.fieldValues, overrides: pass.overrides as Json, customerId: pass.customerId };
    if (pass.personalizedAt !== null) return { ...present, customer: undefined };
    const entered = readAnswers(file, info);
    const customerId = pass.customerId ?? pass.id;
    return {
      ...present,
      values: mergePatch(pass.fieldValues, shownValues(file, entered)) as Record<string, unknown>,
      customerId,
      customer: {
        id: customerId,
        name: entered.name,
        email: entered.emailAddress,
        phone: entered.phoneNumber,
        postalCode: entered.postalCode,
        countryCode: entered.countryCode,
      },
      personalizedAt: ctx.now,
    };
  });
}

/** What can be entered, in our names: the question that it answers, and where the answer stands. */
const answers = {
  name: { asked: "name", at: "fullName", read: fullName },
  givenName: { asked: "name", at: "givenName", read: ({ givenName }) => givenName },
  familyName: { asked: "name", at: "familyName", read: ({ familyName }) => familyName },
  emailAddress: { asked: "emailAddress", at: "emailAddress", read: ({ emailAddress }) => emailAddress },
  phoneNumber: { asked: "phoneNumber", at: "phoneNumber", read: ({ phoneNumber }) => inE164(phoneNumber) },
  postalCode: { asked: "postalCode", at: "postalCode", read: ({ postalCode }) => postalCode },
  countryCode: {
    asked: "postalCode",
    at: "ISOCountryCode",
    read: ({ ISOCountryCode }) => ISOCountryCode?.toUpperCase(),
  },
} satisfies Record<
  string,
  { asked: PersonalizationField; at: keyof PersonalInfo; read: (info: PersonalInfo) => Entry }
>;

function fullName({ fullName: whole, givenName, familyName }: PersonalInfo): string {
  return whole || [givenName, familyName].filter(Boolean).join(" ");
}

/** People write a number with what makes it readable; one that is not international stays as it is. */
function inE164(phoneNumber: Entry): Entry {
  const dense = phoneNumber?.replace(/[\s().\-/]/g, "").replace(/^00/, "+") ?? "";
  return /^\+[1-9]\d{6,14}$/.test(dense) ? dense : phoneNumber;
}

type Entered = Partial<Record<keyof typeof answers, string>>;

function questionsOf({ version }: PassFile) {
  const { personalization } = version.compiled.design;
  if (!personalization) throw new ServiceError("not_found", "The pass asks its holder for nothing.");
  return personalization;
}

/** What was asked for and filled in. Refuses a form with something missing. */
function readAnswers(file: PassFile, info: PersonalInfo): Entered {
  const { requiredFields } = questionsOf(file);
  const entered: Entered = {};
  for (const [member, { asked, read }] of Object.entries(answers)) {
    const value = requiredFields.includes(asked) ? read(info) : null;
    if (value) entered[member as keyof Entered] = value;
  }
  const missing = requiredFields.filter((field) => entered[field] === undefined);
  const issues = missing.map((field) => ({
    pointer: `#/requiredPersonalizationInfo/${answers[field].at}`,
    code: "missing_value",
    detail: "the pass asks for it",
  }));
  refuseIssues(issues, "enrolment");
  return entered;
}

function shownValues(file: PassFile, entered: Entered): Record<string, string> {
  const keys = Object.entries(questionsOf(file).values ?? {}) as [keyof Entered, string][];
  return Object.fromEntries(keys.flatMap(([member, key]) => (entered[member] ? [[key, entered[member]]] : [])));
}
