import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect } from "vitest";
import { buildContext } from "../../src/context";
import type { GoogleSimulator } from "../../src/durable-objects/google-simulator";
import type { JsonObject } from "../../src/pass-model/resolved-pass";
import type { Authorization, GoogleAnswer, GoogleWallet } from "../../src/providers/google/contract";
import { forTenant, type TenantContext } from "../../src/services/context";
import { readTenant } from "../../src/services/tenants/read";
import type { TestTenant } from "./api";
import { fileText, type AppleFile } from "./apple-files";

/** A service account's file, with a key of the tests. */
export function serviceAccountFile(key: AppleFile = "pkcs8.pem", members: object = {}): JsonObject {
  return {
    type: "service_account",
    project_id: "fern-finch",
    private_key_id: "8f4c0e7f6f2b4d7fb3a1c5d2e9a07b61c4f8e213",
    private_key: fileText(key),
    client_email: "wallet@fern-finch.iam.gserviceaccount.com",
    client_id: "108642086420864208642",
    token_uri: "https://oauth2.googleapis.com/token",
    ...members,
  };
}

let issuers = 0;

/** An issuer of the test's own. */
export const newIssuerId = (): string => `338${Date.now()}${String((issuers += 1) % 1000).padStart(3, "0")}`;

export interface Connection {
  issuerId: string;
  serviceAccount: JsonObject;
}

export async function connectGoogle(tenant: TestTenant, members: Partial<Connection> = {}): Promise<Connection> {
  const connection = { issuerId: newIssuerId(), serviceAccount: serviceAccountFile(), ...members };
  const { status, text } = await tenant.put("/v2/google/account", connection);
  expect([200, 201], text).toContain(status);
  return connection;
}

/** As after the pass was saved, under the issuer that is connected or another: Google has its class and its present state. */
export async function putAtGoogle(tenant: TestTenant, pass: { id: string }, issuerId?: string): Promise<string> {
  const issuer: string = issuerId ?? (await tenant.get("/v2/google/account")).body.issuerId;
  const { templateId, templateVersion, version } = (await tenant.get(`/v2/passes/${pass.id}`)).body;
  const [objectId, classId] = [`${issuer}.${pass.id}`, `${issuer}.${templateId}.${templateVersion}.0123456789abcdef`];
  await env.DATA_DB.batch([
    env.DATA_DB.prepare("insert or ignore into google_classes values (?, ?, ?, ?, 1)").bind(
      tenant.id,
      classId,
      templateId,
      templateVersion,
    ),
    env.DATA_DB.prepare(
      `insert or replace into google_objects (tenant_id, pass_id, id, vertical, class_id, synced_version, synced_at, created_at)
       values (?, ?, ?, 'loyalty', ?, ?, 1, 1)`,
    ).bind(tenant.id, pass.id, objectId, classId, version),
  ]);
  return objectId;
}

/** What other tests left at Google is compared with its view (`services/google-callbacks/reconcile.ts`) no more. */
export async function compareNothing(): Promise<void> {
  await env.DATA_DB.prepare("update google_objects set reconciled_at = ?")
    .bind(Date.UTC(2090, 0, 1))
    .run();
}

/** Which of these issuers the simulator of Google knows. */
export async function simulatedIssuers(ids: string[]): Promise<string[]> {
  const simulator = env.GOOGLE_SIMULATOR!.getByName("google") as DurableObjectStub<GoogleSimulator>;
  return runInDurableObject(simulator, (_, { storage }) => {
    const known = storage.sql.exec<{ id: string }>("select id from issuers").toArray();
    return ids.filter((id) => known.some((issuer) => issuer.id === id));
  });
}

/** What a verb on the tenant's data gets, with whatever stands in for the outside world. */
export async function contextOf(
  tenant: TestTenant,
  overrides: Partial<TenantContext> = {},
  bindings: Cloudflare.Env = env,
): Promise<TenantContext> {
  const base = buildContext(bindings as unknown as Env, "req_test");
  return { ...forTenant(base, await readTenant(base, tenant.id), { type: "admin" }), ...overrides };
}

/** Google as far as a check of an account sees it. Without `issuer` it answers the one that is asked for. */
export function fakeGoogle(answers: { token?: Authorization; issuer?: GoogleAnswer<JsonObject> } = {}): {
  google: GoogleWallet;
  asked: string[];
} {
  const asked: string[] = [];
  const never = () => Promise.reject(new Error("not a part of the check"));
  const google: GoogleWallet = {
    as: ({ clientEmail }) => ({
      authorize: async () => {
        asked.push(`token of ${clientEmail}`);
        return answers.token ?? { ok: true, value: { clockSkewMs: 120 } };
      },
      getIssuer: async (issuerId) => {
        asked.push(`issuer ${issuerId}`);
        return answers.issuer ?? { ok: true, value: { issuerId, name: "Fern & Finch" } };
      },
      call: never,
      batch: never,
      put: never,
    }),
    saveUrl: (jwt) => `https://pay.google.com/gp/v/save/${jwt}`,
    callbackKeysUrl: "https://pay.google.com/gp/m/issuer/keys",
    fetchCallbackKeys: never,
  };
  return { google, asked };
}
