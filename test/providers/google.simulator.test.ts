import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it, vi } from "vitest";
import type { GoogleGate } from "../../src/durable-objects/google-gate";
import type { GoogleSimulator } from "../../src/durable-objects/google-simulator";
import { openSaveKey } from "../../src/google-wallet/save-key";
import { signSkinny } from "../../src/google-wallet/save-link";
import { parseServiceAccount } from "../../src/google-wallet/service-account";
import type { GoogleCall, ServiceAccount } from "../../src/providers/google/contract";
import { googleWallet } from "../../src/providers/google/driver";
import { rsaPair, serviceAccountFile } from "../google-wallet/keys";
import { standStill } from "./fake-google";

standStill();

const issuerId = "3388000000055500001";
const simulatorUrl = "https://api.example.com/simulator/google";
const simulator = () => env.GOOGLE_SIMULATOR!.getByName("google") as DurableObjectStub<GoogleSimulator>;

const google = googleWallet({
  fetch: (request) => simulator().fetch(request),
  apiUrl: simulatorUrl,
  tokenUrl: `${simulatorUrl}/token`,
  saveUrl: `${simulatorUrl}/gp/v/save`,
  callbackKeysUrl: "https://google.test/gp/m/issuer/keys",
  gate: (name) => env.GOOGLE_GATE.getByName(name) as DurableObjectStub<GoogleGate>,
  now: () => Date.now(),
  sleep: async (ms) => void vi.setSystemTime(Date.now() + ms),
});

let account: ServiceAccount;
let key: CryptoKey;
beforeAll(async () => {
  const pair = await rsaPair();
  const file = { ...(await serviceAccountFile(pair)), client_email: "driver@shop-1.iam.gserviceaccount.com" };
  const parsed = await parseServiceAccount(file);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  const { privateKeyPkcs8, ...rest } = parsed.account;
  key = (await openSaveKey(privateKeyPkcs8)).signingKey;
  account = { ...rest, signingKey: async () => key };
  const publicKey = (await crypto.subtle.exportKey("jwk", pair.publicKey)) as JsonWebKey;
  await simulator().register({ issuerId, clientEmail: account.clientEmail, publicKey });
});

const run = crypto.randomUUID();
const classId = `${issuerId}.class.${run}`;
const objectId = `${issuerId}.object.${run}`;
const classBody = {
  id: classId,
  issuerName: "Shop",
  programName: "Club",
  programLogo: { sourceUri: { uri: "https://shop.com/logo.png" } },
};
const objectBody = { id: objectId, classId, state: "ACTIVE", accountName: "Ada", accountId: "7" };

describe("R120 the driver and the simulator", () => {
  it("agree about the token and the issuer", async () => {
    const api = google.as(account);
    const authorized = await api.authorize();
    expect(authorized).toMatchObject({ ok: true });
    expect(await api.getIssuer(issuerId)).toMatchObject({ ok: true, value: { issuerId } });
    expect(await api.getIssuer("3388000000055599999")).toMatchObject({ ok: false });
  });

  it("agree about a pass: made, changed, told of and saved", async () => {
    const api = google.as(account);
    const call = (one: GoogleCall) => api.call(one);
    const common = { vertical: "loyalty" } as const;
    for (let count = 0; count < 2; count += 1) {
      expect(await api.put("class", "loyalty", classBody)).toMatchObject({ ok: true, value: { id: classId } });
      expect(await api.put("object", "loyalty", objectBody)).toMatchObject({ ok: true, value: { id: objectId } });
    }
    expect(await call({ method: "insert", kind: "object", ...common, body: objectBody })).toMatchObject({
      ok: false,
      error: { kind: "already_exists", status: 409 },
    });
    const patch: GoogleCall = {
      method: "patch",
      kind: "object",
      ...common,
      id: objectId,
      body: { accountName: "Eve" },
    };
    expect(await call(patch)).toMatchObject({ ok: true, value: { accountName: "Eve", accountId: "7" } });
    expect(await call({ method: "get", kind: "object", ...common, id: `${issuerId}.none` })).toMatchObject({
      error: { kind: "not_found" },
    });
    expect(await call({ method: "insert", kind: "object", ...common, body: { id: `${issuerId}.x` } })).toMatchObject({
      error: { kind: "invalid" },
    });
    const jwt = await signSkinny({
      account,
      key,
      vertical: "loyalty",
      object: { id: objectId, classId },
      origins: [],
      now: Date.now(),
    });
    const page = await simulator().fetch(google.saveUrl(jwt), { headers: { accept: "application/json" } });
    expect(page.status).toBe(200);
    expect(await page.text()).toContain("Eve");
  });

  it("agree about messages and their quota", async () => {
    const api = google.as(account);
    const notify: GoogleCall = {
      method: "addMessage",
      kind: "object",
      vertical: "loyalty",
      id: objectId,
      message: { header: "News", body: "More", messageType: "TEXT_AND_NOTIFY" },
    };
    for (let count = 0; count < 3; count += 1) expect(await api.call(notify)).toMatchObject({ ok: true });
    expect(await api.call(notify)).toMatchObject({ ok: false, error: { kind: "notification_quota" } });
  });

  it("agree about a batch", async () => {
    const one = { kind: "object", vertical: "loyalty" } as const;
    const answers = await google.as(account).batch([
      { method: "get", ...one, id: objectId },
      { method: "insert", ...one, body: { ...objectBody, id: `${objectId}.2` } },
      { method: "get", ...one, id: `${issuerId}.none` },
      { method: "patch", ...one, id: objectId, body: { accountName: "Äda" } },
      { method: "get", ...one, id: objectId },
    ]);
    expect(answers).toMatchObject([
      { value: { accountName: "Eve" } },
      { value: { id: `${objectId}.2` } },
      { error: { kind: "not_found" } },
      { value: { accountName: "Äda" } },
      { value: { accountName: "Äda" } },
    ]);
  });

  it("agree that another's key opens nothing", async () => {
    const other = (await rsaPair("other")).privateKey;
    const forged = { ...account, keyFingerprint: "0".repeat(64), signingKey: async () => other };
    expect(await google.as(forged).getIssuer(issuerId)).toMatchObject({
      error: { kind: "credentials", reason: "invalid_grant" },
    });
  });
});
