import { toHex } from "../../pkpass/bytes";
import { verifyDetached } from "../../pkpass/verify-detached";
import type { Fault } from "./inspect";
import type { InstalledPass } from "./installed-pass";
import { randomHex, type Answer } from "./web-service";

/** What a person types to join a rewards programme, as PassKit names it. */
export interface PersonalInfo {
  fullName?: string;
  givenName?: string;
  familyName?: string;
  emailAddress?: string;
  phoneNumber?: string;
  postalCode?: string;
  ISOCountryCode?: string;
}

/** Each field that a pass can ask for, to the members that are then sent. */
const membersByField: Record<string, (keyof PersonalInfo)[]> = {
  PKPassPersonalizationFieldName: ["fullName", "givenName", "familyName"],
  PKPassPersonalizationFieldEmailAddress: ["emailAddress"],
  PKPassPersonalizationFieldPhoneNumber: ["phoneNumber"],
  PKPassPersonalizationFieldPostalCode: ["postalCode", "ISOCountryCode"],
};

/**
 * The form that personalization.json asks for, filled in: what was not asked for is not sent. Throws if the
 * file is missing or a field stays empty, for then the phone shows no form or no way to send it.
 */
export function fillForm(file: Uint8Array | undefined, info: PersonalInfo): PersonalInfo {
  if (!file) throw new Error("The pass asks for nothing: it has no personalization.json.");
  const { requiredPersonalizationFields } = JSON.parse(new TextDecoder().decode(file)) as Record<string, unknown>;
  const filled: PersonalInfo = {};
  for (const field of requiredPersonalizationFields as string[]) {
    const members = (membersByField[field] ?? []).filter((member) => info[member]);
    if (members.length === 0) throw new Error(`${field} is asked for and not filled in.`);
    for (const member of members) filled[member] = info[member]!;
  }
  return filled;
}

export const newPersonalizationToken = (): string => randomHex(32);

/** What is wrong with the answer to an enrolment: it must be the token's detached signature, made with the pass's certificate. */
export async function verifyToken(answer: Answer, token: string, { files }: InstalledPass): Promise<Fault[]> {
  const { status, headers, bytes } = answer;
  if (status !== 200) return [{ code: "unexpected_status", seen: `status ${status}` }];
  const type = headers.get("content-type") ?? "no content type";
  if (type !== "application/octet-stream") return [{ code: "media_type_wrong", seen: type }];
  const [signed, ofPass] = await Promise.all([
    verifyDetached(bytes, new TextEncoder().encode(token)),
    verifyDetached(files.signature!, files["manifest.json"]!),
  ]);
  if (!signed.ok) return [{ code: signed.code, seen: signed.detail }];
  const same = ofPass.ok && toHex(signed.certificate) === toHex(ofPass.certificate);
  return same ? [] : [{ code: "signature_of_another", seen: "another certificate than the pass was signed with" }];
}
