/**
 * What a person let Google send to a sign-up page (`signupSharedDatas` of a loyalty class): Base64 of a JSON object. It is
 * not signed and anybody can send it, so it may fill in a form, and never makes or authenticates an account.
 */

/** In the order of Google's list; FIRST_NAME is `firstName` here, and so on. */
export const profileFields = [
  "firstName",
  "lastName",
  "streetAddress",
  "addressLine1",
  "addressLine2",
  "addressLine3",
  "city",
  "state",
  "zipcode",
  "country",
  "email",
  "phone",
] as const;
export type ProfileField = (typeof profileFields)[number];

/** No value is empty; what was not shared is left out. */
export type SignupProfile = Partial<Record<ProfileField, string>>;

export type ProfileFailure = "too_long" | "not_base64" | "not_utf8" | "not_json" | "not_an_object";

/** Of the Base64; Google's twelve values need a tenth of it. */
export const encodedCharactersMax = 8 * 1024;
/** Of one value, in Unicode code points. */
export const valueCharactersMax = 256;

/** Reads the parameter `userProfile`. Unknown members, and values that are no text, are passed over. */
export function readProfile(
  encoded: string,
): { ok: true; profile: SignupProfile } | { ok: false; reason: ProfileFailure } {
  if (encoded.length > encodedCharactersMax) return { ok: false, reason: "too_long" };
  const bytes = bytesOf(encoded);
  if (!bytes) return { ok: false, reason: "not_base64" };
  const text = textOf(bytes);
  if (text === null) return { ok: false, reason: "not_utf8" };
  const parsed = parse(text);
  if (!parsed) return { ok: false, reason: "not_json" };
  const { json } = parsed;
  if (typeof json !== "object" || json === null || Array.isArray(json)) return { ok: false, reason: "not_an_object" };
  return { ok: true, profile: profileOf(json) };
}

/**
 * RFC 4648 §4 or §5, padded or not; a `+` may have come as a space, as forms are decoded, and the lines may be broken, as
 * Android's encoder does unless it is told not to.
 */
function bytesOf(encoded: string): Uint8Array | null {
  const base64 = encoded
    .replaceAll(/[\r\n]/g, "")
    .replaceAll(" ", "+")
    .replaceAll("-", "+")
    .replaceAll("_", "/");
  const [, digits = "", padding = ""] = /^([A-Za-z0-9+/]*)(={0,2})$/.exec(base64) ?? [];
  if (digits + padding !== base64 || digits.length % 4 === 1) return null;
  if (padding !== "" && base64.length % 4 !== 0) return null;
  return Uint8Array.from(atob(digits), (character) => character.charCodeAt(0));
}

function textOf(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(bytes);
  } catch {
    return null;
  }
}

function parse(text: string): { json: unknown } | null {
  try {
    return { json: JSON.parse(text) as unknown };
  } catch {
    return null;
  }
}

/** Google's samples write FIRST_NAME in the class and firstName in the data, so neither case nor separators count. */
const plainName = (name: string): string => name.toLowerCase().replace(/[_\-\s]/g, "");

const fieldByName = new Map<string, ProfileField>(profileFields.map((field) => [plainName(field), field]));

/** Of several spellings of a name the first that has a value counts. */
function profileOf(json: object): SignupProfile {
  const found = new Map<ProfileField, string>();
  for (const [name, value] of Object.entries(json)) {
    const field = fieldByName.get(plainName(name));
    if (!field || found.has(field) || typeof value !== "string") continue;
    const text = cleaned(value);
    if (text !== "") found.set(field, text);
  }
  return Object.fromEntries(
    profileFields.flatMap((field) => {
      const value = found.get(field);
      return value === undefined ? [] : [[field, value]];
    }),
  );
}

/** Without control characters and half surrogate pairs, which no form takes. */
function cleaned(value: string): string {
  const text = value.replace(/[\p{Cc}\p{Cs}]/gu, "").trim();
  return Array.from(text).slice(0, valueCharactersMax).join("").trimEnd();
}
