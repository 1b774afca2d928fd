import type { JsonObject } from "../../pass-model/resolved-pass";
import { Refusal } from "./refusal";
import { keyFingerprint } from "./signatures";
import type { Simulation } from "./simulation";
import type { Store } from "./store";

export interface Registration {
  issuerId: string;
  clientEmail: string;
  /** RSA, of at least 2048 bits. */
  publicKey: JsonWebKey;
  /** With whom the issuer is erased, if nobody else registered it. */
  registrant?: string;
}

const modulusCharactersMin = Math.floor((2048 / 8 / 3) * 4);

/**
 * Makes the account an owner of the issuer, which is made if need be. An address has one key there: another takes the
 * place of the former one. A second time changes nothing.
 */
export async function register(store: Store, registration: Registration): Promise<void> {
  const { issuerId, clientEmail: email, publicKey, registrant } = registration;
  const { kty, n, e } = publicKey;
  if (!/^\d{1,20}$/.test(issuerId)) throw new TypeError("An issuer id is a decimal number.");
  if (kty !== "RSA" || !n || !e || n.length < modulusCharactersMin)
    throw new TypeError("An RSA key of 2048 bits is needed.");
  const key = { kty, n, e };
  const fingerprint = await keyFingerprint(key);
  store.atomically(() => {
    if (!store.issuer(issuerId)) store.putIssuer(issuerId, { issuerId, name: `Issuer ${issuerId}` });
    if (registrant !== undefined) store.putRegistrant(issuerId, registrant);
    if (store.keyAt(issuerId, email) === fingerprint) return;
    store.putAccount(issuerId, { email, fingerprint }, key);
    store.putMember(issuerId, { email, fingerprint, role: "OWNER" });
  });
}

/** A new service account with a key of its own, in the form in which Google hands one out; for a new issuer if none is named. */
export async function issueServiceAccount(sim: Simulation, input: JsonObject): Promise<JsonObject> {
  const { issuerId = newIssuerId() } = input;
  if (typeof issuerId !== "string" || !/^\d{1,20}$/.test(issuerId))
    throw new Refusal("invalid", "issuerId: expected a decimal number, as a text");
  const pair = (await crypto.subtle.generateKey(rsa, true, ["sign", "verify"])) as CryptoKeyPair;
  const [privateKey, publicKey] = await Promise.all([
    crypto.subtle.exportKey("pkcs8", pair.privateKey) as Promise<ArrayBuffer>,
    crypto.subtle.exportKey("jwk", pair.publicKey) as Promise<JsonWebKey>,
  ]);
  const project = `simulated-${randomDigits(6)}`;
  const clientEmail = `wallet@${project}.iam.gserviceaccount.com`;
  await register(sim.store, { issuerId, clientEmail, publicKey });
  const serviceAccount = {
    type: "service_account",
    project_id: project,
    private_key_id: crypto.randomUUID().replaceAll("-", ""),
    private_key: pemOf(privateKey),
    client_email: clientEmail,
    client_id: randomDigits(21),
    token_uri: `${sim.baseUrl}/token`,
    universe_domain: "googleapis.com",
  };
  return { issuerId, serviceAccount };
}

/** The public keys of an address, as Google publishes them (www.googleapis.com/service_accounts/v1/jwk): who has a save link can verify it. */
export function jwkSet(store: Store, email: string): JsonObject {
  const keys = store.publicKeys(email);
  if (keys.length === 0) throw new Refusal("notFound", "There is no such service account.");
  return {
    keys: keys.map(({ fingerprint, publicKey: { n, e } }) => ({
      kty: "RSA",
      alg: "RS256",
      use: "sig",
      kid: fingerprint,
      n: n!,
      e: e!,
    })),
  };
}

/** Nineteen digits, as Google's. */
export const newIssuerId = (): string => `3388${randomDigits(15)}`;

const rsa = {
  name: "RSASSA-PKCS1-v1_5",
  modulusLength: 2048,
  publicExponent: new Uint8Array([1, 0, 1]),
  hash: "SHA-256",
};

const randomDigits = (count: number): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(count)), (byte) => byte % 10).join("");

function pemOf(der: ArrayBuffer): string {
  const base64 = btoa(String.fromCharCode(...new Uint8Array(der)));
  return `-----BEGIN PRIVATE KEY-----\n${base64.match(/.{1,64}/g)!.join("\n")}\n-----END PRIVATE KEY-----\n`;
}
