import { SignJWT } from "jose";
import type { JsonObject } from "../pass-model/resolved-pass";
import type { GoogleVertical } from "../pass-model/vocabulary";
import { verticalTypes } from "./fields/verticals";

/** The JWT of a save link: https://developers.google.com/wallet/reference/rest/v1/jwt */

/** Beyond this, browsers and mail programs cut a link: https://developers.google.com/wallet/generic/use-cases/jwt */
const jwtCharactersMax = 1800;

export interface SaveInput {
  account: { clientEmail: string };
  key: CryptoKey;
  vertical: GoogleVertical;
  /** Sites that show Google's JavaScript button. A plain link needs none. */
  origins: string[];
  /** Epoch milliseconds. */
  now: number;
}

export interface SkinnyInput extends SaveInput {
  object: { id: string; classId: string };
}

export interface FatInput extends SaveInput {
  class: JsonObject;
  object: JsonObject;
}

/** Names an object that must be at Google when the holder saves it. */
export function signSkinny({ object: { id, classId }, ...input }: SkinnyInput): Promise<string> {
  return sign(input, { [verticalTypes[input.vertical].payload.objects]: [{ id, classId }] });
}

/**
 * Brings class and object along, to be made when the holder saves; an object that exists already is not changed by it.
 * Null if that does not fit a link.
 */
export async function signFat({ class: body, object, ...input }: FatInput): Promise<string | null> {
  const { classes, objects } = verticalTypes[input.vertical].payload;
  const jwt = await sign(input, { [classes]: [body], [objects]: [object] });
  return jwt.length <= jwtCharactersMax ? jwt : null;
}

/** Neither `exp`, for a link in a mail is opened months later, nor `kid`, which Google does not ask for and the link is short of room. */
function sign({ account, key, origins, now }: SaveInput, payload: JsonObject): Promise<string> {
  const iat = Math.floor(now / 1000);
  const claims = { iss: account.clientEmail, aud: "google", typ: "savetowallet", iat, payload, origins };
  return new SignJWT(claims).setProtectedHeader({ alg: "RS256", typ: "JWT" }).sign(key);
}
