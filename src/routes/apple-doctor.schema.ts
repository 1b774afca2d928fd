import { Buffer } from "node:buffer";
import * as z from "zod";
import type { AppleFile, Examination } from "../services/apple/examine";

const fileExample = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

/** As Node's decoder would repair what is none: everything but base64 is refused first. */
const isBase64 = (text: string): boolean => text !== "" && !/[^A-Za-z0-9+/=\s]/.test(text) && !/=[^=\s]/.test(text);

export const uploadedFile = z
  .strictObject({
    file: z
      .string()
      .refine(isBase64, "expected the file in base64")
      .transform((text) => new Uint8Array(Buffer.from(text, "base64")))
      .meta({ description: "The file, in base64.", examples: [fileExample] }),
    password: z
      .string()
      .max(1000)
      .optional()
      .meta({ description: "Opens a PKCS#12 file or an encrypted key. It is not kept.", examples: ["correct horse"] }),
    mediaType: z
      .string()
      .max(200)
      .optional()
      .meta({
        description: "The Content-Type with which your server delivers the pass, if that is to be checked as well.",
        examples: ["application/vnd.apple.pkpass"],
      }),
  })
  .meta({ id: "FileToExamine", description: "A file to be examined.", examples: [{ file: fileExample }] });

const deliveryTypes = ["application/vnd.apple.pkpass", "application/vnd.apple.pkpasses"];

/** A content type that says "a pass" or "a bundle" is held against the file; any other says nothing about it. */
export function fileOfBody(bytes: Uint8Array, contentType: string | undefined): z.output<typeof uploadedFile> {
  const mediaType = contentType?.split(";")[0]!.trim().toLowerCase();
  const isDelivery = mediaType !== undefined && deliveryTypes.includes(mediaType);
  return { file: bytes as Uint8Array<ArrayBuffer>, ...(isDelivery && { mediaType }) };
}

export const toAppleFile = ({ file, password, mediaType }: z.output<typeof uploadedFile>): AppleFile => ({
  bytes: file,
  password,
  mediaType,
});

const findingExample = {
  code: "icon_2x_missing",
  severity: "warning" as const,
  path: "icon@2x.png",
  seen: "it is missing",
  why: "Every iPhone has a display of @2x or more; some systems refuse a pass that has the @1x icon only.",
  remedy: "Add icon@2x.png (76×76 pixels).",
};

const findingSchema = z
  .object({
    code: z.string().meta({ description: "Stable, for programs.", examples: [findingExample.code] }),
    severity: z.enum(["error", "warning", "info"]).meta({
      description:
        "`error`: Wallet does not open the pass, or it never updates. `warning`: it opens and something is lost. `info`: worth knowing.",
      examples: [findingExample.severity],
    }),
    path: z
      .string()
      .nullable()
      .meta({
        description: "The file in the package and a JSON Pointer in it; null for the file as a whole.",
        examples: ["pass.json#/storeCard/headerFields/0/value"],
      }),
    seen: z.string().meta({ description: "What was found.", examples: [findingExample.seen] }),
    why: z.string().meta({ description: "Why Wallet refuses it, or what it does.", examples: [findingExample.why] }),
    remedy: z.string().meta({ description: "What to do about it.", examples: [findingExample.remedy] }),
  })
  .meta({ id: "Finding", description: "One thing that the doctor found.", examples: [findingExample] });

const known = (description: string, example: string) =>
  z
    .string()
    .nullable()
    .meta({ description, examples: [example] });

const certificateExample = {
  subject: "Pass Type ID: pass.com.example.coffee",
  issuer: "Apple's WWDR G4",
  notBefore: "2026-05-01T16:30:00.000Z",
  notAfter: "2027-05-01T16:30:00.000Z",
  fingerprint: "0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0",
  nfc: false,
  keyType: "RSA",
  keyBits: 2048,
};

const certificateSummary = z
  .object({
    subject: known("Common name.", certificateExample.subject),
    issuer: z.string().meta({ description: "Who issued it.", examples: [certificateExample.issuer] }),
    notBefore: z
      .string()
      .meta({ description: "From when it is valid, ISO 8601.", examples: [certificateExample.notBefore] }),
    notAfter: z
      .string()
      .meta({ description: "Until when it is valid, ISO 8601.", examples: [certificateExample.notAfter] }),
    fingerprint: z.string().meta({ description: "SHA-256, in hex.", examples: [certificateExample.fingerprint] }),
    nfc: z.boolean().meta({ description: "Whether it may sign passes with `nfc`.", examples: [false] }),
    keyType: z.string().meta({ description: "Kind of key.", examples: [certificateExample.keyType] }),
    keyBits: z
      .int()
      .nullable()
      .meta({ description: "Its length.", examples: [certificateExample.keyBits] }),
  })
  .meta({
    id: "CertificateSummary",
    description: "The certificate that signed, or that was handed in.",
    examples: [certificateExample],
  });

const factsExample = {
  passTypeIdentifier: "pass.com.example.coffee",
  teamIdentifier: "A1B2C3D4E5",
  serialNumber: "4711",
  organizationName: "Fern & Finch Coffee",
  style: "storeCard",
  signedAt: "2026-05-01T16:30:00.000Z",
  passes: 1,
  certificate: certificateExample,
};

const factsSchema = z
  .object({
    passTypeIdentifier: known("As in pass.json, or in the certificate.", factsExample.passTypeIdentifier),
    teamIdentifier: known("As in pass.json, or in the certificate.", factsExample.teamIdentifier),
    serialNumber: known("Of a pass.", factsExample.serialNumber),
    organizationName: known("Of a pass.", factsExample.organizationName),
    style: known("Of a pass.", factsExample.style),
    signedAt: known("Time in the signature, ISO 8601.", factsExample.signedAt),
    passes: z.int().meta({ description: "How many passes the file holds.", examples: [1] }),
    certificate: certificateSummary.nullable(),
  })
  .meta({
    id: "ExaminationFacts",
    description: "What the file is, as far as it could be read. Of a bundle, its first pass.",
    examples: [factsExample],
  });

const example = { object: "examination", kind: "pkpass", ok: true, findings: [findingExample], facts: factsExample };

export const examinationSchema = z
  .object({
    object: z.literal("examination").meta({ description: "Always `examination`.", examples: ["examination"] }),
    kind: z
      .enum(["pkpass", "pkpasses", "certificate", "pkcs12", "private_key", "unknown"])
      .meta({ description: "What the file is; its bytes say so.", examples: ["pkpass"] }),
    ok: z.boolean().meta({ description: "True if there is no finding of severity `error`.", examples: [true] }),
    findings: z
      .array(findingSchema)
      .meta({ description: "Everything found, at most 200 and a note.", examples: [[findingExample]] }),
    facts: factsSchema.nullable(),
  })
  .meta({ id: "Examination", description: "What the doctor says of a file.", examples: [example as never] });

export const examinationJson = ({ kind, findings, facts }: Examination) => ({
  object: "examination" as const,
  kind,
  ok: findings.every(({ severity }) => severity !== "error"),
  findings,
  facts,
});
