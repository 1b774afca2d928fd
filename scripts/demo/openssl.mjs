import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { StartError } from "../start/failure.mjs";
import { run } from "../support/run.mjs";

export async function requireOpenssl() {
  const { code } = await run("openssl", ["version"]);
  if (code !== 0) {
    throw new StartError(
      "The tour verifies signatures with OpenSSL, and there is no openssl on this machine's PATH: install it first.",
    );
  }
}

/**
 * Verifies a detached CMS signature (DER) of `manifest` under the authority (PEM) with OpenSSL, which shares no code with
 * us. Writes its files into `folder`. Answers `{ verified, said, command }`.
 */
export async function verifySignature(folder, { signature, manifest, authority }) {
  const files = { signature, "manifest.json": manifest, "authority.pem": authority };
  await Promise.all(Object.entries(files).map(([name, bytes]) => writeFile(join(folder, name), bytes)));
  const args =
    "cms -verify -inform DER -in signature -content manifest.json -binary -CAfile authority.pem -purpose any";
  const { code, stderr } = await run("openssl", args.split(" "), { cwd: folder });
  return { verified: code === 0, said: stderr.trim().split("\n")[0], command: `openssl ${args}` };
}
