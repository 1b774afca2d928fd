import { strToU8 } from "fflate";
import type { JsonObject } from "../../../src/pass-model/resolved-pass";
import { sha1Hex, zipStored } from "../../../src/pkpass/archive";
import { sha256Hex } from "../../../src/pkpass/bytes";
import { examine, type ExaminationOptions } from "../../../src/pkpass/doctor";
import { buildSignedData, type SigningMaterial } from "../../../src/pkpass/sign";
import { end, header, join, picture, signature as pngSignature } from "../../support/make-png";
import { material, now, passTypeIdentifier, teamIdentifier, wwdr } from "./certificates";

/** A pass with which nothing is wrong, and ways to spoil it in single points. */

export const goodJson = (): JsonObject => ({
  formatVersion: 1,
  passTypeIdentifier,
  teamIdentifier,
  serialNumber: "4711",
  organizationName: "Fern & Finch Coffee",
  description: "Loyalty card",
  webServiceURL: "https://api.example.com/apple/K7X2M9QA",
  authenticationToken: "0123456789abcdef",
  foregroundColor: "rgb(255, 255, 255)",
  backgroundColor: "#135",
  expirationDate: "2027-05-01T18:30:00+02:00",
  relevantDates: [{ date: "2026-06-01T08:00Z", relevantDate: "2026-06-01T08:00Z" }],
  locations: [{ latitude: 52.52, longitude: 13.405, relevantText: "Around the corner" }],
  beacons: [{ proximityUUID: "f7826da6-4fa2-4e98-8024-bc5b71e0893e", major: 1 }],
  barcodes: [{ format: "PKBarcodeFormatQR", message: "4711", messageEncoding: "iso-8859-1", altText: "4711" }],
  barcode: { format: "PKBarcodeFormatQR", message: "4711", messageEncoding: "iso-8859-1", altText: "4711" },
  associatedStoreIdentifiers: [284882215],
  appLaunchURL: "fernfinch://card",
  sharingProhibited: true,
  userInfo: { tier: "gold" },
  semantics: { balance: { amount: "12.50", currencyCode: "EUR" } },
  storeCard: {
    headerFields: [{ key: "points", label: "Points", value: 42, changeMessage: "You have %@ points" }],
    primaryFields: [{ key: "balance", label: "Balance", value: 12.5, currencyCode: "EUR" }],
    secondaryFields: [{ key: "until", value: "2027-05-01T18:30:00+02:00", dateStyle: "PKDateStyleMedium" }],
    backFields: [
      { key: "terms", value: "Terms", attributedValue: "<a href='https://example.com/terms'>Terms</a>" },
      { key: "news", value: "", changeMessage: "news_changed" },
    ],
  },
});

const cache = new Map<string, Uint8Array>();

export function png(width: number, height: number): Uint8Array {
  const name = `${width}×${height}`;
  const made = cache.get(name) ?? join(pngSignature, header(width, height), picture(width, height), end);
  cache.set(name, made);
  return made;
}

export const densities = (slot: string, width: number, height: number): Record<string, Uint8Array> => ({
  [`${slot}.png`]: png(width, height),
  [`${slot}@2x.png`]: png(width * 2, height * 2),
  [`${slot}@3x.png`]: png(width * 3, height * 3),
});

export const personalizationJson: JsonObject = {
  description: "Join",
  requiredPersonalizationFields: ["PKPassPersonalizationFieldName", "PKPassPersonalizationFieldEmailAddress"],
};

/** A key of P-256. */
export const nfcKey =
  "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEw8X5Fzk9nE/tmyJBfX3cjWBnpu46hGLoUwZkp4FR86ZnHoANHHk9MFqV3lsV/1LtdTGm+sCKP4yx/MH6WVLv8Q==";

export const nfc = { message: "4711", encryptionPublicKey: nfcKey, requiresAuthentication: true };

export const goodFiles = (): Record<string, Uint8Array> => ({
  ...densities("icon", 38, 38),
  ...densities("logo", 160, 50),
  "en.lproj/pass.strings": strToU8('/* English */ "news_changed" = "News: %@";\n"quoted" = "a \\"b\\"";'),
});

export interface Spoiled {
  json?: (pass: JsonObject) => void;
  /** In the place of what `json` gives. */
  passJson?: Uint8Array | null;
  /** Added, or taken out where null. */
  files?: Record<string, Uint8Array | null>;
  /** After the manifest was made of the files. */
  filesAfter?: Record<string, Uint8Array | null>;
  manifest?: (hashes: Record<string, unknown>) => void;
  manifestFile?: Uint8Array | null;
  /** After it was signed. */
  manifestAfter?: Uint8Array;
  material?: SigningMaterial;
  sign?: (material: SigningMaterial, manifest: Uint8Array) => Promise<Uint8Array | null>;
  /** The last word on the archive. */
  archive?: (files: Record<string, Uint8Array>) => Uint8Array;
  options?: Partial<ExaminationOptions>;
}

const right = await material();
export const nfcMaterial = await material({ nfc: true });
export const wwdrFingerprint = await sha256Hex(wwdr.certificate);

export const examinationOptions: ExaminationOptions = { now, authorities: [], issuerFingerprints: [wwdrFingerprint] };

export async function makePass(spoiled: Spoiled = {}): Promise<Uint8Array> {
  const json = goodJson();
  spoiled.json?.(json);
  const files = change({ "pass.json": strToU8(JSON.stringify(json)), ...goodFiles() }, spoiled.files);
  if (spoiled.passJson) files["pass.json"] = spoiled.passJson;
  if (spoiled.passJson === null) delete files["pass.json"];
  const hashes: Record<string, unknown> = {};
  for (const [path, bytes] of Object.entries(files)) hashes[path] = sha1Hex(bytes);
  spoiled.manifest?.(hashes);
  const manifest = spoiled.manifestFile ?? strToU8(JSON.stringify(hashes));
  const sign = spoiled.sign ?? ((by, bytes) => buildSignedData(by, bytes, new Date(now)));
  const signature = await sign(spoiled.material ?? right, manifest);
  const whole = change(files, spoiled.filesAfter);
  if (spoiled.manifestFile !== null) whole["manifest.json"] = spoiled.manifestAfter ?? manifest;
  if (signature) whole.signature = signature;
  return (spoiled.archive ?? zipStored)(whole);
}

function change(
  files: Record<string, Uint8Array>,
  changes: Record<string, Uint8Array | null> = {},
): Record<string, Uint8Array> {
  const changed = { ...files };
  for (const [path, bytes] of Object.entries(changes)) {
    if (bytes) changed[path] = bytes;
    else delete changed[path];
  }
  return changed;
}

export async function findingsOf(spoiled: Spoiled): Promise<{ code: string; path: string | null }[]> {
  const { findings } = await examine(await makePass(spoiled), { ...examinationOptions, ...spoiled.options });
  return findings.map(({ code, path }) => ({ code, path }));
}
