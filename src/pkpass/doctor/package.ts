import { found, listed } from "./finding";
import type { Finding } from "./examination";
import { isSupportedMethod, readDirectory, unpack, type ZipEntry } from "./zip";

/** Unpacks a pass or a bundle, whatever its state, and names what is wrong with the archive itself. */

export interface PackageContent {
  /** By path, as Wallet looks for it. */
  files: Record<string, Uint8Array>;
  /** Paths that are in the archive and whose content cannot be told; they count as neither there nor missing. */
  unreadable: Set<string>;
  /** What macOS leaves in archives; not in `files`. */
  metadata: string[];
  /** Paths that were put right for `files`, with the name that they have in the archive. */
  renamed: Map<string, string>;
  findings: Finding[];
}

export interface PackageLimits {
  unpackedBytesMax: number;
  entriesMax: number;
}

/** A bundle may have 150 MB (Apple, "Distributing and Updating a Pass"), and one pass no more than all of them. */
export const packageLimits: PackageLimits = { unpackedBytesMax: 150_000_000, entriesMax: 1000 };

/** Null in `content` if there is nothing to look at. */
export function openPackage(
  zip: Uint8Array,
  limits: PackageLimits,
): { content: PackageContent | null; findings: Finding[] } {
  const directory = readDirectory(zip);
  if (!directory.ok) return { content: null, findings: [found("archive_corrupt", null, directory.detail)] };
  const { entries } = directory;
  const bytes = entries.reduce((sum, entry) => sum + entry.unpackedBytes, 0);
  if (entries.length > limits.entriesMax || bytes > limits.unpackedBytesMax) {
    const atMost = `at most ${limits.entriesMax} files of ${limits.unpackedBytesMax} bytes together are unpacked`;
    const seen = `${entries.length} files that unpack to ${bytes} bytes; ${atMost}`;
    const isBundle = entries.length <= limits.entriesMax && isBundleOf(entries.map(({ path }) => path));
    return { content: null, findings: [found(isBundle ? "bundle_too_large" : "archive_too_large", null, seen)] };
  }
  const content = readEntries(zip, entries);
  const folders = entries.filter(({ isDirectory, path }) => isDirectory && !isUnsafe(path) && !isMetadata(path));
  const isNested = unwrapFolder(content);
  // Whoever zips a folder zips its entry as well; one finding is enough.
  if (folders.length > 0 && !isNested) {
    content.findings.push(found("directory_entries", null, listed(folders.map(({ path }) => path))));
  }
  correctCase(content);
  return { content, findings: content.findings };
}

/** Whole passes, and no pass of its own. */
export const isBundleOf = (paths: string[]): boolean =>
  paths.some((path) => path.toLowerCase().endsWith(".pkpass")) &&
  !paths.some((path) => ["pass.json", "manifest.json", "signature"].includes(path.toLowerCase()));

function readEntries(zip: Uint8Array, entries: ZipEntry[]): PackageContent {
  const content: PackageContent = {
    // Without a prototype, for a file may be called __proto__.
    files: Object.create(null) as Record<string, Uint8Array>,
    unreadable: new Set(),
    metadata: [],
    renamed: new Map(),
    findings: [],
  };
  const seen = new Set<string>();
  for (const entry of entries) {
    const { path } = entry;
    if (isUnsafe(path)) content.findings.push(found("entry_path_unsafe", path, `the name ${JSON.stringify(path)}`));
    else if (entry.isDirectory) continue;
    else if (isMetadata(path)) content.metadata.push(path);
    else if (seen.has(path)) {
      if (!content.unreadable.has(path)) content.findings.push(found("entry_duplicate", path, "it is there twice"));
      content.unreadable.add(path);
      delete content.files[path];
    } else readEntry(zip, entry, content);
    seen.add(path);
  }
  return content;
}

/** By the end of its path. Text is looked at member by member, so a hostile one costs more than its bytes. */
const textBytesMax: [RegExp, number][] = [
  [/(^|\/)(pass\.json|manifest\.json|personalization\.json|signature)$/i, 262_144],
  [/\.strings$/i, 2_097_152],
];

function readEntry(zip: Uint8Array, entry: ZipEntry, { files, unreadable, findings }: PackageContent): void {
  const { path, unpackedBytes } = entry;
  const bytesMax = textBytesMax.find(([pattern]) => pattern.test(path))?.[1] ?? Infinity;
  if (unpackedBytes > bytesMax) {
    unreadable.add(path);
    findings.push(found("file_too_large", path, `${unpackedBytes} bytes; at most ${bytesMax} are examined`));
    return;
  }
  const unpacked = entry.isEncrypted || !isSupportedMethod(entry) ? null : unpack(zip, entry);
  if (unpacked?.ok) {
    files[path] = unpacked.bytes;
    return;
  }
  unreadable.add(path);
  if (unpacked) findings.push(found("entry_corrupt", path, unpacked.detail));
  else if (entry.isEncrypted) findings.push(found("entry_encrypted", path, "it is encrypted"));
  else findings.push(found("entry_unsupported", path, `it is compressed by method ${entry.method}`));
}

const isUnsafe = (path: string): boolean =>
  path === "" || /^[/\\]|^[A-Za-z]:|\\|\0/.test(path) || path.split("/").some((step) => step === ".." || step === ".");

const isMetadata = (path: string): boolean =>
  path.split("/").some((step) => step === "__MACOSX" || step === ".DS_Store" || step.startsWith("._"));

/** All files in one folder: goes on as if they were at the top, so that the rest is examined as well. */
function unwrapFolder(content: PackageContent): boolean {
  const paths = [...Object.keys(content.files), ...content.unreadable];
  const folder = paths[0]?.split("/")[0];
  const isNested =
    folder !== undefined &&
    paths.every((path) => path.startsWith(`${folder}/`)) &&
    paths.some((path) => path.toLowerCase() === `${folder}/pass.json`.toLowerCase());
  if (!isNested) return false;
  const inside = (path: string) => path.slice(folder.length + 1);
  content.findings.push(found("nested_folder", null, `everything is in the folder ${folder}`));
  for (const path of paths) content.renamed.set(inside(path), path);
  content.files = Object.fromEntries(Object.entries(content.files).map(([path, bytes]) => [inside(path), bytes]));
  content.unreadable = new Set([...content.unreadable].map(inside));
  return true;
}

/** The files that a pass has by name and cannot be without. */
const requiredNames = ["pass.json", "manifest.json", "signature", "icon.png"];

function correctCase({ files, renamed, findings }: PackageContent): void {
  for (const name of requiredNames) {
    if (files[name]) continue;
    const other = Object.keys(files).find((path) => path.toLowerCase() === name);
    if (!other) continue;
    findings.push(found("file_name_case", other, `${other} instead of ${name}`));
    files[name] = files[other]!;
    delete files[other];
    renamed.set(name, renamed.get(other) ?? other);
    renamed.delete(other);
  }
}
