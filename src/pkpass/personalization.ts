import { strToU8 } from "fflate";
import type { JsonObject, ResolvedPass, ResolvedPersonalization } from "../pass-model/resolved-pass";
import type { PersonalizationField } from "../pass-model/vocabulary";

export const personalizationFileName = "personalization.json";

const appleNames: Record<PersonalizationField, string> = {
  name: "PKPassPersonalizationFieldName",
  postalCode: "PKPassPersonalizationFieldPostalCode",
  emailAddress: "PKPassPersonalizationFieldEmailAddress",
  phoneNumber: "PKPassPersonalizationFieldPhoneNumber",
};

/** Whether the file of the pass asks its holder. A personalised pass comes without the questions, and so does a void one. */
export function asksHolder(pass: ResolvedPass): pass is ResolvedPass & { personalization: ResolvedPersonalization } {
  return pass.personalization !== null && !pass.personalization.done && !pass.voided;
}

/** What Wallet asks for when the pass is added (Apple, personalization.json). */
export function personalizationFile(personalization: ResolvedPersonalization): Uint8Array {
  const { description, requiredFields, termsAndConditions } = personalization;
  const json: JsonObject = {
    requiredPersonalizationFields: requiredFields.map((field) => appleNames[field]),
    description,
    ...(termsAndConditions !== null && { termsAndConditions }),
  };
  return strToU8(JSON.stringify(json));
}
