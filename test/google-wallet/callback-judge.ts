import { verifyCallback, verifySignedMessage, walletSenderId, type RootKeys } from "../../src/google-wallet/callback";
import { newSigner, type CallbackSigner, type SignedOuter, type SignOptions } from "../support/google-callbacks";

/** When the tests of the verifier take place. */
export const now = Date.parse("2026-05-01T18:30:00Z");
export const issuerId = "3388000000012345678";

export type VerifyOptions = Partial<Parameters<typeof verifySignedMessage>[1]>;

/** A signer, and what the verifier says of bodies: "ok", or why not. Without options they are verified with the signer's keys. */
export interface Judge {
  signer: CallbackSigner;
  verify: (body: string, options?: VerifyOptions) => ReturnType<typeof verifySignedMessage>;
  judge: (body: string, options?: VerifyOptions) => Promise<string>;
  judgeSigned: (signed: Partial<SignOptions>, options?: VerifyOptions) => Promise<string>;
  verifyWallet: (body: string) => ReturnType<typeof verifyCallback>;
  judgeMessage: (message: SignOptions["message"]) => Promise<string>;
}

export async function newJudge(): Promise<Judge> {
  const signer = await newSigner();
  const given = { senderId: walletSenderId, rootKeys: signer.keysDocument, now };
  const verify: Judge["verify"] = (body, options) =>
    verifySignedMessage(body, { ...given, recipientId: issuerId, ...options });
  const verifyWallet: Judge["verifyWallet"] = (body) => verifyCallback(body, { ...given, issuerId });
  const judge: Judge["judge"] = async (body, options) => inWord(await verify(body, options));
  return {
    signer,
    verify,
    judge,
    judgeSigned: async (signed, options) => judge(await signer.sign({ issuerId, ...signed }), options),
    verifyWallet,
    judgeMessage: async (message) => inWord(await verifyWallet(await signer.sign({ issuerId, message: message! }))),
  };
}

const inWord = (result: { ok: true } | { ok: false; reason: string }) => (result.ok ? "ok" : result.reason);

/** A keys document of any shape. */
export const withRoots = (...keys: unknown[]): VerifyOptions => ({ rootKeys: { keys } as RootKeys });

/** Other members of the outer JSON; `undefined` takes one away. */
export const change = (members: object) => (outer: SignedOuter) => ({ ...outer, ...members });

/** The same for those of `intermediateSigningKey`. */
export const changeKey =
  (members: object) =>
  ({ intermediateSigningKey, ...outer }: SignedOuter) => ({
    ...outer,
    intermediateSigningKey: { ...intermediateSigningKey, ...members },
  });
