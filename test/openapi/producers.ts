import { env } from "cloudflare:workers";
import { expect } from "vitest";
import { clearIsolateCaches } from "../../src/db/isolate-cache";
import { newApiKey } from "../../src/db/tokens";
import type { ErrorCode } from "../../src/services/errors";
import { allScopes } from "../../src/services/scopes";
import { adminToken, type Answer, call, newPass, newTemplate, newTenant, pixel, type TestTenant } from "../support/api";
import { exhaustedGuards, from, newAddress } from "../support/guards";
import { withoutImages } from "../support/images";
import { pictures } from "../support/pictures";
import { greyPng } from "../support/png";
import { callbackProducers } from "./callback-producers";
import { certificateProducers } from "./certificate-producers";
import { googleProducers } from "./google-producers";
import { idempotencyProducer } from "./idempotency-producers";
import { limitProducers } from "./limit-producers";
import {
  exampleRequest,
  ghostIds,
  newProductionWorld,
  newWorld,
  parametersOf,
  productionEnv,
  send,
  sharedWorld,
  type ApiRequest,
  type Operation,
  type World,
} from "./operations";
import { signupProducers } from "./signup-producers";

/**
 * How each documented error code is really provoked. A route that documents a code which nothing here
 * provokes makes `errors.test.ts` fail: it brings its own producer.
 */
export type Producer = (operation: Operation) => Promise<Answer>;

/** What broken bindings say; no answer may repeat it. */
export const faultText = "no such column: secret_column";

const mebibyte = 1024 * 1024;

const validRequest = async (operation: Operation): Promise<ApiRequest> =>
  exampleRequest(operation, await sharedWorld());

const sendWith =
  (
    change: (request: ApiRequest, operation: Operation) => Partial<ApiRequest> | Promise<Partial<ApiRequest>>,
  ): Producer =>
  async (operation) => {
    const request = await validRequest(operation);
    return send({ ...request, ...(await change(request, operation)) });
  };

const rawBody =
  (body: string | Uint8Array, headers: Record<string, string> = {}): Producer =>
  async (operation) =>
    send(await validRequest(operation), { body, headers });

/** By code, for every operation to which the code applies; undefined if it cannot. */
export function genericProducer(operation: Operation, code: ErrorCode): Producer | undefined {
  const hasBody = operation.spec.requestBody !== undefined;
  switch (code) {
    case "missing_token":
      return sendWith(() => ({ token: null }));
    case "malformed_token":
      return sendWith(() => ({ token: "wp_test_not-a-key" }));
    case "unknown_key":
      return sendWith(async () => ({ token: newApiKey("test", (await sharedWorld()).tenant.code).token }));
    case "revoked_key":
      return sendWith(async () => ({ token: await once(revokedToken) }));
    case "expired_key":
      return sendWith(async () => ({ token: await once(expiredToken) }));
    case "key_environment_mismatch":
      return sendWith(async () => ({ token: newApiKey("live", (await sharedWorld()).tenant.code).token }));
    case "insufficient_scope":
      return sendWith(async (_, { spec }) => ({ token: await tokenWithout(spec["x-required-scopes"]) }));
    case "tenant_suspended":
      return sendWith(async () => ({ token: await once(suspendedToken) }));
    case "rate_limited":
      return operation.access === "public"
        ? async (one) => send(await validRequest(one), { env: exhaustedGuards(), headers: from(newAddress()) })
        : sendWith(async () => ({ token: await exhausted() }));
    case "invalid_admin_token":
      return sendWith(() => ({ token: `${adminToken}x` }));
    case "https_required":
      return async (one) => {
        const request = await validRequest(one);
        return send(request, { env: productionEnv, url: `http://api.example.com${request.path}` });
      };
    case "device_unauthorized":
      return async (one) => send(await validRequest(one), { headers: { authorization: "ApplePass wrong" } });
    case "internal_error":
      return async (one) => send(await validRequest(one), { env: brokenEnv() });
    case "not_found":
      return async (one) => send(exampleRequest(one, await sharedWorld(), ghostIds));
    case "malformed_json":
      return hasBody ? rawBody('{"name": ') : undefined;
    case "unsupported_media_type":
      // The one type that operations which take files refuse, too.
      return hasBody ? rawBody("--x--", { "content-type": "multipart/form-data; boundary=x" }) : undefined;
    case "body_too_large":
      return hasBody ? rawBody(" ".repeat(bodyMebibytes(operation) * mebibyte + 1)) : undefined;
    case "validation_error":
      return invalidRequest(operation) ?? idempotencyProducer(operation, code);
    default:
      return idempotencyProducer(operation, code);
  }
}

function bodyMebibytes({ path }: Operation): number {
  const large: [prefix: string, mebibytes: number][] = [
    ["/v2/templates", 8],
    ["/v2/images", 12],
    ["/v2/apple/doctor", 12],
  ];
  return large.find(([prefix]) => path.startsWith(prefix))?.[1] ?? 1;
}

function invalidRequest({ spec }: Operation): Producer | undefined {
  if (spec.requestBody) return sendWith(({ body }) => ({ body: { ...(body as object), noSuchMember: 1 } }));
  if (parametersOf(spec, "query").some(({ name }) => name === "limit"))
    return sendWith(({ path }) => ({ path: `${path}?limit=101` }));
  return undefined;
}

const made = new Map<unknown, Promise<string>>();

/** A token that stays as it is serves every operation. */
function once(make: () => Promise<string>): Promise<string> {
  const token = made.get(make) ?? make();
  made.set(make, token);
  return token;
}

async function revokedToken(): Promise<string> {
  const tenant = await newTenant();
  const { body } = await tenant.post("/v2/api-keys", { name: "Short-lived", scopes: allScopes });
  expect((await tenant.delete(`/v2/api-keys/${body.id}`)).body.status).toBe("revoked");
  return body.token;
}

async function expiredToken(): Promise<string> {
  const tenant = await newTenant();
  const { body } = await tenant.post("/v2/api-keys", { name: "Short-lived", scopes: allScopes });
  expect((await tenant.post(`/v2/api-keys/${body.id}/rotate`, { windowSeconds: 0 })).status).toBe(201);
  return body.token;
}

async function tokenWithout(missing: string[]): Promise<string> {
  const { tenant } = await sharedWorld();
  const scopes = allScopes.filter((scope) => !missing.includes(scope));
  const { body, status } = await tenant.post("/v2/api-keys", { name: "Everything but", scopes });
  expect(status).toBe(201);
  return body.token;
}

async function suspendedToken(): Promise<string> {
  const tenant = await newTenant();
  await call("PATCH", `/admin/tenants/${tenant.id}`, { token: adminToken, body: { status: "suspended" } });
  return tenant.token;
}

let exhaustedUntil = 0;
let exhaustedOne = "";

/** An account whose quota is used up, as long as the window is surely the same. */
async function exhausted(): Promise<string> {
  if (Date.now() > exhaustedUntil) {
    exhaustedUntil = Date.now() + 30_000;
    exhaustedOne = await exhaustedToken();
  }
  return exhaustedOne;
}

async function exhaustedToken(): Promise<string> {
  const tenant = await newTenant({ limits: { requestsPerMinute: 1 } });
  expect((await tenant.get("/v2/account")).status).toBe(200);
  return tenant.token;
}

/** An environment in which every database and the bucket fail. */
function brokenEnv(): Cloudflare.Env {
  const broken = new Proxy({}, { get: () => failing });
  return { ...env, CONTROL_DB: broken, DATA_DB: broken, FILES: broken } as unknown as Cloudflare.Env;
}

function failing(): never {
  throw new Error(faultText);
}

/** An environment whose data database runs `before` ahead of every batch, and `after` behind a failed one, as a rival would. */
function rivalEnv(
  rival: { before?: () => Promise<unknown>; afterFailure?: () => Promise<unknown> },
  name: "DATA_DB" | "CONTROL_DB" = "DATA_DB",
): Cloudflare.Env {
  const rivalled = new Proxy(env[name], {
    get(db, member) {
      if (member !== "batch") {
        const value: unknown = Reflect.get(db, member);
        return typeof value === "function" ? value.bind(db) : value;
      }
      return async (statements: D1PreparedStatement[]) => {
        await rival.before?.();
        try {
          return await db.batch(statements);
        } catch (error) {
          await rival.afterFailure?.();
          throw error;
        }
      };
    },
  });
  return { ...env, [name]: rivalled } as Cloudflare.Env;
}

const touchPass = (id: string) =>
  env.DATA_DB.prepare("update passes set updated_at = updated_at + 1 where id = ?").bind(id).run();

const voidInPassing = (id: string) =>
  env.DATA_DB.prepare("update passes set voided_at = 1 where id = ?").bind(id).run();

const bumpTemplate = (id: string) =>
  env.DATA_DB.batch([
    env.DATA_DB.prepare(
      `insert into template_versions
       select tenant_id, template_id, version + 1, design, images, pack_hash, created_at, created_by
       from template_versions where template_id = ?1 and version = (select version from templates where id = ?1)`,
    ).bind(id),
    env.DATA_DB.prepare("update templates set version = version + 1 where id = ?").bind(id),
  ]);

/** The isolate forgets what it opened under the right key. */
function otherMasterKeyEnv(): Cloudflare.Env {
  clearIsolateCaches();
  return { ...env, MASTER_KEY: "ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8=" } as Cloudflare.Env;
}

const withOtherMasterKey: Producer = async (operation) => {
  const request = exampleRequest(operation, await newWorld());
  return send(request, { env: otherMasterKeyEnv() });
};

const withoutCertificate: Producer = async (operation) =>
  send(exampleRequest(operation, await newProductionWorld()), { env: productionEnv });

const onVoidedPass: Producer = async (operation) => {
  const { tenant, ids } = await newWorld();
  await tenant.delete(`/v2/passes/${ids.pass}`);
  return send(exampleRequest(operation, { tenant, ids }));
};

const withOldVersion: Producer = async (operation) => {
  const { tenant, ids } = await newWorld();
  const { body } = await tenant.patch(`/v2/passes/${ids.pass}`, { values: { points: 1 } });
  expect(body.version).toBe(2);
  const answer = await send(exampleRequest(operation, { tenant, ids }), { headers: { "if-match": '"1"' } });
  expect(answer.body.currentVersion).toBe(2);
  return answer;
};

const whilePassChanges: Producer = async (operation) => {
  const world = await newWorld();
  const request = exampleRequest(operation, world);
  return send(request, { env: rivalEnv({ before: () => touchPass(world.ids.pass) }) });
};

const whileTemplateChanges: Producer = async (operation) => {
  const world = await newWorld();
  const request = exampleRequest(operation, world);
  const body = { ...(request.body as object), description: "Another description" };
  return send({ ...request, body }, { env: rivalEnv({ before: () => bumpTemplate(world.ids.tmpl) }) });
};

/** As while the objects of the tenant's images are being erased. */
const beginDeletion = ({ id }: TestTenant) =>
  env.DATA_DB.prepare("update images set deleting_at = ? where tenant_id = ?").bind(Date.now(), id).run();

/** A picture that has to be resized for its slot, sent to a deployment that cannot. */
const withPicture =
  (members: (source: string) => object): Producer =>
  async (operation) => {
    const request = exampleRequest(operation, await newWorld());
    const body = { ...(request.body as object), ...members(greyPng(200, 200)) };
    return send({ ...request, body }, { env: withoutImages() });
  };

const withTemplatePicture = withPicture((icon) => ({ images: { icon } }));
const withPassPicture = withPicture((thumbnail) => ({ overrides: { images: { thumbnail } } }));

const encryptionPublicKey =
  "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEaxfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpZP40Li/hp/m47n60p8D54WK84zV2sxXs7LtkBoN79R9Q==";

/** As after a renewal by a certificate without the right. */
export const takeNfcAway = ({ id }: TestTenant) =>
  env.DATA_DB.prepare("update apple_identities set nfc = 0 where tenant_id = ?").bind(id).run();

export const expireCertificates = ({ id }: TestTenant) =>
  env.DATA_DB.prepare("update apple_identities set not_after = ? where tenant_id = ?")
    .bind(Date.now() - 1, id)
    .run();

/** A world whose pass has NFC, and whose certificate lost the right to it. */
export async function newWorldWithoutNfc(): Promise<World> {
  const { tenant, ids } = await newWorld();
  const tmpl = await newTemplate(tenant, { nfc: { message: "{{pass.id}}", encryptionPublicKey } });
  const pass = await newPass(tenant, { templateId: tmpl });
  await takeNfcAway(tenant);
  return { tenant, ids: { ...ids, tmpl, pass: pass.id, link: pass.links.page.split("/").at(-1) } };
}

/** A pass that asks its holder, as rewards cards do. */
export async function newEnrollingPass(tenant: TestTenant): Promise<string> {
  const picture = { "1x": pixel, "2x": pixel, "3x": pixel };
  const templateId = await newTemplate(tenant, {
    images: { icon: picture, personalizationLogo: picture },
    nfc: { message: "{{pass.id}}", encryptionPublicKey },
    personalization: { description: "Join us.", requiredFields: ["name"], values: { name: "member" } },
  });
  return (await newPass(tenant, { templateId })).id;
}

const withoutNfc: Producer = async (operation) => send(exampleRequest(operation, await newWorldWithoutNfc()));

const withExpiredCertificate: Producer = async (operation) => {
  const world = await newWorld();
  await expireCertificates(world.tenant);
  return send(exampleRequest(operation, world));
};

const whileSuspended: Producer = async (operation) => {
  const world = await newWorld();
  await call("PATCH", `/admin/tenants/${world.tenant.id}`, { token: adminToken, body: { status: "suspended" } });
  return send(exampleRequest(operation, world));
};

const onEnrollingPass =
  (prepare: (tenant: TestTenant) => unknown, bindings = () => env as Cloudflare.Env): Producer =>
  async (operation) => {
    const { tenant, ids } = await newWorld();
    const pass = await newEnrollingPass(tenant);
    await prepare(tenant);
    return send(exampleRequest(operation, { tenant, ids }, { ...ids, pass }), { env: bindings() });
  };

/** The example's externalId belongs to the world's pass already. */
const takenWorld = () => newWorld({ externalId: "card-4711" });

const withLongDeviceId = sendWith(({ path }) => ({
  path: path.replace(/devices\/[^/]+/, `devices/${"x".repeat(256)}`),
}));

/** By operation and code. */
export const specificProducers: Record<string, Producer> = {
  "getTemplate validation_error": sendWith(({ path }) => ({ path: `${path}?version=0` })),
  "previewPass validation_error": sendWith(({ path }) => ({ path: `${path}?language=${"x".repeat(36)}` })),
  "voidPass validation_error": async (operation) =>
    send(await validRequest(operation), { headers: { "if-match": "newest" } }),

  // It asks nothing that could fail but what every request passes on its way.
  "getHealth internal_error": async (operation) => {
    const nowhere = Object.defineProperty({ ...env }, "ENVIRONMENT", { get: failing });
    return send(await validRequest(operation), { env: nowhere });
  },
  "getReadiness internal_error": async (operation) =>
    send(await validRequest(operation), { env: { ...env, ENVIRONMENT: "elsewhere" } as unknown as Cloudflare.Env }),
  // Once the key is known, it asks no database.
  "listRequestLogs internal_error": async (operation) => {
    const request = await validRequest(operation);
    clearIsolateCaches();
    return send(request, { env: brokenEnv() });
  },
  "listRequestLogs temporarily_unavailable": async (operation) =>
    send(await validRequest(operation), {
      env: { ...env, REQUEST_LOG: { getByName: failing } } as unknown as Cloudflare.Env,
    }),

  "rotateApiKey key_revoked": async (operation) => {
    const { tenant, ids } = await newWorld();
    await tenant.delete(`/v2/api-keys/${ids.key}`);
    return send(exampleRequest(operation, { tenant, ids }));
  },

  "deleteTemplate template_in_use": async (operation) => send(exampleRequest(operation, await newWorld())),
  "createTemplate master_key_mismatch": async (operation) => {
    await newWorld();
    const tenant: TestTenant = await newTenant();
    const { body, method, path } = await validRequest(operation);
    return send({ method, path, body, token: tenant.token }, { env: otherMasterKeyEnv() });
  },
  "createTemplate temporarily_unavailable": async (operation) => {
    const world = await newWorld();
    await beginDeletion(world.tenant);
    return send(exampleRequest(operation, world));
  },
  "uploadImage temporarily_unavailable": async (operation) => {
    const world = await newWorld();
    const request = exampleRequest(operation, world);
    expect((await send(request)).status).toBe(201);
    await beginDeletion(world.tenant);
    return send(request);
  },
  "updateTenant temporarily_unavailable": async (operation) => {
    const world = await newWorld();
    const touch = env.CONTROL_DB.prepare("update tenants set credential_epoch = credential_epoch + 1 where id = ?");
    return send(exampleRequest(operation, world), {
      env: rivalEnv({ before: () => touch.bind(world.tenant.id).run() }, "CONTROL_DB"),
    });
  },
  "replaceTemplate temporarily_unavailable": whileTemplateChanges,
  "updateTemplate temporarily_unavailable": whileTemplateChanges,

  "issuePass external_id_taken": async (operation) => {
    const world = await takenWorld();
    const answer = await send(exampleRequest(operation, world));
    expect(answer.body.passId).toBe(world.ids.pass);
    return answer;
  },
  "issuePass template_archived": async (operation) => {
    const { tenant, ids } = await newWorld();
    await tenant.patch(`/v2/templates/${ids.tmpl}`, { status: "archived" });
    return send(exampleRequest(operation, { tenant, ids }));
  },
  "issuePass temporarily_unavailable": async (operation) => {
    const world = await takenWorld();
    return send(exampleRequest(operation, world), {
      env: rivalEnv({ afterFailure: () => voidInPassing(world.ids.pass) }),
    });
  },

  "uploadImage images_not_configured": async (operation) =>
    send(await validRequest(operation), { body: { data: pictures.jpegGrey }, env: withoutImages() }),
  "deleteImage image_in_use": async (operation) => {
    const answer = await send(exampleRequest(operation, await newWorld()));
    expect(answer.body).toMatchObject({ templateUses: 1, passUses: 0 });
    return answer;
  },

  "createTemplate images_not_configured": withTemplatePicture,
  "replaceTemplate images_not_configured": withTemplatePicture,
  "updateTemplate images_not_configured": withTemplatePicture,
  "issuePass images_not_configured": withPassPicture,
  "updatePass images_not_configured": withPassPicture,
  "replacePass images_not_configured": withPassPicture,

  "updatePass pass_voided": onVoidedPass,
  "replacePass pass_voided": onVoidedPass,
  "createLink pass_voided": onVoidedPass,
  "updatePass version_mismatch": withOldVersion,
  "replacePass version_mismatch": withOldVersion,
  "voidPass version_mismatch": withOldVersion,
  "updatePass temporarily_unavailable": whilePassChanges,
  "replacePass temporarily_unavailable": whilePassChanges,
  "voidPass temporarily_unavailable": whilePassChanges,

  "downloadPass apple_not_configured": withoutCertificate,
  "downloadPasses apple_not_configured": withoutCertificate,
  "openAppleLink apple_not_configured": withoutCertificate,
  "downloadPass nfc_certificate_required": withoutNfc,
  "downloadPasses nfc_certificate_required": withoutNfc,
  "openAppleLink nfc_certificate_required": withoutNfc,
  "downloadPass master_key_mismatch": withOtherMasterKey,
  "examineAppleFile master_key_mismatch": withOtherMasterKey,
  "downloadPasses master_key_mismatch": withOtherMasterKey,
  "openAppleLink master_key_mismatch": withOtherMasterKey,
  "openGoogleLink master_key_mismatch": async (operation) => {
    const request = exampleRequest(operation, await newWorld());
    // Makes the sandbox's key, under the right master key.
    await send(request);
    return send(request, { env: otherMasterKeyEnv() });
  },
  "openLink master_key_mismatch": async (operation) => {
    const request = exampleRequest(operation, await newWorld());
    return send(request, { env: otherMasterKeyEnv(), headers: { "user-agent": "passd/1.0 CFNetwork/1494" } });
  },
  "openAppleLink link_gone": async (operation) => {
    const { tenant, ids } = await newWorld();
    await tenant.delete(`/v2/links/${ids.link}`);
    const answer = await send(exampleRequest(operation, { tenant, ids }));
    expect(answer.body.reason).toBe("revoked");
    return answer;
  },

  "registerDevice validation_error": sendWith(() => ({ body: { pushToken: "" } })),
  "unregisterDevice validation_error": withLongDeviceId,
  "listUpdatedPasses validation_error": withLongDeviceId,
  "fetchUpdatedPass apple_not_configured": withExpiredCertificate,
  "fetchUpdatedPass nfc_certificate_required": withoutNfc,
  "fetchUpdatedPass temporarily_unavailable": whileSuspended,
  "fetchUpdatedPass master_key_mismatch": withOtherMasterKey,
  "personalizePass validation_error": sendWith(() => ({ body: { personalizationToken: "x" } })),
  // The example's template asks for nothing.
  "personalizePass not_found": async (operation) => send(await validRequest(operation)),
  "personalizePass pass_voided": onVoidedPass,
  "personalizePass apple_not_configured": onEnrollingPass(expireCertificates),
  "personalizePass nfc_certificate_required": onEnrollingPass(takeNfcAway),
  "personalizePass master_key_mismatch": onEnrollingPass(() => {}, otherMasterKeyEnv),
  "personalizePass temporarily_unavailable": async (operation) => {
    const { tenant, ids } = await newWorld();
    const pass = await newEnrollingPass(tenant);
    return send(exampleRequest(operation, { tenant, ids }, { ...ids, pass }), {
      env: rivalEnv({ before: () => touchPass(pass) }),
    });
  },

  ...certificateProducers,
  ...googleProducers,
  ...callbackProducers,
  ...signupProducers,
  ...limitProducers,

  "getDeploymentStatus master_key_mismatch": async (operation) => {
    const request = await validRequest(operation);
    expect((await send(request)).status).toBe(200);
    return send(request, { env: otherMasterKeyEnv() });
  },
};
