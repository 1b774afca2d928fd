import { strToU8 } from "fflate";
import type { JsonObject, ResolvedPersonalization } from "../pass-model/resolved-pass";
import type { PersonalizationField } from "../pass-model/vocabulary";

export const personalizationFileName = "personalization.json";

const appleNames: Record<PersonalizationField, string> = {
  name: "PKPassPersonalizationFieldName",
  postalCode: "PKPassPersonalizationFieldPostalCode",
  emailAddress: "PKPassPersonalizationFieldEmailAddress",
  phoneNumber: "PKPassPersonalizationFieldPhoneNumber",
};

/** What Wallet asks for when the pass is added (Apple, personalization.json). A personalised pass comes without it. */
export function personalizationFile(personalization: ResolvedPersonalization): Uint8Array {
  const { description, requiredFields, termsAndConditions } = personalization;
  const json: JsonObject = {
    requiredPersonalizationFields: requiredFields.map((field) => appleNames[field]),
    description,
    ...(termsAndConditions !== null && { termsAndConditions }),
  };
  return strToU8(JSON.stringify(json));
}
