import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { clearIsolateCaches } from "../../src/db/isolate-cache";
import { createVault } from "../../src/db/vault";
import type { GoogleError } from "../../src/providers/google/contract";
import { readGoogleAccount } from "../../src/services/google/account";
import { checkGoogleAccount } from "../../src/services/google/check-account";
import { putGoogleAccount } from "../../src/services/google/connect-account";
import { findingCodes } from "../../src/services/google/findings";
import { serviceAccountOf } from "../../src/services/google/service-account";
import { madeUpIssuerId } from "../../src/services/google/sandbox-account";
import { readSandboxKey } from "../../src/services/google/sandbox-key";
import { deleteTenant } from "../../src/services/tenants/delete";
import { purgeTenantSlice } from "../../src/services/tenants/purge";
import { newPass, newTemplate, newTenant, type TestTenant } from "../support/api";
import { fileText, type AppleFile } from "../support/apple-files";
import { liveEnv, newLiveTenant } from "../support/certificates";
import {
  connectGoogle,
  contextOf,
  fakeGoogle,
  newIssuerId,
  putAtGoogle,
  serviceAccountFile,
  simulatedIssuers,
} from "../support/google-account";

type Answers = Parameters<typeof fakeGoogle>[0];

const error = (members: Partial<GoogleError>): { ok: false; error: GoogleError } => ({
  ok: false,
  error: { kind: "invalid", status: 400, reason: null, message: "", retryAfterSeconds: null, ...members },
});

const liveContext = (tenant: TestTenant, answers?: Answers) => contextOf(tenant, fakeGoogle(answers), liveEnv);

/** A check of a connected account in production, where Google answers so. */
async function findingsOf(answers: Answers): Promise<{ ok: boolean; codes: string[]; texts: string; connection: any }> {
  const tenant = await newLiveTenant();
  const connection = await connectGoogle(tenant);
  const ctx = await liveContext(tenant, answers);
  const { ok, checkedAt, findings } = await checkGoogleAccount(ctx);
  expect(checkedAt).toBe(ctx.now);
  for (const { detail, remedy } of findings) {
    expect(detail).toMatch(/^[A-Z].{20,}\.$/s);
    expect(remedy).toMatch(/^[A-Z].{20,}\.$/s);
  }
  const texts = findings.map(({ detail, remedy }) => `${detail} ${remedy}`).join("\n");
  expect(texts).not.toContain("undefined");
  return { ok, codes: findings.map(({ code }) => code), texts, connection };
}

async function driftingPass(tenant: TestTenant, templateId: string, drift: string | null): Promise<void> {
  const pass = await newPass(tenant, { templateId });
  await putAtGoogle(tenant, pass);
  await env.DATA_DB.prepare("update google_objects set drift = ?1 where pass_id = ?2").bind(drift, pass.id).run();
}

const invalidGrant = (message: string) => error({ kind: "credentials", reason: "invalid_grant", message });

describe("the check of an account", () => {
  const refused: [what: string, answers: Answers, code: string, says: string[]][] = [
    [
      "a deleted key",
      { token: invalidGrant("Invalid JWT Signature.") },
      "key_refused",
      ["Invalid JWT Signature", "8f4c0e7f6f2b4d7fb3a1c5d2e9a07b61c4f8e213", "/iam-admin/serviceaccounts"],
    ],
    ["a token that is not taken", { issuer: error({ kind: "credentials", status: 401 }) }, "key_refused", []],
    [
      "a clock that is behind, where Google says the time",
      { token: { ...invalidGrant("Invalid JWT: Token must be short-lived."), clockSkewMs: -3_600_000 } },
      "clock_skew",
      ["60 minutes behind Google's", "NTP"],
    ],
    [
      "a wrong clock, by Google's words",
      {
        token: invalidGrant(
          "Invalid JWT: … in a reasonable timeframe. Check your iat and exp values in the JWT claim.",
        ),
      },
      "clock_skew",
      ["Check your iat and exp values"],
    ],
    [
      "a clock that is ahead, and a token all the same",
      { token: { ok: true, value: { clockSkewMs: 301_000 } } },
      "clock_skew",
      ["5 minutes ahead of Google's"],
    ],
    [
      "a project without the API",
      {
        issuer: error({
          kind: "disabled",
          status: 403,
          reason: "accessNotConfigured",
          message: "Google Wallet API has not been used in project 123456789012 before or it is disabled.",
        }),
      },
      "api_not_enabled",
      ["the project 123456789012", "walletobjects.googleapis.com?project=123456789012", "Enable"],
    ],
    [
      "a project without the API, unnamed",
      { issuer: error({ kind: "disabled", status: 403, message: "Access Not Configured." }) },
      "api_not_enabled",
      ["/apis/library/walletobjects.googleapis.com,", "the project that the service account belongs to"],
    ],
    [
      "a service account that nobody invited",
      { issuer: error({ kind: "permission", status: 403, message: "Permission denied." }) },
      "not_a_console_user",
      ["wallet@fern-finch.iam.gserviceaccount.com", "Users", "Invite a user", "Developer", "pay.google.com/business"],
    ],
    [
      "an issuer that is none",
      { issuer: error({ kind: "not_found", status: 404 }) },
      "issuer_not_found",
      ["issuer ID"],
    ],
    [
      "another issuer",
      { issuer: { ok: true, value: { issuerId: "3388000000099999999" } } },
      "wrong_issuer",
      ["3388000000099999999"],
    ],
    ["an issuer without an id", { issuer: { ok: true, value: {} } }, "wrong_issuer", ["one without an id"]],
    [
      "whatever else Google refuses",
      { issuer: error({ status: 400, reason: "badRequest", message: "Something is bad." }) },
      "google_refused",
      ["HTTP 400, badRequest", '"Something is bad"'],
    ],
    [
      "a network that is down",
      { token: error({ kind: "unreachable", status: null, message: "no answer within 10 seconds" }) },
      "google_unreachable",
      ["no answer within 10 seconds", "oauth2.googleapis.com"],
    ],
    [
      "a Google that is busy",
      { issuer: error({ kind: "busy", status: 429, reason: "rateLimitExceeded", retryAfterSeconds: 7 }) },
      "google_busy",
      ["7 seconds", "HTTP 429"],
    ],
  ];

  it.each(refused)("R021 explains %s", async (_, answers, code, says) => {
    const { ok, codes, texts, connection } = await findingsOf(answers);
    expect(ok).toBe(false);
    expect(codes).toEqual([code, "test_mode"]);
    for (const text of says) expect(texts).toContain(text);
    if (/issuer|user/.test(code)) expect(texts).toContain(connection.issuerId);
  });

  it("R021 finds nothing wrong with a right one, and tells of the test mode", async () => {
    const { ok, codes, texts } = await findingsOf({});
    expect([ok, codes]).toEqual([true, ["test_mode"]]);
    expect(texts).toContain("[TEST ONLY]");
  });

  it("R021 takes an issuer id that comes as a number", async () => {
    const tenant = await newLiveTenant();
    await connectGoogle(tenant, { issuerId: "1234567890" });
    const ctx = await liveContext(tenant, { issuer: { ok: true, value: { issuerId: 1234567890 } } });
    expect((await checkGoogleAccount(ctx)).ok).toBe(true);
  });

  it("has a case here for every finding", () => {
    const standing = ["callbacks_missing", "test_mode", "simulator"];
    expect(new Set([...refused.map(([, , code]) => code), ...standing])).toEqual(new Set(findingCodes));
  });

  it("says of a sandbox that nothing left", async () => {
    const ctx = await contextOf(await newTenant(), fakeGoogle());
    const { ok, findings } = await checkGoogleAccount(ctx);
    expect([ok, findings.map(({ code }) => code)]).toEqual([true, ["simulator"]]);
  });

  it.each<[drifts: string[], says: string]>([
    [["save"], "Google has 1 pass with holders of which no callback came, so"],
    [["removal", "removal"], "Google has 2 passes of which no callback told that the last holder removed it, so"],
    [["save", "save", "removal"], "2 passes with holders of which no callback came, and 1 pass of which no callback"],
  ])("R265 warns of callbacks that never came: %j", async (drifts, says) => {
    const tenant = await newLiveTenant();
    await connectGoogle(tenant);
    const templateId = await newTemplate(tenant);
    for (const drift of drifts) await driftingPass(tenant, templateId, drift);
    await driftingPass(tenant, templateId, null);
    const { ok, findings } = await checkGoogleAccount(await liveContext(tenant));
    expect([ok, findings.map(({ code }) => code)]).toEqual([true, ["callbacks_missing", "test_mode"]]);
    const [{ severity, detail, remedy }] = findings as [(typeof findings)[0]];
    expect(severity).toBe("warning");
    expect(detail).toContain(says);
    for (const text of [
      "PUBLIC_URL (https://api.example.com)",
      "HTTPS",
      "/robots.txt",
      "Googlebot",
      "/api/",
      "firewall",
    ])
      expect(remedy).toContain(text);
    expect((await readGoogleAccount(await liveContext(tenant)))!.findings).toEqual(findings);
  });

  it("R265 says that there are more than it counts", async () => {
    const tenant = await newTenant();
    await env.DATA_DB.prepare(
      `insert into google_objects (tenant_id, pass_id, id, vertical, created_at, drift)
       select ?1, 'pass_' || value, 'object', 'loyalty', 1, 'save' from json_each(?2)`,
    )
      .bind(tenant.id, JSON.stringify(Array.from({ length: 1001 }, (_, index) => index)))
      .run();
    const { findings } = await checkGoogleAccount(await contextOf(tenant, fakeGoogle()));
    expect(findings[0]!.detail).toContain("Google has 1,000 passes or more with holders");
  });

  it("asks for the token before the issuer, and not for the issuer without a token", async () => {
    const tenant = await newLiveTenant();
    const { issuerId } = await connectGoogle(tenant);
    const [working, broken] = [fakeGoogle(), fakeGoogle({ token: invalidGrant("account not found") })];
    await checkGoogleAccount(await contextOf(tenant, { google: working.google }, liveEnv));
    await checkGoogleAccount(await contextOf(tenant, { google: broken.google }, liveEnv));
    const token = "token of wallet@fern-finch.iam.gserviceaccount.com";
    expect([working.asked, broken.asked]).toEqual([[token, `issuer ${issuerId}`], [token]]);
  });

  it("keeps what was found with the account, until its credentials are others", async () => {
    const tenant = await newLiveTenant();
    const connection = await connectGoogle(tenant);
    const ctx = await liveContext(tenant, { issuer: error({ kind: "permission", status: 403 }) });
    const { findings } = await checkGoogleAccount(ctx);
    const kept = async () => {
      const { checkedAt, findings: stored } = (await readGoogleAccount(ctx))!;
      return { checkedAt, findings: stored };
    };
    expect(await kept()).toEqual({ checkedAt: ctx.now, findings });
    await tenant.put("/v2/google/account", { ...connection, saveLink: "fat" });
    expect(await kept()).toEqual({ checkedAt: ctx.now, findings });
    await connectGoogle(tenant, { issuerId: newIssuerId() });
    expect(await kept()).toEqual({ checkedAt: null, findings: null });
  });

  it("does not keep what was found of credentials that were replaced meanwhile", async () => {
    const tenant = await newLiveTenant();
    await connectGoogle(tenant);
    const { google } = fakeGoogle();
    const replacing = {
      ...google,
      as: (account: Parameters<typeof google.as>[0]) => {
        const api = google.as(account);
        return {
          ...api,
          getIssuer: async (issuerId: string) => {
            await connectGoogle(tenant, { serviceAccount: serviceAccountFile("other.key") });
            return api.getIssuer(issuerId);
          },
        };
      },
    };
    const ctx = await contextOf(tenant, { google: replacing }, liveEnv);
    expect((await checkGoogleAccount(ctx)).ok).toBe(true);
    expect(await readGoogleAccount(ctx)).toMatchObject({ checkedAt: null, findings: null });
  });
});

describe("the key of a connected account", () => {
  it("R227 is sealed at rest, and opened as the one that was sent", async () => {
    const tenant = await newLiveTenant();
    await connectGoogle(tenant);
    const row = await env.DATA_DB.prepare("select * from google_accounts where tenant_id = ?")
      .bind(tenant.id)
      .first<Record<string, string>>();
    const body = fileText("pkcs8.pem").split("\n").slice(1, -2).join("");
    expect(JSON.stringify(row)).not.toContain(body.slice(0, 40));
    const vault = createVault(env.MASTER_KEY);
    expect(JSON.parse(row!.private_key!)).toMatchObject({ kid: await vault.keyId() });
    expect(btoa(String.fromCharCode(...(await vault.open(row!.private_key!))))).toBe(body);
  });

  it("R227 is sealed anew when it is sent again after the master key was lost", async () => {
    const tenant = await newLiveTenant();
    const connection = await connectGoogle(tenant);
    clearIsolateCaches();
    const rekeyed = { ...liveEnv, MASTER_KEY: "ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8=" } as Cloudflare.Env;
    const ctx = await contextOf(tenant, fakeGoogle(), rekeyed);
    await expect(checkGoogleAccount(ctx)).rejects.toThrow("another master key");
    const { status } = await tenant.put("/v2/google/account", connection, { env: rekeyed });
    expect(status).toBe(200);
    expect((await checkGoogleAccount(ctx)).ok).toBe(true);
  });

  it("R227 is opened once per isolate, and never for another that replaced it", async () => {
    const tenant = await newLiveTenant();
    await connectGoogle(tenant);
    clearIsolateCaches();
    const ctx = await contextOf(tenant, {}, liveEnv);
    let opened = 0;
    const counting = { ...ctx, vault: { ...ctx.vault, open: (text: string) => ((opened += 1), ctx.vault.open(text)) } };
    const signing = async () => (await serviceAccountOf(counting, (await readGoogleAccount(ctx))!)).signingKey();
    const first = await signing();
    expect([await signing(), opened]).toEqual([first, 1]);
    expect([first.extractable, first.usages]).toEqual([false, ["sign"]]);
    await connectGoogle(tenant, { serviceAccount: serviceAccountFile("other.key") });
    expect(await signing()).not.toBe(first);
    expect(opened).toBe(2);
  });
});

describe("the made-up account of a sandbox", () => {
  it("R041 R274 is another one for every tenant, and always the same", async () => {
    const [first, second] = [await newTenant(), await newTenant()];
    const account = async (tenant: TestTenant) => (await readGoogleAccount(await contextOf(tenant)))!;
    const made = await account(first);
    expect(made.issuerId).toMatch(/^338899\d{13}$/);
    expect(made.clientEmail).toBe(`wallet-${first.code.toLowerCase()}@sandbox.wepass.iam.gserviceaccount.com`);
    expect(await account(first)).toEqual(made);
    expect((await account(second)).issuerId).not.toBe(made.issuerId);
    expect(await readGoogleAccount(await contextOf(await newLiveTenant(), {}, liveEnv))).toBeNull();
  });

  it("R041 has issuers for the first and the last code that there can be", async () => {
    const issuerOf = async (code: string) => {
      const ctx = await contextOf(await newTenant());
      return (await readGoogleAccount({ ...ctx, tenant: { ...ctx.tenant, id: "tenant_none", code } }))!.issuerId;
    };
    expect([await issuerOf("00000000"), await issuerOf("ZZZZZZZZ")]).toEqual([
      "3388990000000000000",
      "3388991099511627775",
    ]);
  });

  it("R227 signs by a key that is made once, however many ask first, and is sealed at rest", async () => {
    await env.CONTROL_DB.prepare("delete from deployment where name = 'google_sandbox_key'").run();
    clearIsolateCaches();
    const ctx = await contextOf(await newTenant());
    const keys = await Promise.all(Array.from({ length: 4 }, () => readSandboxKey(ctx)));
    clearIsolateCaches();
    const fingerprints = new Set([...keys, await readSandboxKey(ctx)].map(({ fingerprint }) => fingerprint));
    expect(fingerprints.size).toBe(1);
    expect([...fingerprints][0]).toMatch(/^[0-9a-f]{64}$/);
    expect(keys[0]!.signingKey.extractable).toBe(false);
    expect(Object.keys(keys[0]!.publicKey).toSorted()).toEqual(["e", "kty", "n"]);
    const { results } = await env.CONTROL_DB.prepare(
      "select value from deployment where name = 'google_sandbox_key'",
    ).all<{ value: string }>();
    expect(results).toHaveLength(1);
    const pkcs8 = await createVault(env.MASTER_KEY).open(results[0]!.value);
    expect(results[0]!.value).not.toContain(btoa(String.fromCharCode(...pkcs8.slice(0, 30))));
  });
});

describe("what the simulator is told", () => {
  /** Notes what it is told. */
  function fakeSimulator() {
    const told: [verb: string, issuerId: string][] = [];
    const register = async ({ issuerId, publicKey }: { issuerId: string; publicKey: JsonWebKey }) => {
      expect(publicKey).toMatchObject({ kty: "RSA", e: "AQAB" });
      expect(publicKey).not.toHaveProperty("d");
      told.push(["register", issuerId]);
    };
    const erase = async (issuerId: string) => void told.push(["erase", issuerId]);
    return { told, googleSimulator: { register, erase } as never };
  }

  it("R041 is every account before its first use, once per isolate and connection", async () => {
    const tenant = await newTenant();
    const { told, googleSimulator } = fakeSimulator();
    const use = async () => {
      const ctx = await contextOf(tenant, { googleSimulator });
      const account = (await readGoogleAccount(ctx))!;
      expect((await serviceAccountOf(ctx, account)).keyFingerprint).toMatch(/^[0-9a-f]{64}$/);
      return account.issuerId;
    };
    const madeUp = await use();
    await use();
    const { issuerId } = await connectGoogle(tenant);
    await use();
    await use();
    expect(told).toEqual([
      ["register", madeUp],
      ["register", issuerId],
    ]);
    clearIsolateCaches();
    await use();
    expect(told).toHaveLength(3);
  });

  it("R226 R274 is to forget what a deleted tenant had there, once, and nothing that another has", async () => {
    const [tenant, other] = [await newTenant(), await newTenant()];
    const register = async (by: TestTenant) => {
      const ctx = await contextOf(by);
      await serviceAccountOf(ctx, (await readGoogleAccount(ctx))!);
    };
    await register(tenant);
    const former = await connectGoogle(tenant);
    await register(tenant);
    const shared = await connectGoogle(tenant);
    await connectGoogle(other, shared);
    await register(tenant);
    await register(other);
    await tenant.delete("/v2/google/account");
    const known = () => simulatedIssuers([madeUpIssuerId(tenant.code), former.issuerId, shared.issuerId]);
    expect(await known()).toHaveLength(3);
    const ctx = await contextOf(tenant, { enqueueMaintenance: async () => {} });
    const told: string[] = [];
    const eraseRegistrant = async (registrant: string) => {
      told.push(registrant);
      await ctx.googleSimulator!.eraseRegistrant(registrant);
    };
    await deleteTenant(ctx, tenant.id);
    const purging = { ...ctx, googleSimulator: { eraseRegistrant } as never };
    while (!(await purgeTenantSlice(purging, tenant.id)).done);
    expect(told).toEqual([tenant.id]);
    expect(await known()).toEqual([shared.issuerId]);
  });

  it("R274 is to forget an issuer before another tenant has it, and not before its own has it again", async () => {
    const [tenant, other] = [await newTenant(), await newTenant()];
    const { issuerId, serviceAccount } = await connectGoogle(tenant);
    await putAtGoogle(tenant, await newPass(tenant));
    await tenant.delete("/v2/google/account");
    const connect = async (by: TestTenant, key: AppleFile) => {
      const { told, googleSimulator } = fakeSimulator();
      const ctx = await contextOf(by, { googleSimulator });
      await putGoogleAccount(ctx, { issuerId, serviceAccount: serviceAccountFile(key), saveLink: "skinny" });
      return told;
    };
    expect(await connect(tenant, "pkcs8.pem")).toEqual([]);
    await tenant.delete("/v2/google/account");
    expect(await connect(other, "other.key")).toEqual([["erase", issuerId]]);
    expect((await tenant.put("/v2/google/account", { issuerId, serviceAccount })).body.errors[0].code).toBe(
      "issuer_taken",
    );
  });

  it("R021 is nothing in production", async () => {
    const tenant = await newLiveTenant();
    const ctx = await contextOf(tenant, {}, liveEnv);
    expect(ctx.googleSimulator).toBeNull();
    await connectGoogle(tenant);
    const service = await serviceAccountOf(ctx, (await readGoogleAccount(ctx))!);
    expect(service).toMatchObject({ clientEmail: "wallet@fern-finch.iam.gserviceaccount.com" });
  });
});
