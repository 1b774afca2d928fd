import { barcodeComplaint, fitsEncoding } from "../../pass-model/barcode-rules";
import type { Json, JsonObject } from "../../pass-model/resolved-pass";
import type { BarcodeFormat } from "../../pass-model/vocabulary";
import { isObject, objectsIn } from "../apple-json";
import { appleBarcodes } from "../apple-names";
import type { Finding } from "./examination";
import { found, show } from "./finding";
import { at } from "./members";

/** `barcodes`, of which the system shows the first that it can draw, and the old `barcode` (Apple, Pass.Barcodes). */

interface Known {
  format: BarcodeFormat;
  era: "classic" | "recent";
}

/** Of two of our formats that Apple calls alike, the first. */
const known = new Map<string, Known>();
for (const [format, apple] of Object.entries(appleBarcodes)) {
  if (apple && !known.has(apple.format)) known.set(apple.format, { format: format as BarcodeFormat, era: apple.era });
}

const oldFormats = new Set<BarcodeFormat>(["qr", "pdf417", "aztec"]);

const knownFormat = ({ format }: JsonObject): Known | undefined =>
  typeof format === "string" ? known.get(format) : undefined;

export function checkBarcodes(pass: JsonObject): Finding[] {
  const entries = objectsIn(pass.barcodes);
  const findings = entries.flatMap(({ object, index }) => checkEntry(object, ["barcodes", index]));
  const eras = entries.map(({ object }) => knownFormat(object)?.era);
  if (eras.length > 0 && eras.every((era) => era === "recent")) {
    findings.push(found("barcode_format_recent", at("barcodes"), show(entries[0]!.object.format)));
  }
  if (!isObject(pass.barcode)) return findings;
  const barcode = pass.barcode;
  if (pass.barcodes === undefined) findings.push(found("barcodes_missing", at("barcode"), "there is only barcode"));
  // The same entry twice is the usual form, and is judged once.
  if (!entries.some(({ object }) => sameEntry(object, barcode))) findings.push(...checkEntry(barcode, ["barcode"]));
  if (knownFormat(barcode) && !oldFormats.has(knownFormat(barcode)!.format)) {
    findings.push(found("barcode_format_not_here", at("barcode", "format"), show(barcode.format)));
  }
  return findings;
}

function checkEntry(entry: JsonObject, path: (string | number)[]): Finding[] {
  const { format, message, messageEncoding } = entry;
  const findings: Finding[] = [];
  const kind = knownFormat(entry);
  if (format !== null && !kind) findings.push(found("barcode_format_unknown", at(...path, "format"), show(format)));
  if (message !== null && (typeof message !== "string" || message === "")) {
    findings.push(found("barcode_message_missing", at(...path, "message"), show(message)));
  }
  if (messageEncoding !== null && (typeof messageEncoding !== "string" || messageEncoding === "")) {
    findings.push(found("barcode_encoding_missing", at(...path, "messageEncoding"), show(messageEncoding)));
  }
  findings.push(...checkAltText(entry.altText, path));
  if (typeof message !== "string" || message === "") return findings;
  if (typeof messageEncoding === "string" && !fitsEncoding(message, messageEncoding.toLowerCase())) {
    const seen = `a character beyond ${messageEncoding}`;
    findings.push(found("barcode_encoding_unfit", at(...path, "message"), seen));
  }
  // ITF-14 is the one kind of Interleaved 2 of 5 that our designs have; Apple's takes any digits.
  const isDigits = kind?.format === "itf14" && /^\d+$/.test(message);
  const complaint = kind && !isDigits ? barcodeComplaint(kind.format, message) : null;
  if (complaint) findings.push(found("barcode_message_unfit", at(...path, "message"), complaint));
  return findings;
}

function checkAltText(altText: Json | undefined, path: (string | number)[]): Finding[] {
  if (altText === undefined || altText === null || typeof altText === "string") return [];
  return [found("member_type_wrong", at(...path, "altText"), `${show(altText)}; expected text`)];
}

const sameEntry = (a: JsonObject, b: JsonObject): boolean =>
  ["format", "message", "messageEncoding", "altText"].every((member) => a[member] === b[member]);
