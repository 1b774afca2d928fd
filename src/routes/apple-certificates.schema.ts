import * as z from "zod";
import { exampleId, idOf, timestamp, warningSchema } from "../http/schemas";

/** Shapes of Apple certificates and of the requests for them. */

/** That of a sandbox's first certificate. */
export const passTypeExample = "pass.sandbox.wepass.k7x2m9qa";

export const passTypePath = z.object({
  passTypeIdentifier: z.string().meta({ description: "Pass type of the certificate.", examples: [passTypeExample] }),
});

const typeExample = "pass.com.example.fern";

const passType = (description: string) => z.string().meta({ description, examples: [typeExample] });

export const certificateExample = {
  object: "appleCertificate",
  id: typeExample,
  passTypeIdentifier: typeExample,
  teamIdentifier: "A1B2C3D4E5",
  nfc: false,
  default: true,
  status: "active",
  fingerprint: "ea4757885538dd8cb59ff4556f676087d83c85e70902c122e42c0808b5bce14c",
  notBefore: "2026-05-01T16:30:00.000Z",
  notAfter: "2027-05-31T16:30:00.000Z",
  daysLeft: 394,
  createdAt: "2026-05-01T16:35:00.000Z",
};

export const certificateSchema = z
  .object({
    object: z
      .literal("appleCertificate")
      .meta({ description: "Always `appleCertificate`.", examples: ["appleCertificate"] }),
    id: passType("The pass type, by which the certificate is found."),
    passTypeIdentifier: passType("The pass type that it signs (UID of the subject)."),
    teamIdentifier: z.string().meta({ description: "The team (OU of the subject).", examples: ["A1B2C3D4E5"] }),
    nfc: z
      .boolean()
      .meta({ description: "Whether it may sign passes with `nfc` or a personalization.", examples: [false] }),
    default: z.boolean().meta({ description: "Whether new passes are issued under it.", examples: [true] }),
    status: z.enum(["active", "expired"]).meta({ description: "Whether it can sign.", examples: ["active"] }),
    fingerprint: z
      .string()
      .meta({ description: "SHA-256 of the certificate, in hex.", examples: [certificateExample.fingerprint] }),
    notBefore: timestamp("When it begins to be valid."),
    notAfter: timestamp("When it expires."),
    daysLeft: z.int().meta({ description: "Whole days until it expires; 0 if it has.", examples: [394] }),
    createdAt: timestamp("When the first certificate of this pass type was added."),
  })
  .meta({
    id: "AppleCertificate",
    description: "A pass type certificate. Its private key is never shown.",
    examples: [certificateExample],
  });

const warnings = z.array(warningSchema).meta({ description: "What is accepted, and worth knowing.", examples: [[]] });

export const importedCertificateSchema = certificateSchema.extend({ warnings }).meta({
  id: "ImportedAppleCertificate",
  description: "A pass type certificate that is in use now.",
  examples: [{ ...certificateExample, warnings: [] }],
});

const fileText = (description: string, example: string) =>
  z
    .string()
    .min(1)
    .max(500_000)
    .meta({ description, examples: [example] });

const secretText = (description: string) =>
  z
    .string()
    .max(1000)
    .meta({ description, examples: ["correct horse"] });

/** Stand for files in the examples; the tests put real ones in their place. */
export const fileExamples = {
  /** Made for a request's key. */
  certificate: "MIIFyzCCBLOgAwIBAgIQQ4v4…",
  /** Made for `privateKey`. */
  imported: "MIIFxDCCBKygAwIBAgIQaP7c…",
  privateKey: "MIIEvgIBADANBgkqhkiG9w0BAQEFAASC…",
};

const issuerCertificate = fileText(
  "The intermediate that issued it, PEM or base64 of DER, if it is not to be fetched from Apple.",
  "MIIEVTCCAz2gAwIBAgIUE9x3…",
).optional();

export const importExample = { certificate: fileExamples.imported, privateKey: fileExamples.privateKey };

export const importBody = z
  .strictObject({
    pkcs12: fileText("A `.p12` or `.pfx` file in base64.", "MIIKEgIBAzCCCcgGCSqGSIb3…").optional(),
    password: secretText("Opens `pkcs12`.").optional(),
    certificate: fileText(
      "The certificate: PEM, or base64 of DER. In PEM its key and its intermediate may stand beside it.",
      fileExamples.imported,
    ).optional(),
    privateKey: fileText(
      "Its private key in PKCS#8, PKCS#1 or SEC1: PEM, or base64 of DER. It may be encrypted.",
      fileExamples.privateKey,
    ).optional(),
    passphrase: secretText("Opens `privateKey`.").optional(),
    issuerCertificate,
  })
  .meta({
    id: "AppleCertificateImport",
    description: "A certificate with its private key: `pkcs12`, or `certificate` with `privateKey`.",
    examples: [importExample],
  });

export const completionBody = z
  .strictObject({
    certificate: fileText("The `.cer` that Apple made: PEM, or base64 of DER.", fileExamples.certificate),
    issuerCertificate,
  })
  .meta({
    id: "AppleCertificateUpload",
    description: "The certificate that Apple made for a request.",
    examples: [{ certificate: fileExamples.certificate }],
  });

export const defaultBody = z
  .strictObject({
    default: z.literal(true).meta({ description: "New passes are issued under it.", examples: [true] }),
  })
  .meta({
    id: "AppleCertificatePatch",
    description: "Makes a certificate the default.",
    examples: [{ default: true }],
  });

export const csrExample = `-----BEGIN CERTIFICATE REQUEST-----
MIHbMIGCAgEAMCAxHjAcBgNVBAMMFUZlcm4gYW5kIEZpbmNoIENvZmZlZTBZMBMG
ByqGSM49AgEGCCqGSM49AwEHA0IABER3gySX4E4zNcQ8r1hynRPa+rj3Lp/il0ju
tC0ziLpbrL11CBcdkftGjtKXGg+R4fRiAux0wsCQF13q1jeWbTmgADAKBggqhkjO
PQQDAgNIADBFAiB1SzpI7mwnBTnQcAuuwJhF2Ijw/rvFYMzoGW1CLjNVIQIhAJTi
J92U8mvXi/vTY/oJokeCM5ChUqnH3dc/Id+4002X
-----END CERTIFICATE REQUEST-----
`;

export const requestExample = {
  object: "certificateRequest",
  id: exampleId("csr"),
  status: "pending",
  csr: csrExample,
  passTypeIdentifier: null,
  instructions:
    "Upload the request at developer.apple.com → Certificates, Identifiers & Profiles → Identifiers → Pass Type IDs → Create Certificate. Then send the .cer that Apple answers with by PUT to /v2/apple/certificate-requests/{id}/certificate.",
  createdAt: "2026-05-01T16:30:00.000Z",
  completedAt: null,
};

export const requestSchema = z
  .object({
    object: z
      .literal("certificateRequest")
      .meta({ description: "Always `certificateRequest`.", examples: ["certificateRequest"] }),
    id: idOf("csr", "Id of the request."),
    status: z
      .enum(["pending", "completed"])
      .meta({ description: "Completed once its certificate is there.", examples: ["pending"] }),
    csr: z.string().meta({ description: "The request for Apple's portal, in PEM.", examples: [csrExample] }),
    passTypeIdentifier: passType("Pass type of the certificate; null while it is pending.").nullable(),
    instructions: z
      .string()
      .nullable()
      .meta({ description: "What to do next; null if nothing is.", examples: [requestExample.instructions] }),
    createdAt: timestamp("When it was made."),
    completedAt: timestamp("When its certificate came; null while it is pending.").nullable(),
  })
  .meta({
    id: "CertificateRequest",
    description: "A key pair that waits for its certificate. The private key is never shown.",
    examples: [requestExample],
  });

/** RFC 5280, appendix A.1: ub-common-name. */
const commonNameMax = 64;

export const requestBody = z
  .strictObject({
    commonName: z
      .string()
      .trim()
      .min(1)
      .max(commonNameMax)
      .optional()
      .meta({ description: "Name in the request; the account's if absent.", examples: ["Fern & Finch Coffee"] }),
    emailAddress: z
      .email()
      .max(255)
      .optional()
      .meta({ description: "E-mail address in the request.", examples: ["wallet@example.com"] }),
  })
  .meta({
    id: "NewCertificateRequest",
    description: "What stands in the request. Apple keeps none of it.",
    examples: [{ commonName: "Fern & Finch Coffee" }],
  });

export const sandboxTypeExample = "pass.com.example.coffee";

export const sandboxCertificateBody = z
  .strictObject({
    csr: z
      .string()
      .min(1)
      .max(100_000)
      .meta({ description: "A certificate request in PEM.", examples: [csrExample] }),
    passTypeIdentifier: z
      .string()
      .regex(/^pass\.[A-Za-z0-9.-]{1,200}$/, "expected a pass type identifier, such as pass.com.example.coffee")
      .meta({ description: "The pass type that the certificate is to sign.", examples: [sandboxTypeExample] }),
    nfc: z
      .boolean()
      .default(true)
      .meta({ description: "Whether the certificate has the right to NFC passes.", examples: [true] }),
    days: z
      .int()
      .min(1)
      .max(3650)
      .default(365)
      .meta({ description: "How long it is valid, 1 to 3,650 days.", examples: [365] }),
  })
  .meta({
    id: "SandboxCertificateRequest",
    description: "What Apple's portal would be told.",
    examples: [{ csr: csrExample, passTypeIdentifier: sandboxTypeExample }],
  });
