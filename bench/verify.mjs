import { createHash } from "node:crypto";
import { unzipSync } from "fflate";

/**
 * Throws unless the bytes are a pass: every file in the manifest, with its SHA-1. A fast way to make
 * broken passes would win otherwise. Answers the names of the files and the sum of their bytes.
 */
export function verifyPass(bytes) {
  const { signature, "manifest.json": manifest, ...files } = unzipSync(bytes);
  if (!(signature?.length > 1000)) throw new Error("the pass is not signed");
  const digests = JSON.parse(Buffer.from(manifest));
  for (const [path, content] of Object.entries(files)) {
    if (digests[path] !== createHash("sha1").update(content).digest("hex"))
      throw new Error(`${path} is not as the manifest has it`);
    delete digests[path];
  }
  const missing = Object.keys(digests);
  if (missing.length > 0) throw new Error(`${missing.join(", ")} is in the manifest only`);
  return Object.keys(files).sort();
}
