import { env } from "cloudflare:workers";
import { SignJWT, importPKCS8 } from "jose";
import { expect } from "vitest";
import type { GoogleSimulator } from "../../../src/durable-objects/google-simulator";

/** A simulator of a test's own, and accounts at it: what an issuer's server does, written anew. */

export const origin = "https://api.example.com";
export const base = `${origin}/simulator/google`;
export const api = "/walletobjects/v1";
const scope = "https://www.googleapis.com/auth/wallet_object.issuer";

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  body: any;
}

export type Simulator = DurableObjectStub<GoogleSimulator>;

export const newSimulator = (): Simulator =>
  env.GOOGLE_SIMULATOR!.getByName(`test ${crypto.randomUUID()}`) as unknown as Simulator;

export async function ask(
  simulator: Simulator,
  method: string,
  path: string,
  { body, headers = {}, url = base }: { body?: unknown; headers?: Record<string, string>; url?: string } = {},
): Promise<Answer> {
  const content = body === undefined ? null : typeof body === "string" ? body : JSON.stringify(body);
  const request = new Request(url + path, { method, headers, body: content, redirect: "manual" });
  const response = await simulator.fetch(request);
  const text = await response.text();
  const json = (response.headers.get("content-type") ?? "").startsWith("application/json");
  return { status: response.status, headers: response.headers, text, body: json ? JSON.parse(text) : null };
}

export interface Key {
  pkcs8: string;
  publicKey: JsonWebKey;
}

const algorithm = {
  name: "RSASSA-PKCS1-v1_5",
  modulusLength: 2048,
  publicExponent: new Uint8Array([1, 0, 1]),
  hash: "SHA-256",
};

export async function newKey(): Promise<Key> {
  const pair = (await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"])) as CryptoKeyPair;
  const der = (await crypto.subtle.exportKey("pkcs8", pair.privateKey)) as ArrayBuffer;
  const base64 = btoa(String.fromCharCode(...new Uint8Array(der)));
  return {
    pkcs8: `-----BEGIN PRIVATE KEY-----\n${base64}\n-----END PRIVATE KEY-----`,
    publicKey: (await crypto.subtle.exportKey("jwk", pair.publicKey)) as JsonWebKey,
  };
}

/** RSA keys take their time, so tests share one where the key says nothing. */
const sharedKey = await newKey();

export class Issuer {
  readonly simulator: Simulator;
  readonly issuerId: string;
  readonly email: string;
  readonly key: Key;
  token = "";

  constructor(simulator: Simulator, issuerId: string, email: string, key: Key) {
    this.simulator = simulator;
    this.issuerId = issuerId;
    this.email = email;
    this.key = key;
  }

  id = (suffix: string): string => `${this.issuerId}.${suffix}`;

  async sign(claims: Record<string, unknown>, { alg = "RS256", kid }: { alg?: string; kid?: string } = {}) {
    const key = await importPKCS8(this.key.pkcs8, alg);
    return new SignJWT(claims).setProtectedHeader({ alg, typ: "JWT", ...(kid && { kid }) }).sign(key);
  }

  async requestToken(claims: Record<string, unknown> = {}): Promise<Answer> {
    const now = Math.floor(Date.now() / 1000);
    const aud = "https://oauth2.googleapis.com/token";
    const assertion = await this.sign({ iss: this.email, scope, aud, iat: now, exp: now + 3600, ...claims });
    return postToken(this.simulator, { grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer", assertion });
  }

  async signIn(): Promise<this> {
    const { body, status, text } = await this.requestToken();
    if (status !== 200) throw new Error(text);
    this.token = body.access_token;
    return this;
  }

  call = (method: string, path: string, body?: unknown): Promise<Answer> =>
    ask(this.simulator, method, api + path, {
      ...(body !== undefined && { body }),
      headers: { authorization: `Bearer ${this.token}`, "content-type": "application/json" },
    });

  /** The path of a save page. */
  async saveLink(payload: Record<string, unknown>, claims: Record<string, unknown> = {}): Promise<string> {
    const iat = Math.floor(Date.now() / 1000);
    return `/gp/v/save/${await this.sign({ iss: this.email, aud: "google", typ: "savetowallet", iat, origins: [], payload, ...claims })}`;
  }

  async card(path: string): Promise<any> {
    const { status, body, text } = await ask(this.simulator, "GET", path, { headers: { accept: "application/json" } });
    if (status !== 200) throw new Error(text);
    return body;
  }
}

export const postToken = (simulator: Simulator, form: Record<string, string>): Promise<Answer> =>
  ask(simulator, "POST", "/token", {
    body: new URLSearchParams(form).toString(),
    headers: { "content-type": "application/x-www-form-urlencoded" },
  });

let issuers = 0;

/** An issuer with a service account that has signed in. */
export async function newIssuer(
  simulator: Simulator,
  { key = sharedKey, email, issuerId }: { key?: Key; email?: string; issuerId?: string } = {},
): Promise<Issuer> {
  issuers += 1;
  const issuer = new Issuer(
    simulator,
    issuerId ?? `33880000000${10_000_000 + issuers}`,
    email ?? `wallet-${issuers}@tests.iam.gserviceaccount.com`,
    key,
  );
  await simulator.register({ issuerId: issuer.issuerId, clientEmail: issuer.email, publicKey: key.publicKey });
  return issuer.signIn();
}

/** A refusal in Google's shape. */
export function expectRefused(
  { status, body, text }: Pick<Answer, "status" | "body" | "text">,
  code: number,
  reason: string,
) {
  expect(status, text).toBe(code);
  expect(body, text).toEqual({
    error: { code, message: expect.any(String), status: expect.stringMatching(/^[A-Z_]+$/), errors: expect.any(Array) },
  });
  expect(body.error.errors[0]).toEqual({ message: expect.any(String), domain: "walletobjects", reason });
}
