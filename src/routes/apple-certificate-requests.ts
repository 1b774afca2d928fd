import { Hono } from "hono";
import * as z from "zod";
import type { AppEnv } from "../http/env";
import { idempotent } from "../http/idempotency";
import { listResponse } from "../http/lists";
import { operation } from "../http/operation";
import { exampleId, isoTime, listOf, pageQuery, pathId } from "../http/schemas";
import { validateUpload } from "../http/upload";
import { validate } from "../http/validate";
import {
  createCertificateRequest,
  deleteCertificateRequest,
  listCertificateRequests,
  readCertificateRequest,
} from "../services/apple/certificate-requests";
import { completeCertificateRequest } from "../services/apple/complete-request";
import { certificateJson, certificateMediaTypes, fileOf } from "./apple-certificates";
import {
  completionBody,
  fileExamples,
  importedCertificateSchema,
  requestBody,
  requestExample,
  requestSchema,
} from "./apple-certificates.schema";

const requestId = pathId("csr", "certificate request");

const bodyErrors = ["validation_error", "malformed_json", "unsupported_media_type", "body_too_large"] as const;

function requestJson(row: Awaited<ReturnType<typeof readCertificateRequest>>) {
  const { instructions } = requestExample;
  return {
    object: "certificateRequest" as const,
    id: row.id,
    status: row.status,
    csr: row.csr,
    passTypeIdentifier: row.passTypeIdentifier,
    instructions: row.status === "pending" ? instructions.replace("{id}", row.id) : null,
    createdAt: isoTime(row.createdAt),
    completedAt: row.completedAt === null ? null : isoTime(row.completedAt),
  };
}

export const appleCertificateRequests = new Hono<AppEnv>()
  .post(
    "/",
    operation({
      id: "createCertificateRequest",
      tag: "Apple",
      summary: "Request an Apple certificate",
      description:
        "Makes an RSA key pair and the request (CSR) for Apple's portal. The private key is sealed and never leaves.",
      access: "apple:manage",
      requestExample: { commonName: "Fern & Finch Coffee", emailAddress: "wallet@example.com" },
      responses: { 201: { description: "The request.", schema: requestSchema } },
      errors: [...bodyErrors],
    }),
    validate("json", requestBody),
    idempotent(),
    async (c) => c.json(requestJson(await createCertificateRequest(c.get("tenant"), c.req.valid("json"))), 201),
  )
  .get(
    "/",
    operation({
      id: "listCertificateRequests",
      tag: "Apple",
      summary: "List certificate requests",
      description: "Lists the requests of the account, newest first.",
      access: "apple:read",
      responses: {
        200: {
          description: "One page.",
          schema: listOf(requestSchema, "CertificateRequestList", "/v2/apple/certificate-requests"),
        },
      },
      errors: ["validation_error"],
    }),
    validate("query", z.strictObject(pageQuery(exampleId("csr")))),
    async (c) =>
      c.json(listResponse(c, await listCertificateRequests(c.get("tenant"), c.req.valid("query")), requestJson)),
  )
  .get(
    "/:id",
    operation({
      id: "getCertificateRequest",
      tag: "Apple",
      summary: "Read a certificate request",
      description: "Reads one request.",
      access: "apple:read",
      responses: { 200: { description: "The request.", schema: requestSchema } },
      errors: ["not_found"],
    }),
    validate("param", requestId),
    async (c) => c.json(requestJson(await readCertificateRequest(c.get("tenant"), c.req.valid("param").id))),
  )
  .delete(
    "/:id",
    operation({
      id: "deleteCertificateRequest",
      tag: "Apple",
      summary: "Delete a certificate request",
      description: "Erases a request and its private key, as long as it has no certificate.",
      access: "apple:manage",
      responses: { 204: { description: "The request is erased." } },
      errors: ["not_found", "certificate_request_completed"],
    }),
    validate("param", requestId),
    async (c) => {
      await deleteCertificateRequest(c.get("tenant"), c.req.valid("param").id);
      return c.body(null, 204);
    },
  )
  .get(
    "/:id/csr",
    operation({
      id: "downloadCertificateRequest",
      tag: "Apple",
      summary: "Download a certificate request",
      description: "Answers the request as the file that Apple's portal takes.",
      access: "apple:read",
      responses: { 200: { description: "The request, PEM.", mediaType: "application/pkcs10" } },
      errors: ["not_found"],
    }),
    validate("param", requestId),
    async (c) => {
      const { id, csr } = await readCertificateRequest(c.get("tenant"), c.req.valid("param").id);
      return c.body(csr, 200, {
        "content-type": "application/pkcs10",
        "content-disposition": `attachment; filename="${id}.certSigningRequest"`,
      });
    },
  )
  .put(
    "/:id/certificate",
    operation({
      id: "completeCertificateRequest",
      tag: "Apple",
      summary: "Upload the certificate of a request",
      description:
        "Takes the `.cer` that Apple made, DER or PEM, as the body or in JSON; checks it, signs with it for a trial and puts it into use. Apple's intermediate is taken from `issuerCertificate`, or fetched once. The same certificate may be sent again; another one gets a 409.",
      access: "apple:manage",
      requestExample: { certificate: fileExamples.certificate },
      uploads: certificateMediaTypes,
      responses: { 200: { description: "The certificate, in use.", schema: importedCertificateSchema } },
      errors: [
        ...bodyErrors,
        "not_found",
        "certificate_request_completed",
        "temporarily_unavailable",
        "master_key_mismatch",
      ],
    }),
    validate("param", requestId),
    validateUpload(completionBody, (bytes) => ({ certificate: fileOf(bytes).base64 })),
    async (c) => {
      const view = await completeCertificateRequest(c.get("tenant"), c.req.valid("param").id, c.req.valid("json"));
      return c.json({ ...certificateJson(view), warnings: view.warnings });
    },
  );
