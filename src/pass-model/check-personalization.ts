import type { FieldDesign, TemplateDesign } from "./design";
import { pointerTo, type Issue } from "./issue";
import type { PersonalizationDesign } from "./personalization-design";
import type { Warning } from "./resolved-pass";
import { imageDensities, type FieldType, type PersonalizationField } from "./vocabulary";

type Shown = keyof NonNullable<PersonalizationDesign["values"]>;

/** What the person enters, what has to be asked for it, and the types of field that can show it. */
const shown: Record<Shown, { asked: PersonalizationField; types: FieldType[] }> = {
  name: { asked: "name", types: ["text"] },
  givenName: { asked: "name", types: ["text"] },
  familyName: { asked: "name", types: ["text"] },
  emailAddress: { asked: "emailAddress", types: ["email", "text"] },
  phoneNumber: { asked: "phoneNumber", types: ["phone", "text"] },
  postalCode: { asked: "postalCode", types: ["text"] },
  countryCode: { asked: "postalCode", types: ["text"] },
};

/** Wallet asks nothing without NFC and the logo in every density (passkit-generator #205). */
export function checkPersonalization({ personalization, nfc, images, fields = [] }: TemplateDesign): Issue[] {
  if (!personalization) return [];
  const issues: Issue[] = [];
  if (!nfc) {
    const detail = "Wallet asks a person only for a pass with nfc";
    issues.push({ pointer: "#/nfc", code: "missing_nfc", detail });
  }
  const logo = images?.personalizationLogo;
  const missing =
    logo === undefined
      ? [...imageDensities]
      : imageDensities.filter((density) => typeof logo === "object" && !logo[density]);
  if (missing.length > 0) issues.push(missingPersonalizationLogo(missing));
  for (const [member, key] of shownValues(personalization)) {
    const complaint = complaintAbout(fields, key, shown[member].types);
    if (complaint) issues.push({ pointer: pointerTo("#/personalization/values", [member]), ...complaint });
  }
  return issues;
}

export function missingPersonalizationLogo(missing: string[]): Issue {
  const detail = `a personalization needs the picture in every density (150×40 points); missing: ${missing.join(", ")}`;
  return { pointer: "#/images/personalizationLogo", code: "missing_personalization_logo", detail };
}

/** A field that shows what nobody is asked for stays as it is. */
export function lintPersonalization({ personalization }: TemplateDesign): Warning[] {
  if (!personalization) return [];
  return shownValues(personalization).flatMap(([member]) => {
    const { asked } = shown[member];
    if (personalization.requiredFields.includes(asked)) return [];
    const detail = `${member} is entered only if requiredFields has ${asked}`;
    return [{ code: "not_asked_for", pointer: pointerTo("#/personalization/values", [member]), detail }];
  });
}

const shownValues = ({ values = {} }: PersonalizationDesign) => Object.entries(values) as [Shown, string][];

function complaintAbout(
  fields: FieldDesign[],
  key: string,
  types: FieldType[],
): { code: string; detail: string } | null {
  const field = fields.find((candidate) => candidate.key === key);
  if (!field || !types.includes(field.type)) {
    return { code: "unknown_field", detail: `expected the key of a ${types.join(" or ")} field` };
  }
  if (field.value === undefined && field.expression === undefined) return null;
  const kind = field.value === undefined ? "computed" : "static";
  return { code: "not_settable", detail: `the field is ${kind}: what the person enters could not be shown` };
}
