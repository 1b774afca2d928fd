import type { Json } from "../../pass-model/resolved-pass";
import { loadSigner } from "../apple/signer";
import { forTenant, type BaseContext, type TenantContext } from "../context";
import { deviceUnauthorized, type DeviceContext } from "../devices/authorize";
import { ServiceError, refuseIssues } from "../errors";
import { mergePatch } from "../merge-patch";
import { findTenantByCode } from "../tenants/read";
import { changePass } from "./change";
import { readPass, type PassFile } from "./read";

type Entry = string | null | undefined;

/** What a device sends when a person enrols. */
export interface Enrolment {
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
  const tenant = await findTenantByCode(base, tenantCode);
  if (tenant?.status !== "active") throw deviceUnauthorized();
  const ctx = forTenant(base, tenant, { type: "holder" });
  const { pass, identity } = await readPass(ctx, id);
  if (!identity) throw deviceUnauthorized();
  if (pass.voidedAt !== null) throw new ServiceError("pass_voided", "The pass is voided: nobody can enrol with it.");
  // Signed first: what cannot be signed must not be stored.
  const signer = await loadSigner(ctx, identity);
  const signature = await signer.sign(new TextEncoder().encode(personalizationToken), new Date(ctx.now));
  if (pass.personalizedAt === null) await enrol(ctx, id, requiredPersonalizationInfo);
  return signature;
}

async function enrol(ctx: TenantContext, id: string, info: PersonalInfo): Promise<void> {
  await changePass(ctx, id, null, undefined, (file) => {
    const { pass } = file;
    const present = { values: pass.fieldValues, overrides: pass.overrides as Json, customerId: pass.customerId };
    if (pass.personalizedAt !== null) return { ...present, customer: undefined };
    const entered = checkEntered(file, info);
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

/** What was filled in, in our names; what was not is absent. */
type Entered = ReturnType<typeof inOurNames>;

function inOurNames(info: PersonalInfo) {
  const givenName = info.givenName || undefined;
  const familyName = info.familyName || undefined;
  return {
    name: info.fullName || [givenName, familyName].filter(Boolean).join(" ") || undefined,
    givenName,
    familyName,
    emailAddress: info.emailAddress || undefined,
    phoneNumber: info.phoneNumber || undefined,
    postalCode: info.postalCode || undefined,
    countryCode: info.ISOCountryCode?.toUpperCase() || undefined,
  };
}

/** Where each thing that is asked for stands in the request. */
const appleNames = {
  name: "fullName",
  postalCode: "postalCode",
  emailAddress: "emailAddress",
  phoneNumber: "phoneNumber",
};

/** Refuses what does not hold all that the template asks for. */
function checkEntered({ version }: PassFile, info: PersonalInfo): Entered {
  const { personalization } = version.compiled.design;
  if (!personalization) throw new ServiceError("not_found", "The pass asks its holder for nothing.");
  const entered = inOurNames(info);
  const missing = personalization.requiredFields.filter((field) => entered[field] === undefined);
  refuseIssues(
    missing.map((field) => ({
      pointer: `#/requiredPersonalizationInfo/${appleNames[field]}`,
      code: "missing_value",
      detail: "the pass asks for it",
    })),
    "enrolment",
  );
  return entered;
}

function shownValues({ version }: PassFile, entered: Entered): Record<string, string> {
  const keys = version.compiled.design.personalization?.values ?? {};
  const shown = Object.entries(keys) as [keyof Entered, string][];
  return Object.fromEntries(shown.flatMap(([member, key]) => (entered[member] ? [[key, entered[member]]] : [])));
}
