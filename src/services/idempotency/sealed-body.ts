import type { Vault } from "../../db/vault";
import { concat } from "../../pkpass/concat";

/** Sealed in pieces, so that a large body is not in memory once more in each of the forms in which it is on the way. */
const pieceBytes = 1024 * 1024;

/** One envelope a line: answers may hold secrets that are shown once. */
export async function sealBody(vault: Vault, body: Uint8Array): Promise<string[]> {
  const lines: string[] = [];
  for (let at = 0; at < body.length; at += pieceBytes)
    lines.push(`${await vault.seal(body.subarray(at, at + pieceBytes))}\n`);
  return lines;
}

/** Throws `UnknownMasterKeyError` if the master key is another one now. */
export async function openBody(vault: Vault, sealed: string): Promise<Uint8Array<ArrayBuffer>> {
  const pieces: Uint8Array[] = [];
  for (const line of sealed.split("\n")) if (line !== "") pieces.push(await vault.open(line));
  return concat(pieces);
}
