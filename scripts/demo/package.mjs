import { createHash } from "node:crypto";
import { strFromU8, unzipSync } from "fflate";

/** The files of a `.pkpass` by name, with its manifest and its pass.json parsed; null if it is none. */
export function openPackage(bytes) {
  try {
    const files = unzipSync(bytes);
    const json = (name) => JSON.parse(strFromU8(files[name]));
    return { files, manifest: json("manifest.json"), pass: json("pass.json") };
  } catch {
    return null;
  }
}

/** Names of the files that the manifest lacks, invents, or has another SHA-1 of. Itself and the signature are not in it. */
export function unlistedFiles({ files, manifest }) {
  const { "manifest.json": _, signature: __, ...listed } = files;
  const names = new Set([...Object.keys(listed), ...Object.keys(manifest)]);
  return [...names].filter((name) => !listed[name] || sha1(listed[name]) !== manifest[name]);
}

const sha1 = (bytes) => createHash("sha1").update(bytes).digest("hex");
