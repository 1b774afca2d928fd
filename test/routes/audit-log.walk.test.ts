import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { auditActions, type AuditAction } from "../../src/services/audit/actions";
import {
  allOperations,
  exampleRequest,
  send,
  type ApiRequest,
  type Operation,
  type World,
} from "../openapi/operations";
import { preparedWorld } from "../openapi/prepared-worlds";
import { fileText } from "../support/apple-files";
import { base64Of, sandboxCertificate, toBase64 } from "../support/certificates";

/**
 * R229, by walking the OpenAPI document: every operation that writes leaves an entry in the audit log, with the id of the
 * request that did it, or stands here with the reason why not.
 */

const writing = (await allOperations()).filter(({ method }) => !["GET", "HEAD"].includes(method));

/** What only computes or reads, though it has a body. */
const changingNothing: Record<string, string> = {
  examineAppleFile: "examines a file that is sent, and keeps nothing of it",
  downloadPasses: "packages passes as they are; the ids come in a body because there are many",
};

/** What nobody does whom the log names: an entry is of a key, of the operator or of the deployment itself. */
const ofOthers: Record<string, string> = {
  registerDevice: "a device: the event pass.installed tells",
  unregisterDevice: "a device: the event pass.uninstalled tells",
  logDeviceErrors: "a device: GET /v2/apple/logs tells",
  personalizePass: "the holder: the event pass.personalized tells",
  receiveGoogleCallback: "Google: the events pass.installed and pass.uninstalled tell",
  postGoogleSignup: "a person on the way to the tenant's own page; what is kept is gone in ten minutes",
  redeemSignupPrefill: "the tenant's page, by a token that works once",
};

/** Where the example says what is so already: what makes it a change. */
const otherwise: Record<string, (world: World) => Promise<unknown>> = {
  replaceTemplate: ({ tenant, ids }) => tenant.patch(`/v2/templates/${ids.tmpl}`, { description: "Another one" }),
  updateAppleCertificate: async ({ tenant }) => {
    const certificate = toBase64(await sandboxCertificate(tenant, fileText("pass.csr")));
    await tenant.post("/v2/apple/certificates", { certificate, privateKey: base64Of("pkcs8.der") });
    await tenant.patch("/v2/apple/certificates/pass.com.example.fern", { default: true });
  },
};

/** What is known of a request when it is answered. */
interface Done {
  world: World;
  request: ApiRequest;
  /** Issuer at Google of the account, before it. */
  issuerId: string;
  body: any;
}

/** Which object an entry is about, by the request and its answer. */
type ObjectOf = (done: Done) => string;

const inPath: ObjectOf = ({ request }) => /\/((?:[a-z]+_[0-9A-Z]{26})|pass\.[^/?]+)/.exec(request.path)![1]!;
const inAnswer: ObjectOf = ({ body }) => body.id;
const certificateInAnswer: ObjectOf = ({ body }) => body.passTypeIdentifier;
const issuer: ObjectOf = ({ issuerId }) => issuerId;

/** The entries of each operation that writes: what was done, and to which object. */
const told: Record<string, [action: AuditAction, objectOf: ObjectOf][]> = {
  createTenant: [
    ["tenant.created", inAnswer],
    ["api_key.created", ({ body }) => body.apiKey.id],
  ],
  updateTenant: [["tenant.suspended", inPath]],
  deleteTenant: [["tenant.deleted", inPath]],
  createTenantKey: [["api_key.created", inAnswer]],
  setShowcase: [["showcase.updated", ({ world }) => world.tenant.id]],
  createApiKey: [["api_key.created", inAnswer]],
  revokeApiKey: [["api_key.revoked", inPath]],
  // Of the key that is replaced; its change names the new one.
  rotateApiKey: [["api_key.rotated", inPath]],
  createCertificateRequest: [["certificate_request.created", inAnswer]],
  deleteCertificateRequest: [["certificate_request.deleted", inPath]],
  // Of the certificate; its change names the request.
  completeCertificateRequest: [["certificate.activated", certificateInAnswer]],
  importAppleCertificate: [["certificate.activated", certificateInAnswer]],
  updateAppleCertificate: [["certificate.made_default", inPath]],
  deleteAppleCertificate: [["certificate.removed", inPath]],
  // The answer is the file.
  createSandboxCertificate: [["sandbox_certificate.issued", ({ request }) => (request.body as any).passTypeIdentifier]],
  putGoogleAccount: [["google_account.connected", ({ body }) => body.issuerId]],
  checkGoogleAccount: [["google_account.checked", issuer]],
  deleteGoogleAccount: [["google_account.disconnected", issuer]],
  uploadImage: [["image.uploaded", inAnswer]],
  deleteImage: [["image.deleted", inPath]],
  // The token in the path opens the pass, and stands in no log.
  revokeLink: [["link.revoked", ({ world }) => world.ids.pass]],
  createLink: [["link.created", inPath]],
  issuePass: [["pass.created", inAnswer]],
  updatePass: [["pass.updated", inPath]],
  replacePass: [["pass.updated", inPath]],
  voidPass: [["pass.voided", inPath]],
  createTemplate: [["template.created", inAnswer]],
  replaceTemplate: [["template.updated", inPath]],
  updateTemplate: [["template.updated", inPath]],
  deleteTemplate: [["template.deleted", inPath]],
};

interface Row {
  tenant_id: string;
  id: string;
  actor: string;
  action: AuditAction;
  object_type: string;
  object_id: string;
  address: string | null;
  changes: string;
}

async function rowsOf(requestId: string): Promise<Row[]> {
  const query = "select * from audit_log where request_id = ?";
  const found = await Promise.all(
    [env.CONTROL_DB, env.DATA_DB].map((db) => db.prepare(query).bind(requestId).all<Row>()),
  );
  return found.flatMap(({ results }) => results);
}

async function perform(operation: Operation) {
  const world = await preparedWorld(operation);
  await otherwise[operation.id]?.(world);
  const request = exampleRequest(operation, world);
  const { issuerId } = (await world.tenant.get("/v2/google/account")).body;
  const answer = await send(request, { headers: { "cf-connecting-ip": "203.0.113.7" } });
  expect(answer.status, answer.text).toBeLessThan(300);
  return { world, request, issuerId, body: answer.body, rows: await rowsOf(answer.headers.get("x-request-id")!) };
}

/** Texts of the body that people write: what an id or a word of a closed vocabulary cannot be. */
function writtenTexts(value: unknown): string[] {
  if (typeof value === "string") return /[\s@]|:\/\//.test(value) || value.length > 60 ? [value] : [];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(writtenTexts) : [];
}

function assertImpersonal(rows: Row[], { body }: ApiRequest): void {
  const told = JSON.stringify(rows.map(({ changes, object_id }) => [JSON.parse(changes), object_id]));
  for (const text of writtenTexts(body)) expect(told).not.toContain(JSON.stringify(text).slice(1, -1));
}

describe("R229 every operation that writes", { timeout: 30_000 }, () => {
  const audited = writing.filter(({ access, id }) => access !== "public" && !(id in changingNothing));

  it("R229 is one of those below, or has a reason", () => {
    const idsOf = (operations: Operation[]) => operations.map(({ id }) => id).toSorted();
    expect(idsOf(writing.filter(({ access }) => access === "public"))).toEqual(Object.keys(ofOthers).toSorted());
    expect(idsOf(writing.filter(({ id }) => id in changingNothing))).toEqual(Object.keys(changingNothing).toSorted());
    expect(idsOf(audited)).toEqual(Object.keys(told).toSorted());
  });

  it.each(audited.map((operation) => [operation.id, operation] as const))(
    "R229 %s leaves an entry",
    async (_, operation) => {
      const done = await perform(operation);
      const { world, request, body, rows } = done;
      const entries = told[operation.id]!.map(([action, objectOf]) => [action, auditActions[action], objectOf(done)]);
      expect(new Set(rows.map(({ action, object_type, object_id }) => [action, object_type, object_id]))).toEqual(
        new Set(entries),
      );
      expect(rows).toHaveLength(entries.length);
      const tenantId = operation.id === "createTenant" ? body.id : world.tenant.id;
      const actor = operation.access === "admin" ? "admin" : world.tenant.keyId;
      for (const row of rows) {
        expect(row).toMatchObject({ tenant_id: tenantId, actor, address: "203.0.113.7" });
      }
      assertImpersonal(rows, request);
    },
  );

  it.each(writing.filter(({ id }) => id in changingNothing).map((operation) => [operation.id, operation] as const))(
    "R229 %s leaves none, for it changes nothing",
    async (_, operation) => {
      expect((await perform(operation)).rows).toEqual([]);
    },
  );
});
