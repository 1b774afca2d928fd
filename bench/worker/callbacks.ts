import { verifyCallback, walletSenderId, type RootKeys } from "../../src/google-wallet/callback";
import type { JsonObject } from "../../src/pass-model/resolved-pass";
import { keysDocument, makeCallbackKeys, signCallback } from "../../src/simulators/google-wallet/callbacks";
import type { CallbackKeys } from "../../src/simulators/google-wallet/contract";

/** Callbacks as Google sends them, signed by the simulator, and the bare verifications that no receiver can save. */
export interface CallbackFixture {
  keys: CallbackKeys;
  document: JsonObject;
  bodies: string[];
  bare: BareVerification[];
}

interface BareVerification {
  key: CryptoKey;
  signature: ArrayBuffer;
  data: Uint8Array<ArrayBuffer>;
}

const issuerId = "3388000000012345678";
const ecdsa = { name: "ECDSA", hash: "SHA-256" };

export async function makeCallbackFixture(): Promise<CallbackFixture> {
  const keys = await makeCallbackKeys(Date.now());
  const names = Array.from({ length: 64 }, (_, index) => `pass_01JGFJJZ00${String(index).padStart(16, "0")}`);
  const bodies = await Promise.all(names.map((name) => callbackOf(keys, issuerId, name)));
  const pairs = await Promise.all([newPair(), newPair()]);
  const bare = await Promise.all(
    bodies.flatMap((body) => signedLengths(body).map((length, index) => bareVerification(pairs[index]!, length))),
  );
  return { keys, document: await keysDocument(keys), bodies, bare };
}

/** A callback for the pass of this name, with a nonce of its own. */
export function callbackOf(keys: CallbackKeys, issuer: string, name: string): Promise<string> {
  const message = {
    classId: `${issuer}.tmpl_01JGFJJZ00CEXQ1RD5D6W0KQYV.1.0123456789abcdef`,
    objectId: `${issuer}.${name}`,
    eventType: "save" as const,
    expTimeMillis: Date.now() + 3_600_000,
    count: 1,
    nonce: crypto.randomUUID(),
  };
  return signCallback(keys, { issuerId: issuer, message });
}

export const callbackParts = {
  async verify({ bodies, document }: CallbackFixture, serial: number) {
    const options = { issuerId, senderId: walletSenderId, rootKeys: document as unknown as RootKeys, now: Date.now() };
    const result = await verifyCallback(bodies[serial % bodies.length]!, options);
    if (!result.ok) throw new Error(result.reason);
  },
  /** The yardstick: keys are at hand, signatures raw, lengths those of a callback. */
  async bare({ bare }: CallbackFixture, serial: number) {
    const at = (serial * 2) % bare.length;
    for (const { key, signature, data } of [bare[at]!, bare[at + 1]!]) {
      if (!(await crypto.subtle.verify(ecdsa, key, signature, data))) throw new Error("the signature is wrong");
    }
  },
};

/** How many bytes the root key and the intermediate key sign of a callback: each part with four of its length. */
function signedLengths(body: string): [number, number] {
  const { intermediateSigningKey, protocolVersion, signedMessage } = JSON.parse(body);
  const bytes = (...parts: string[]) => parts.reduce((sum, part) => sum + 4 + Buffer.byteLength(part), 0);
  return [
    bytes(walletSenderId, protocolVersion, intermediateSigningKey.signedKey),
    bytes(walletSenderId, issuerId, protocolVersion, signedMessage),
  ];
}

const newPair = () =>
  crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, [
    "sign",
    "verify",
  ]) as Promise<CryptoKeyPair>;

async function bareVerification({ privateKey, publicKey }: CryptoKeyPair, length: number): Promise<BareVerification> {
  const data = crypto.getRandomValues(new Uint8Array(length));
  return { key: publicKey, signature: await crypto.subtle.sign(ecdsa, privateKey, data), data };
}
