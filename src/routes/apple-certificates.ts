import { Buffer } from "node:buffer";
import { Hono } from "hono";
import * as z from "zod";
import type { AppEnv } from "../http/env";
import { idempotent } from "../http/idempotency";
import { listResponse } from "../http/lists";
import { operation } from "../http/operation";
import { isoTime, listOf, pageQuery } from "../http/schemas";
import { validateUpload } from "../http/upload";
import { validate } from "../http/validate";
import { listCertificates, makeDefault, readCertificateView, removeCertificate } from "../services/apple/certificates";
import { importCertificate } from "../services/apple/import-certificate";
import { issueSandboxCertificate } from "../services/apple/issue-sandbox-certificate";
import type { CertificateView } from "../services/apple/view";
import {
  certificateExample,
  certificateSchema,
  csrExample,
  defaultBody,
  importBody,
  importExample,
  importedCertificateSchema,
  passTypeExample,
  passTypePath,
  sandboxCertificateBody,
  sandboxTypeExample,
} from "./apple-certificates.schema";

export const certificateMediaTypes = ["application/pkix-cert", "application/x-pem-file", "application/octet-stream"];

const bodyErrors = ["validation_error", "malformed_json", "unsupported_media_type", "body_too_large"] as const;

export function certificateJson({ identity, fingerprint, status, daysLeft }: CertificateView) {
  return {
    object: "appleCertificate" as const,
    id: identity.passTypeIdentifier,
    passTypeIdentifier: identity.passTypeIdentifier,
    teamIdentifier: identity.teamIdentifier,
    nfc: identity.nfc,
    default: identity.isDefault,
    status,
    fingerprint,
    notBefore: isoTime(identity.notBefore),
    notAfter: isoTime(identity.notAfter),
    daysLeft,
    createdAt: isoTime(identity.createdAt),
  };
}

/** PEM is a certificate with its key; anything else is taken for PKCS#12. */
export function fileOf(bytes: Uint8Array): { isPem: boolean; base64: string } {
  const base64 = Buffer.from(bytes).toString("base64");
  return { isPem: new TextDecoder().decode(bytes).includes("-----BEGIN "), base64 };
}

export const appleCertificates = new Hono<AppEnv>()
  .post(
    "/",
    operation({
      id: "importAppleCertificate",
      tag: "Apple",
      summary: "Import an Apple certificate",
      description:
        "Takes a pass type certificate with its private key into use: a `.p12`, or PEM, as the body or in JSON. One of a pass type that is there renews it: new and re-fetched passes are signed with the new one at once; one that ends earlier than the present is refused. Whatever is wrong with it is told in `errors`, all together.",
      access: "apple:manage",
      requestExample: importExample,
      uploads: ["application/x-pkcs12", ...certificateMediaTypes],
      responses: { 201: { description: "The certificate, in use.", schema: importedCertificateSchema } },
      errors: [...bodyErrors, "temporarily_unavailable", "master_key_mismatch"],
    }),
    validateUpload(importBody, (bytes) => {
      const { isPem, base64 } = fileOf(bytes);
      return isPem ? { certificate: base64 } : { pkcs12: base64 };
    }),
    idempotent(),
    async (c) => {
      const view = await importCertificate(c.get("tenant"), c.req.valid("json"));
      return c.json({ ...certificateJson(view), warnings: view.warnings }, 201);
    },
  )
  .get(
    "/",
    operation({
      id: "listAppleCertificates",
      tag: "Apple",
      summary: "List Apple certificates",
      description:
        "Lists the certificates of the account, in the order of their pass types, with the days they have left.",
      access: "apple:read",
      responses: {
        200: {
          description: "One page.",
          schema: listOf(certificateSchema, "AppleCertificateList", "/v2/apple/certificates"),
        },
      },
      errors: ["validation_error"],
    }),
    validate("query", z.strictObject(pageQuery(passTypeExample))),
    async (c) => {
      const page = await listCertificates(c.get("tenant"), c.req.valid("query"));
      return c.json(listResponse(c, page, certificateJson));
    },
  )
  .get(
    "/:passTypeIdentifier",
    operation({
      id: "getAppleCertificate",
      tag: "Apple",
      summary: "Read an Apple certificate",
      description: "Reads the certificate of a pass type.",
      access: "apple:read",
      responses: { 200: { description: "The certificate.", schema: certificateSchema } },
      errors: ["not_found"],
    }),
    validate("param", passTypePath),
    async (c) =>
      c.json(certificateJson(await readCertificateView(c.get("tenant"), c.req.valid("param").passTypeIdentifier))),
  )
  .patch(
    "/:passTypeIdentifier",
    operation({
      id: "updateAppleCertificate",
      tag: "Apple",
      summary: "Make an Apple certificate the default",
      description:
        "New passes are issued under the default certificate, unless their template names another pass type. Passes that exist keep theirs.",
      access: "apple:manage",
      requestExample: { default: true },
      responses: {
        200: {
          description: "The certificate.",
          schema: certificateSchema,
          example: { ...certificateExample, default: true },
        },
      },
      errors: [...bodyErrors, "not_found"],
    }),
    validate("param", passTypePath),
    validate("json", defaultBody),
    idempotent(),
    async (c) => c.json(certificateJson(await makeDefault(c.get("tenant"), c.req.valid("param").passTypeIdentifier))),
  )
  .delete(
    "/:passTypeIdentifier",
    operation({
      id: "deleteAppleCertificate",
      tag: "Apple",
      summary: "Remove an Apple certificate",
      description:
        "Erases certificate and private key. Passes of this type are signed no more until a certificate of the type, of the same team, is imported again. Refused while devices have passes of the type, for nobody could answer them. To replace a certificate, import its renewal instead, which leaves no gap.",
      access: "apple:manage",
      responses: { 204: { description: "The certificate is erased." } },
      errors: ["not_found", "certificate_is_default", "certificate_in_use"],
    }),
    validate("param", passTypePath),
    async (c) => {
      await removeCertificate(c.get("tenant"), c.req.valid("param").passTypeIdentifier);
      return c.body(null, 204);
    },
  );

export const appleSandboxCertificates = new Hono<AppEnv>().post(
  "/",
  operation({
    id: "createSandboxCertificate",
    tag: "Apple",
    summary: "Make a sandbox certificate",
    description:
      "Plays Apple's portal in a sandbox: answers the `.cer` of a pass type certificate for the key of a request, signed by the sandbox's own authority, with the account's sandbox team. A production deployment answers 404.",
    access: "apple:manage",
    requestExample: { csr: csrExample, passTypeIdentifier: sandboxTypeExample, nfc: true, days: 365 },
    responses: { 201: { description: "The certificate, DER.", mediaType: "application/pkix-cert" } },
    errors: [...bodyErrors, "not_found", "master_key_mismatch"],
  }),
  validate("json", sandboxCertificateBody),
  idempotent(),
  async (c) => {
    const der = await issueSandboxCertificate(c.get("tenant"), c.req.valid("json"));
    return c.body(der as Uint8Array<ArrayBuffer>, 201, {
      "content-type": "application/pkix-cert",
      "content-disposition": 'attachment; filename="pass.cer"',
    });
  },
);
