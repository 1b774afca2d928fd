import { SignJWT } from "jose";
import type { JsonObject } from "../pass-model/resolved-pass";
import type { GoogleVertical } from "../pass-model/vocabulary";
import { verticalTypes } from "./fields/verticals";

/** The JWT of a save link: https://developers.google.com/wallet/reference/rest/v1/jwt */

/** Beyond this, browsers and mail programs cut a link: https://developers.google.com/wallet/generic/use-cases/jwt */
export const jwtCharactersMax = 1800;

export const fitsLink = (jwt: string): boolean => jwt.length <= jwtCharactersMax;

export interface SaveJwtInput {
  account: { clientEmail: string };
  key: CryptoKey;
  vertical: GoogleVertical;
  object: { id: string; classId: string };
  /** Whole, to be made when the holder saves; an object that exists already is not changed by it. */
  fat?: { class: JsonObject; object: JsonObject } | null;
  /** Sites that show Google's JavaScript button. A plain link needs none. */
  origins: string[];
  /** Epoch milliseconds. */
  now: number;
}

export interface SaveJwt {
  jwt: string;
  /** `skinny`: names an object that must be at Google by then. `fat`: brings class and object along. */
  form: "skinny" | "fat";
}

/** Fat if that is asked for and fits a link, otherwise skinny. */
export async function signSaveJwt(input: SaveJwtInput): Promise<SaveJwt> {
  if (input.fat) {
    const jwt = await sign(input, fat(input.vertical, input.fat));
    if (fitsLink(jwt)) return { jwt, form: "fat" };
  }
  return { jwt: await sign(input, skinny(input.vertical, input.object)), form: "skinny" };
}

export const skinny = (vertical: GoogleVertical, { id, classId }: SaveJwtInput["object"]): JsonObject => ({
  [verticalTypes[vertical].payload.objects]: [{ id, classId }],
});

export const fat = (vertical: GoogleVertical, made: NonNullable<SaveJwtInput["fat"]>): JsonObject => ({
  [verticalTypes[vertical].payload.classes]: [made.class],
  [verticalTypes[vertical].payload.objects]: [made.object],
});

/** Neither `exp`, for a link in a mail is opened months later, nor `kid`, which Google does not ask for and the link is short of room. */
function sign({ account, key, origins, now }: SaveJwtInput, payload: JsonObject): Promise<string> {
  const iat = Math.floor(now / 1000);
  const claims = { iss: account.clientEmail, aud: "google", typ: "savetowallet", iat, payload, origins };
  return new SignJWT(claims).setProtectedHeader({ alg: "RS256", typ: "JWT" }).sign(key);
}
