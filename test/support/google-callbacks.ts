import { Buffer } from "node:buffer";

/** Far enough for every clock of the tests: 2099-12-31. */
export const distantFuture = Date.UTC(2099, 11, 31);

export const googleProtocol = "ECv2SigningOnly";
const ecdsa = { name: "ECDSA", hash: "SHA-256" };

/** A key pair with its public half as Google writes it: Base64 of SubjectPublicKeyInfo. */
export interface CallbackKey {
  privateKey: CryptoKey;
  publicKey: CryptoKey;
  keyValue: string;
}

export interface RootEntry {
  keyValue: string;
  protocolVersion: string;
  keyExpiration?: string;
}

export interface SignOptions {
  issuerId: string;
  /** Members over the default ones, where `undefined` takes one away; or the whole text that is signed. */
  message?: Record<string, unknown> | string;
  senderId?: string;
  /** Whom the signature is for; the message's ids stay with `issuerId`. */
  recipientId?: string;
  /** As it is signed and as it stands outside. */
  protocolVersion?: string;
  /** Members over those of `signedKey`, or its whole text. */
  signedKey?: Record<string, unknown> | string;
  /** Who sign the intermediate key, one signature each, in this order. */
  roots?: CallbackKey[];
  intermediate?: CallbackKey;
  /** Google's way to write JSON, on unless told: `=`, `<`, `>`, `&` and `'` as `\u003d` and so on. */
  htmlSafe?: boolean;
  /** The last say about the outer JSON, once everything is signed. */
  alter?: (outer: SignedOuter) => unknown;
}

export interface SignedOuter {
  signature: string;
  intermediateSigningKey: { signedKey: string; signatures: string[] };
  protocolVersion: string;
  signedMessage: string;
}

export interface SignerOptions {
  /** Of root and intermediate key: milliseconds as Google writes them; `undefined` leaves it out of the keys document. */
  rootExpiration?: string | undefined;
  intermediateExpiration?: string;
}

export interface CallbackSigner {
  root: CallbackKey;
  intermediate: CallbackKey;
  keysDocument: { keys: RootEntry[] };
  /** The body of a callback. */
  sign: (options: SignOptions) => Promise<string>;
}

/** Google with keys of its own. It shares no code with the simulator or with the verifier, so that each can find the other out. */
export async function newSigner(options: SignerOptions = {}): Promise<CallbackSigner> {
  const { intermediateExpiration = String(distantFuture) } = options;
  const rootExpiration = "rootExpiration" in options ? options.rootExpiration : String(distantFuture);
  const [root, intermediate] = await Promise.all([newKey(), newKey()]);
  return {
    root,
    intermediate,
    keysDocument: { keys: [rootEntry(root, { keyExpiration: rootExpiration })] },
    sign: (given) => signBody({ roots: [root], intermediate, ...given }, intermediateExpiration),
  };
}

export async function newKey(namedCurve = "P-256"): Promise<CallbackKey> {
  const pair = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve }, true, ["sign", "verify"]);
  const { privateKey, publicKey } = pair as CryptoKeyPair;
  const spki = (await crypto.subtle.exportKey("spki", publicKey)) as ArrayBuffer;
  return { privateKey, publicKey, keyValue: base64(new Uint8Array(spki)) };
}

/** A key as the keys document has it. */
export function rootEntry(key: CallbackKey, members: Record<string, unknown> = {}): RootEntry {
  const entry = { keyValue: key.keyValue, protocolVersion: googleProtocol, keyExpiration: String(distantFuture) };
  return without({ ...entry, ...members }) as unknown as RootEntry;
}

async function signBody(options: SignOptions & { roots: CallbackKey[]; intermediate: CallbackKey }, expiry: string) {
  const { issuerId, senderId = "GooglePayPasses", recipientId = issuerId, protocolVersion = googleProtocol } = options;
  const json = options.htmlSafe === false ? (value: unknown) => JSON.stringify(value) : htmlSafeJson;
  const text = (given: Record<string, unknown> | string | undefined, members: Record<string, unknown>) =>
    typeof given === "string" ? given : json(without({ ...members, ...given }));

  const signedKey = text(options.signedKey, { keyValue: options.intermediate.keyValue, keyExpiration: expiry });
  const signedMessage = text(options.message, defaultMessage(issuerId));
  const outer: SignedOuter = {
    signature: base64(
      derOf(await signParts(options.intermediate, [senderId, recipientId, protocolVersion, signedMessage])),
    ),
    intermediateSigningKey: {
      signedKey,
      signatures: await Promise.all(
        options.roots.map(async (root) => base64(derOf(await signParts(root, [senderId, protocolVersion, signedKey])))),
      ),
    },
    protocolVersion,
    signedMessage,
  };
  return json(options.alter ? options.alter(outer) : outer);
}

const defaultMessage = (issuerId: string) => ({
  classId: `${issuerId}.class`,
  objectId: `${issuerId}.object`,
  eventType: "save",
  expTimeMillis: distantFuture,
  count: 1,
  nonce: crypto.randomUUID(),
});

/** The raw signature, r and s of 32 bytes each, over the parts with their lengths. */
export async function signParts(key: CallbackKey, parts: string[]): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.sign(ecdsa, key.privateKey, lv(...parts)));
}

/** Each part after the number of its UTF-8 bytes, in 32 bits, the lowest first. */
export function lv(...parts: string[]): Uint8Array<ArrayBuffer> {
  const chunks = parts.flatMap((part) => {
    const bytes = Buffer.from(part, "utf8");
    const length = Buffer.alloc(4);
    length.writeUInt32LE(bytes.length);
    return [length, bytes];
  });
  return Uint8Array.from(Buffer.concat(chunks));
}

/** r and s as DER. */
export function derOf(raw: Uint8Array): Uint8Array {
  const middle = raw.length / 2;
  const body = [...derInteger(raw.slice(0, middle)), ...derInteger(raw.slice(middle))];
  return Uint8Array.from([0x30, body.length, ...body]);
}

/** One integer in its shortest form: no zeros before it but the one that keeps it positive. */
function derInteger(bytes: Uint8Array): number[] {
  const hex = BigInt(`0x${Buffer.from(bytes).toString("hex")}`).toString(16);
  const digits = [...Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, "hex")];
  const content = digits[0]! > 0x7f ? [0, ...digits] : digits;
  return [0x02, content.length, ...content];
}

export const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");

export function htmlSafeJson(value: unknown): string {
  return JSON.stringify(value).replace(/[=<>&']/g, (sign) => `\\u00${sign.charCodeAt(0).toString(16)}`);
}

const without = (members: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
