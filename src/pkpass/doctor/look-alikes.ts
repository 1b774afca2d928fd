import * as pkijs from "pkijs";
import { attempt } from "../attempt";
import { decodeBase64, readPemBlocks } from "../pem";
import { readSignedData } from "./cms";
import { startsWith } from "./json-text";

/** What a file is that the doctor has no use for: people hand in all that lies in the folder. */

interface Kind {
  what: string;
  fits: (file: Uint8Array, text: string) => boolean;
}

const begins = (what: string, ...bytes: number[]): Kind => ({ what, fits: (file) => startsWith(file, bytes) });
const reads = (what: string, pattern: RegExp): Kind => ({ what, fits: (_, text) => pattern.test(text) });
const labelled = (what: string, label: RegExp): Kind => ({
  what,
  fits: (_, text) => readPemBlocks(text).some((block) => label.test(block.label)),
});

/** The first that fits. `text` is the beginning of the file. */
const kinds: Kind[] = [
  { what: "an empty file", fits: (file) => file.length === 0 },
  begins("a PNG picture", 0x89, 0x50, 0x4e, 0x47),
  begins("a JPEG picture", 0xff, 0xd8, 0xff),
  begins("a GIF picture", 0x47, 0x49, 0x46, 0x38),
  begins("a PDF document", 0x25, 0x50, 0x44, 0x46),
  begins("a gzip archive", 0x1f, 0x8b),
  begins("a ZIP archive without a pass in it", 0x50, 0x4b),
  labelled("a certificate request (CSR), which goes to Apple; what comes back is wanted here", /CERTIFICATE REQUEST$/),
  labelled("a public key", /PUBLIC KEY$/),
  labelled(
    "a PKCS #7 file; hand in the certificates in it by themselves (openssl pkcs7 -print_certs)",
    /^(PKCS7|CMS)$/,
  ),
  reads("PEM that is not whole", /-----BEGIN /),
  reads("an HTML page, such as a server sends instead of the file", /^\s*(<!doctype html|<html)/i),
  reads("an XML file or property list", /^\s*<(\?xml|!DOCTYPE plist|plist)/),
  reads("an SVG picture", /^\s*<svg/),
  reads("a pass.json by itself; a pass is that file packed and signed", /^\s*\{[^]*"formatVersion"/),
  reads("JSON", /^\s*[{[]/),
  { what: "a provisioning profile", fits: (file, text) => readSignedData(file) !== null && text.includes("<plist") },
  {
    what: "a CMS structure, such as the file `signature` of a pass or a .p7b",
    fits: (file) => readSignedData(file) !== null,
  },
  {
    what: "a certificate request (CSR), which goes to Apple; what comes back is wanted here",
    fits: (file) => attempt(() => pkijs.CertificationRequest.fromBER(file)) !== null,
  },
  { what: "a public key", fits: (file) => attempt(() => pkijs.PublicKeyInfo.fromBER(file)) !== null },
  begins("an ASN.1 structure of another kind, or one that was cut off", 0x30),
  { what: "text in base64; decode it first", fits: (_, text) => text.length > 40 && decodeBase64(text) !== null },
  reads("a text file", /^[\x20-\x7e\s]+$/),
];

const looked = 4096;

export function describeFile(file: Uint8Array): string {
  const text = new TextDecoder("latin1").decode(file.subarray(0, looked));
  return kinds.find(({ fits }) => fits(file, text))?.what ?? "binary data of an unknown kind";
}
