import { SignJWT } from "jose";
import type { ServiceAccount } from "./types";

/** Google's own, wherever the assertion is sent: https://developers.google.com/identity/protocols/oauth2/service-account */
const audience = "https://oauth2.googleapis.com/token";
const scope = "https://www.googleapis.com/auth/wallet_object.issuer";
/** Google takes no assertion that lives longer. */
const lifeSeconds = 3600;

/** What an assertion is made for: the `grant_type` of the form that carries it. RFC 7523, section 2.1. */
export const assertionGrant = "urn:ietf:params:oauth:grant-type:jwt-bearer";

/** A JWT bearer assertion. RFC 7523, section 3. */
export async function signAssertion(
  { clientEmail, privateKeyId, signingKey }: ServiceAccount,
  now: number,
): Promise<string> {
  const iat = Math.floor(now / 1000);
  const claims = { iss: clientEmail, scope, aud: audience, iat, exp: iat + lifeSeconds };
  const header = { alg: "RS256", typ: "JWT", ...(privateKeyId === null ? {} : { kid: privateKeyId }) };
  return new SignJWT(claims).setProtectedHeader(header).sign(await signingKey());
}
