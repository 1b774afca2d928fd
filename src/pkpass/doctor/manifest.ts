import type { Json } from "../../pass-model/resolved-pass";
import { isObject } from "../apple-json";
import { sha1Hex } from "../archive";
import type { Finding } from "./examination";
import { found, listed, show } from "./finding";
import type { PackageContent } from "./package";

/** manifest.json lists the SHA-1 of every file but itself and `signature` (Apple, "Building a Pass"). */

const manifestPath = "manifest.json";
const unlistedNames = new Set([manifestPath, "signature"]);

export interface ManifestReading {
  findings: Finding[];
  /** Every path in it. */
  paths: ReadonlySet<string>;
  /** Files of the archive that are not in it: one finding on each is enough. */
  unlisted: ReadonlySet<string>;
}

export function checkManifest(content: PackageContent): ManifestReading {
  const { files, unreadable, metadata } = content;
  const bytes = files["manifest.json"];
  const manifest = bytes && readManifest(bytes);
  const hashes = new Map(Object.entries(manifest ?? {}));
  const paths = new Set(hashes.keys());
  const own = manifest ? [...checkHashes(hashes, content), ...checkMissing(hashes, content)] : [];
  if (!manifest && bytes) {
    const start = new TextDecoder("utf-8", { fatal: false, ignoreBOM: true }).decode(bytes.subarray(0, 40));
    own.push(found("manifest_not_json", manifestPath, `it is no JSON object in UTF-8; it begins with ${show(start)}`));
  } else if (!manifest && !unreadable.has(manifestPath)) {
    own.push(found("manifest_missing", manifestPath, "it is missing"));
  }
  const unlisted = own.flatMap(({ code, path }) => (code === "file_unlisted" && path !== null ? [path] : []));
  return { findings: [...own, ...checkMetadata(metadata, paths)], paths, unlisted: new Set(unlisted) };
}

function readManifest(bytes: Uint8Array): Record<string, Json> | null {
  try {
    const json = JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes)) as Json;
    return isObject(json) ? json : null;
  } catch {
    return null;
  }
}

/** The name under which a file may stand in the manifest: its own, or the one that it had in the archive. */
function hashOf(hashes: Map<string, Json>, path: string, { renamed }: PackageContent): Json | undefined {
  return hashes.get(path) ?? hashes.get(renamed.get(path) ?? path);
}

function checkHashes(hashes: Map<string, Json>, content: PackageContent): Finding[] {
  const findings: Finding[] = [];
  const uppercase: string[] = [];
  const isForOrders = hashes.size > 0 && [...hashes.values()].every((hash) => isHex(hash, 64));
  if (isForOrders) findings.push(found("manifest_sha256", manifestPath, "every hash has 64 digits, as SHA-256 has"));
  for (const [path, bytes] of Object.entries(content.files)) {
    if (unlistedNames.has(path)) continue;
    const hash = hashOf(hashes, path, content);
    if (hash === undefined) {
      findings.push(found("file_unlisted", path, `${path} is in the archive and not in manifest.json`));
    } else if (isForOrders) {
      continue;
    } else if (!isHex(hash, 40)) {
      findings.push(found("manifest_hash_malformed", pointer(path), show(hash)));
    } else if (hash.toLowerCase() !== sha1Hex(bytes)) {
      const seen = `manifest.json has ${hash}, and the SHA-1 of the file is ${sha1Hex(bytes)}`;
      findings.push(found("manifest_mismatch", path, seen));
    } else if (hash !== hash.toLowerCase()) {
      uppercase.push(path);
    }
  }
  if (uppercase.length > 0) findings.push(found("manifest_hash_uppercase", manifestPath, listed(uppercase)));
  return findings;
}

function checkMissing(hashes: Map<string, Json>, { files, unreadable, metadata, renamed }: PackageContent): Finding[] {
  const there = new Set([...Object.keys(files), ...unreadable, ...renamed.values(), ...metadata]);
  return [...hashes.keys()].flatMap((path): Finding[] => {
    if (unlistedNames.has(path)) return [found("manifest_lists_itself", pointer(path), `${path} is listed`)];
    // A missing pass.json is told by itself.
    if (there.has(path) || path === "pass.json") return [];
    return [found("listed_file_missing", pointer(path), `${path} is listed and not in the archive`)];
  });
}

function checkMetadata(metadata: string[], inManifest: ReadonlySet<string>): Finding[] {
  const unknown = metadata.filter((path) => !inManifest.has(path));
  if (unknown.length > 0) return [found("mac_metadata", null, listed(unknown))];
  return metadata.length > 0 ? [found("mac_metadata_listed", null, listed(metadata))] : [];
}

const isHex = (hash: Json, digits: number): hash is string =>
  typeof hash === "string" && hash.length === digits && /^[0-9a-f]+$/i.test(hash);

const pointer = (path: string): string => `manifest.json#/${path.replaceAll("~", "~0").replaceAll("/", "~1")}`;
