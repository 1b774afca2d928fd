import { strToU8 } from "fflate";
import type { JsonObject } from "../pass-model/resolved-pass";
import { appendToPack, sha1Hex, zipStored, type Pack } from "./archive";
import type { Signer } from "./sign";

export const pkpassMediaType = "application/vnd.apple.pkpass";
export const pkpassesMediaType = "application/vnd.apple.pkpasses";

/** A bundle holds at most this many passes (Apple, "Distributing and Updating a Pass"). */
export const bundlePassesMax = 10;

/**
 * Builds a `.pkpass`: pass.json, the pack, manifest.json with the SHA-1 of every file (Apple, "Building a
 * Pass"), and the detached signature of the manifest. The same input at the same second gives the same bytes.
 */
export async function packagePass(passJson: JsonObject, pack: Pack, signer: Signer, now: Date): Promise<Uint8Array> {
  const pass = strToU8(JSON.stringify(passJson));
  const manifest = strToU8(JSON.stringify({ "pass.json": sha1Hex(pass), ...pack.sha1 }));
  const signature = await signer.sign(manifest, now);
  return appendToPack(pack, { "pass.json": pass, "manifest.json": manifest, signature });
}

/** Several `.pkpass` files as one `.pkpasses`, named by their place. */
export function bundlePasses(passes: Uint8Array[]): Uint8Array {
  return zipStored(Object.fromEntries(passes.map((bytes, index) => [`pass${index + 1}.pkpass`, bytes])));
}
