import type { Json, JsonObject } from "../../pass-model/resolved-pass";
import { isObject } from "../apple-json";
import { personalizationFileName } from "../personalization";
import type { Finding } from "./examination";
import { found, listed, show } from "./finding";
import type { PackageContent } from "./package";

/** personalization.json: what Wallet asks a holder when a rewards card is added (Apple, "Personalizing a Pass"). */

const path = personalizationFileName;
const logos = ["personalizationLogo.png", "personalizationLogo@2x.png", "personalizationLogo@3x.png"];
const fieldNames: Json[] = ["Name", "PostalCode", "EmailAddress", "PhoneNumber"].map(
  (name) => `PKPassPersonalizationField${name}`,
);

export const hasPersonalization = ({ files, unreadable }: PackageContent): boolean =>
  files[path] !== undefined || unreadable.has(path);

/** `certified`: whether the certificate is for NFC; that it is not is told with the certificate, and is the worse. */
export function checkPersonalization(content: PackageContent, pass: JsonObject | null, certified: boolean): Finding[] {
  if (!hasPersonalization(content)) return [];
  const { files, unreadable } = content;
  const complaint = files[path] ? complain(files[path]) : null;
  const findings = complaint ? [found("personalization_invalid", path, complaint)] : [];
  const missing = logos.filter((logo) => !files[logo] && !unreadable.has(logo));
  if (missing.length > 0) findings.push(found("personalization_logo_missing", path, `without ${listed(missing)}`));
  if (pass && pass.nfc === undefined && certified)
    findings.push(found("personalization_nfc_missing", path, "pass.json has no nfc"));
  return findings;
}

function complain(bytes: Uint8Array): string | null {
  const json = parse(bytes);
  if (!isObject(json)) return "it is no JSON object in UTF-8";
  const { description, requiredPersonalizationFields: fields, termsAndConditions } = json;
  if (typeof description !== "string" || description === "") return `description is ${show(description)}`;
  if (!Array.isArray(fields) || fields.length === 0) return `requiredPersonalizationFields is ${show(fields)}`;
  const unknown = fields.find((field) => !fieldNames.includes(field));
  if (unknown !== undefined) return `requiredPersonalizationFields holds ${show(unknown)}`;
  const isText = termsAndConditions === undefined || typeof termsAndConditions === "string";
  return isText ? null : `termsAndConditions is ${show(termsAndConditions)}`;
}

function parse(bytes: Uint8Array): Json | undefined {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes)) as Json;
  } catch {
    return undefined;
  }
}
