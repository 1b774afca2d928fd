import { Hono } from "hono";
import type { AppEnv } from "../http/env";
import { idempotent } from "../http/idempotency";
import { operation } from "../http/operation";
import { validateUpload } from "../http/upload";
import { examineAppleFile } from "../services/apple/examine";
import { examinationJson, examinationSchema, fileOfBody, toAppleFile, uploadedFile } from "./apple-doctor.schema";

/** The doctor: why Wallet would not open a pass, or could not sign with a certificate. */
export const appleDoctor = new Hono<AppEnv>().post(
  "/",
  operation({
    id: "examineAppleFile",
    tag: "Apple",
    summary: "Examine a pass or a certificate",
    description:
      "Takes any `.pkpass` or `.pkpasses`, a certificate (DER or PEM), a `.p12` or a private key, from here or from anywhere, and answers what is wrong with it: what was seen, why Wallet refuses it, how to mend it. The file comes as the body itself, or in base64 with its password inside JSON. Nothing is stored. A sandbox trusts its own authority as well as Apple's. The same checks run on your machine: `npx wepass doctor FILE`.",
    access: "apple:read",
    requestExample: {
      file: "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
    },
    uploads: [
      "application/vnd.apple.pkpass",
      "application/vnd.apple.pkpasses",
      "application/pkix-cert",
      "application/x-pem-file",
      "application/x-pkcs12",
      "application/octet-stream",
    ],
    responses: { 200: { description: "What was found.", schema: examinationSchema } },
    errors: ["validation_error", "malformed_json", "unsupported_media_type", "body_too_large", "master_key_mismatch"],
  }),
  validateUpload(uploadedFile, (bytes, c) => fileOfBody(bytes, c.req.header("content-type"))),
  idempotent(),
  async (c) => c.json(examinationJson(await examineAppleFile(c.get("base"), toAppleFile(c.req.valid("json"))))),
);
