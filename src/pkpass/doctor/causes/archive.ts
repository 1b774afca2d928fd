import type { Cause } from "./cause";

/** The zip and what is in it. */
export const archiveCauses = {
  archive_corrupt: {
    severity: "error",
    why: "Wallet cannot open the archive.",
    remedy: "Build the pass again, or transfer it again as binary data; a download that was cut off looks like this.",
  },
  archive_too_large: {
    severity: "error",
    why: "No pass needs that much: an archive like this is made to exhaust whoever unpacks it.",
    remedy: "Put into the pass only pass.json, manifest.json, signature, its images and its .lproj folders.",
  },
  file_too_large: {
    severity: "error",
    why: "No pass needs so much text, and what is in it was not looked at.",
    remedy: "Leave out of the file what Wallet does not show.",
  },
  entry_encrypted: {
    severity: "error",
    why: "Wallet asks for no password, so it cannot read the file.",
    remedy: "Zip the pass without a password.",
  },
  entry_unsupported: {
    severity: "error",
    why: "Wallet reads files that are stored or deflated.",
    remedy: "Zip the pass with the ordinary method (deflate) or with none.",
  },
  entry_corrupt: {
    severity: "error",
    why: "Wallet cannot unpack the file.",
    remedy: "Build the archive again.",
  },
  entry_duplicate: {
    severity: "error",
    why: "Two files have one name, and which of them is read is chance; the manifest can describe one only.",
    remedy: "Leave one of them out.",
  },
  entry_path_unsafe: {
    severity: "error",
    why: "The name leads out of the package, which Wallet refuses.",
    remedy: "Name files relative to the pass, with forward slashes: icon.png, en.lproj/pass.strings.",
  },
  directory_entries: {
    severity: "info",
    why: "Wallet does not need entries for folders; some readers miss them in the manifest.",
    remedy: "Zip without them (zip -D).",
  },
  nested_folder: {
    severity: "error",
    why: "Wallet looks for pass.json at the top of the archive: it says that there is no entry in the manifest.",
    remedy: "Zip the content of the folder, not the folder: cd Example.pass && zip -r -D ../example.pkpass .",
  },
  file_name_case: {
    severity: "error",
    why: "Names in a pass are case-sensitive, so Wallet does not find the file.",
    remedy: "Write the name in lower case, in the archive and in the manifest.",
  },
  mac_metadata: {
    severity: "error",
    why: 'Files that macOS adds are not in the manifest, and Wallet stops at "No entry in manifest for file".',
    remedy: 'Zip without them: zip -r -D -X example.pkpass . -x "*.DS_Store" -x "__MACOSX/*"',
  },
  mac_metadata_listed: {
    severity: "warning",
    why: "Files that macOS adds are in the pass and in its manifest; Wallet opens it, but they say what your disk looks like.",
    remedy: "Remove .DS_Store, ._ files and __MACOSX before the manifest is made.",
  },
  pass_json_missing: {
    severity: "error",
    why: "pass.json is the pass; without it there is nothing to show.",
    remedy: "Put pass.json at the top of the archive.",
  },
  manifest_missing: {
    severity: "error",
    why: "Wallet opens only what is listed in manifest.json, for that is what is signed.",
    remedy: "Make manifest.json: one object with the SHA-1 of every file.",
  },
  signature_missing: {
    severity: "error",
    why: "An unsigned pass is refused.",
    remedy: "Sign manifest.json with your pass type certificate and add the result as `signature`.",
  },
  bundle_too_many: {
    severity: "error",
    why: "A bundle holds at most 10 passes.",
    remedy: "Make several bundles.",
  },
  bundle_too_large: {
    severity: "error",
    why: "A bundle may have at most 150 MB.",
    remedy: "Make several bundles, or smaller images.",
  },
  bundle_entry_foreign: {
    severity: "error",
    why: "A bundle (.pkpasses) holds whole .pkpass files and nothing else.",
    remedy: "Leave the file out.",
  },
  media_type_wrong: {
    severity: "error",
    why: "Safari and Mail hand a file to Wallet by its media type; with another one it is shown as a download.",
    remedy: "Deliver a pass as application/vnd.apple.pkpass, a bundle as application/vnd.apple.pkpasses.",
  },
  media_type_bundle_for_pass: {
    severity: "error",
    why: "Under the type of a bundle Wallet looks for passes in the file, and finds none.",
    remedy: "Deliver one pass as application/vnd.apple.pkpass.",
  },
  media_type_pass_for_bundle: {
    severity: "error",
    why: "Under the type of a pass Wallet looks for pass.json in the file, and finds passes instead.",
    remedy: "Deliver a bundle as application/vnd.apple.pkpasses.",
  },
  manifest_not_json: {
    severity: "error",
    why: "Wallet cannot read the list of files.",
    remedy: "manifest.json is one JSON object of paths and SHA-1 hashes, UTF-8 without a byte order mark.",
  },
  manifest_hash_malformed: {
    severity: "error",
    why: "Wallet compares each file with a SHA-1, which has 40 hexadecimal digits.",
    remedy: "Write the SHA-1 of the file as 40 lower-case hexadecimal digits.",
  },
  manifest_sha256: {
    severity: "error",
    why: "Wallet Orders use SHA-256 in their manifest; passes use SHA-1, so no file is recognised.",
    remedy: "Hash every file with SHA-1 and sign the manifest again.",
  },
  manifest_hash_uppercase: {
    severity: "warning",
    why: "Apple's tools write the digits in lower case; that Wallet takes others is not documented.",
    remedy: "Write the hashes in lower case.",
  },
  manifest_mismatch: {
    severity: "error",
    why: "The file was changed after the manifest was made, so Wallet takes the pass for tampered with.",
    remedy: "Make the manifest again, then the signature.",
  },
  manifest_lists_itself: {
    severity: "warning",
    why: "manifest.json and signature come after the manifest and cannot stand in it with a right hash.",
    remedy: "Leave both out of the manifest.",
  },
  file_unlisted: {
    severity: "error",
    why: 'Wallet stops at "No entry in manifest for file".',
    remedy: "List every file but manifest.json and signature, or leave the file out; then sign again.",
  },
  listed_file_missing: {
    severity: "error",
    why: "The manifest promises a file that is not there, so Wallet takes the pass for tampered with.",
    remedy: "Add the file, or make the manifest again without it; then sign again.",
  },
  file_unused: {
    severity: "info",
    why: "Wallet reads no file of this name.",
    remedy: "Leave it out, or correct its name.",
  },
} satisfies Record<string, Cause>;
