import { afterEach, describe, expect, it, vi } from "vitest";
import { allScopes } from "../../src/services/scopes";
import { newPass, newTenant } from "../support/api";
import { fileText } from "../support/apple-files";
import { eventsOf, newLiveTenant } from "../support/certificates";
import { connectGoogle, newIssuerId, putAtGoogle, serviceAccountFile } from "../support/google-account";

const path = "/v2/google/account";
const check = `${path}/check`;
const clientEmail = "wallet@fern-finch.iam.gserviceaccount.com";

/** Nothing was heard of Google. */
const silence = { lastAt: null, classes: [], refused: [], drift: { saves: 0, removals: 0 } };

afterEach(() => vi.restoreAllMocks());

describe("an account at Google in production", () => {
  it("R021 is connected, read, replaced and disconnected", async () => {
    const tenant = await newLiveTenant();
    const missing = await tenant.get(path);
    expect([missing.status, missing.body.code]).toEqual([404, "not_found"]);
    expect((await tenant.delete(path)).status).toBe(404);
    expect((await tenant.post(check)).body.code).toBe("google_not_configured");

    const issuerId = newIssuerId();
    const connected = await tenant.put(path, { issuerId, serviceAccount: serviceAccountFile() });
    expect(connected.status, connected.text).toBe(201);
    const { warnings, ...account } = connected.body;
    expect(account).toEqual({
      object: "googleAccount",
      issuerId,
      clientEmail,
      privateKeyId: "8f4c0e7f6f2b4d7fb3a1c5d2e9a07b61c4f8e213",
      simulated: false,
      saveLink: "skinny",
      createdAt: expect.any(String),
      updatedAt: account.createdAt,
      checkedAt: null,
      findings: null,
    });
    expect(warnings).toEqual([]);
    expect((await tenant.get(path)).body).toEqual({ ...account, callbacks: silence });

    const replaced = await tenant.put(path, {
      issuerId,
      serviceAccount: serviceAccountFile("other.key", { private_key_id: undefined }),
      saveLink: "fat",
    });
    expect(replaced.status).toBe(200);
    expect(replaced.body).toMatchObject({ privateKeyId: null, saveLink: "fat", createdAt: account.createdAt });
    expect((await tenant.delete(path)).status).toBe(204);
    expect((await tenant.get(path)).status).toBe(404);
    expect((await tenant.put(path, { issuerId, serviceAccount: serviceAccountFile() })).status).toBe(201);
  });

  it.each<[string, (file: Record<string, unknown>) => unknown]>([
    ["as the text of the file", (file) => JSON.stringify(file, null, 2)],
    [
      "with a literal \\n, as environment variables hold it",
      (file) => ({ ...file, private_key: String(file.private_key).replaceAll("\n", "\\n") }),
    ],
    ["as text that was escaped twice", (file) => JSON.stringify(file).replaceAll("\\n", "\\\\n")],
    ["with members that Google adds later", (file) => ({ ...file, universe_domain: "googleapis.com", later: [1] })],
  ])("R021 takes the file %s", async (_, write) => {
    const tenant = await newLiveTenant();
    const answer = await tenant.put(path, { issuerId: newIssuerId(), serviceAccount: write(serviceAccountFile()) });
    expect(answer.status, answer.text).toBe(201);
    expect(answer.body.clientEmail).toBe(clientEmail);
  });

  it("changes nothing by the same once more, and writes one event for each change", async () => {
    const tenant = await newLiveTenant();
    const { issuerId, serviceAccount } = await connectGoogle(tenant);
    const { body: before } = await tenant.get(path);
    const answers = await Promise.all([1, 2, 3].map(() => tenant.put(path, { issuerId, serviceAccount })));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect((await tenant.get(path)).body).toEqual(before);
    expect(await eventsOf(tenant, "google_account.connected")).toMatchObject([
      { data: { issuerId, clientEmail, saveLink: "skinny", keyFingerprint: expect.stringMatching(/^[0-9a-f]{64}$/) } },
    ]);
    await tenant.put(path, { issuerId, serviceAccount, saveLink: "fat" });
    await tenant.delete(path);
    expect(await eventsOf(tenant, "google_account.connected")).toHaveLength(2);
    expect(await eventsOf(tenant, "google_account.disconnected")).toMatchObject([{ data: { issuerId, clientEmail } }]);
  });

  it("writes one event when the same is sent several times at once", async () => {
    const tenant = await newLiveTenant();
    const body = { issuerId: newIssuerId(), serviceAccount: serviceAccountFile() };
    await Promise.all(Array.from({ length: 5 }, () => tenant.put(path, body)));
    expect(await eventsOf(tenant, "google_account.connected")).toHaveLength(1);
    const removals = await Promise.all(Array.from({ length: 3 }, () => tenant.delete(path)));
    expect(removals.map(({ status }) => status).toSorted()).toEqual([204, 404, 404]);
    expect(await eventsOf(tenant, "google_account.disconnected")).toHaveLength(1);
  });

  it("R121 warns that passes of the former issuer are no longer updated", async () => {
    const tenant = await newLiveTenant();
    const first = await connectGoogle(tenant);
    const serviceAccount = serviceAccountFile();
    const second = newIssuerId();
    expect((await tenant.put(path, { issuerId: second, serviceAccount })).body.warnings).toEqual([]);
    await tenant.put(path, first);
    await putAtGoogle(tenant, await newPass(tenant), first.issuerId);
    const { body } = await tenant.put(path, { issuerId: second, serviceAccount });
    expect(body.warnings).toMatchObject([{ code: "issuer_changed", pointer: "#/issuerId" }]);
    expect(body.warnings[0].detail).toContain(first.issuerId);
    // Back again nothing is stranded; nor does another key of the same issuer strand anything.
    expect((await tenant.put(path, first)).body.warnings).toEqual([]);
    const rekeyed = { ...first, serviceAccount: serviceAccountFile("other.key") };
    expect((await tenant.put(path, rekeyed)).body.warnings).toEqual([]);
  });

  it("R021 is checked at Google, over the network", async () => {
    const tenant = await newLiveTenant();
    const { issuerId } = await connectGoogle(tenant);
    const asked: string[] = [];
    vi.spyOn(globalThis, "fetch").mockImplementation(async (input) => {
      const { url } = new Request(input as Request);
      asked.push(url);
      if (url.endsWith("/token"))
        return Response.json({ access_token: "ya29.x", expires_in: 3599, token_type: "Bearer" });
      const message = "Permission denied.";
      const errors = [{ message, domain: "walletobjects", reason: "permissionDenied" }];
      return Response.json({ error: { code: 403, message, errors } }, { status: 403 });
    });
    const { status, body } = await tenant.post(check);
    expect(status).toBe(200);
    expect(body).toMatchObject({ object: "googleAccountCheck", ok: false, checkedAt: expect.any(String) });
    expect(body.findings.map(({ code }: { code: string }) => code)).toEqual(["not_a_console_user", "test_mode"]);
    expect(body.findings[0].remedy).toContain(clientEmail);
    expect([...new Set(asked)]).toEqual([
      "https://oauth2.googleapis.com/token",
      `https://walletobjects.googleapis.com/walletobjects/v1/issuer/${issuerId}`,
    ]);
    const { checkedAt, findings } = (await tenant.get(path)).body;
    expect({ checkedAt, findings }).toEqual({ checkedAt: body.checkedAt, findings: body.findings });
  });
});

describe("what is refused", () => {
  const key = fileText("pkcs8.pem");
  const valid = () => ({ issuerId: "3388000000012345678", serviceAccount: serviceAccountFile() });
  const withFile = (members: object) => ({ ...valid(), serviceAccount: serviceAccountFile("pkcs8.pem", members) });

  const wrong: [what: string, body: Record<string, unknown>, errors: [pointer: string, code: string][]][] = [
    ["no issuer", { ...valid(), issuerId: undefined }, [["#/issuerId", "missing_value"]]],
    ["an issuer id as a number", { ...valid(), issuerId: 3388000000012345 }, [["#/issuerId", "wrong_type"]]],
    ["an issuer id with letters", { ...valid(), issuerId: "BCR2DN4T7K" }, [["#/issuerId", "invalid_value"]]],
    ["a short issuer id", { ...valid(), issuerId: "123456789" }, [["#/issuerId", "invalid_value"]]],
    ["a long issuer id", { ...valid(), issuerId: "1".repeat(21) }, [["#/issuerId", "invalid_value"]]],
    ["no service account", { ...valid(), serviceAccount: undefined }, [["#/serviceAccount", "missing_value"]]],
    ["a number for a service account", { ...valid(), serviceAccount: 7 }, [["#/serviceAccount", "wrong_type"]]],
    [
      "text that is no JSON",
      { ...valid(), serviceAccount: "key.json" },
      [["#/serviceAccount", "invalid_service_account"]],
    ],
    ["an array", { ...valid(), serviceAccount: [serviceAccountFile()] }, [["#/serviceAccount", "wrong_type"]]],
    [
      "credentials of a person",
      withFile({ type: "authorized_user" }),
      [["#/serviceAccount/type", "wrong_credential_type"]],
    ],
    ["no key", withFile({ private_key: undefined }), [["#/serviceAccount/private_key", "missing_value"]]],
    [
      "half a key",
      withFile({ private_key: key.slice(0, 900) }),
      [["#/serviceAccount/private_key", "invalid_private_key"]],
    ],
    [
      "an elliptic key",
      withFile({ private_key: fileText("elliptic.key") }),
      [["#/serviceAccount/private_key", "unsupported_key_type"]],
    ],
    ["no address", withFile({ client_email: undefined }), [["#/serviceAccount/client_email", "missing_value"]]],
    ["another kind of link", { ...valid(), saveLink: "short" }, [["#/saveLink", "invalid_value"]]],
    [
      "everything at once",
      {
        issuerId: "1",
        serviceAccount: serviceAccountFile("pkcs8.pem", { client_email: "?", private_key: "?" }),
        secret: 1,
      },
      [
        ["#/issuerId", "invalid_value"],
        ["#/secret", "unknown_member"],
        ["#/serviceAccount/client_email", "invalid_format"],
        ["#/serviceAccount/private_key", "invalid_private_key"],
      ],
    ],
  ];

  it.each(wrong)("R221 %s", async (_, body, errors) => {
    const tenant = await newLiveTenant();
    const answer = await tenant.put(path, body);
    expect(answer.status, answer.text).toBe(400);
    const found = answer.body.errors.map(({ pointer, code }: any) => [pointer, code]);
    expect(found.toSorted()).toEqual(errors.toSorted());
    expect(answer.text).not.toContain(key.slice(40, 80));
    expect((await tenant.get(path)).status).toBe(404);
    expect((await tenant.get("/v2/events")).body.data).toEqual([]);
  });

  it("R206 whoever lacks the scope", async () => {
    const tenant = await newTenant();
    const withScopes = async (scopes: string[]) =>
      (await tenant.post("/v2/api-keys", { name: "Some", scopes })).body.token as string;
    const reader = { token: await withScopes(["google:read"]) };
    const others = { token: await withScopes(allScopes.filter((scope) => !scope.startsWith("google:"))) };
    const manager = { token: await withScopes(["google:manage"]) };
    const body = { issuerId: newIssuerId(), serviceAccount: serviceAccountFile() };
    const statuses = async (options: { token: string }) => [
      (await tenant.get(path, options)).status,
      (await tenant.put(path, body, options)).status,
      (await tenant.post(check, undefined, options)).status,
      (await tenant.delete(path, options)).status,
    ];
    expect(await statuses(others)).toEqual([403, 403, 403, 403]);
    expect(await statuses(reader)).toEqual([200, 403, 403, 403]);
    expect(await statuses(manager)).toEqual([403, 201, 200, 204]);
  });
});

describe("the account of a sandbox", () => {
  it("R041 is there at once, works with the simulator, and cannot be removed", async () => {
    const tenant = await newTenant();
    const { status, body } = await tenant.get(path);
    expect(status).toBe(200);
    expect(body).toEqual({
      object: "googleAccount",
      issuerId: expect.stringMatching(/^338899\d{13}$/),
      clientEmail: `wallet-${tenant.code.toLowerCase()}@sandbox.wepass.iam.gserviceaccount.com`,
      privateKeyId: null,
      simulated: true,
      saveLink: "skinny",
      createdAt: null,
      updatedAt: null,
      checkedAt: null,
      findings: null,
      callbacks: silence,
    });
    const checked = await tenant.post(check);
    expect(checked.body, checked.text).toMatchObject({ ok: true, findings: [{ code: "simulator", severity: "info" }] });
    expect((await tenant.get(path)).body).toEqual(body);
    const refused = await tenant.delete(path);
    expect([refused.status, refused.body.code]).toEqual([404, "not_found"]);
  });

  it("R041 gives way to a connected one, which works with the simulator too, and comes back", async () => {
    const tenant = await newTenant();
    const { body: madeUp } = await tenant.get(path);
    const connection = { issuerId: newIssuerId() };
    for (let round = 0; round < 2; round += 1) {
      const { issuerId } = await connectGoogle(tenant, connection);
      expect((await tenant.get(path)).body).toMatchObject({ issuerId, clientEmail, simulated: true });
      const { body } = await tenant.post(check);
      expect(body.findings.map(({ code }: { code: string }) => code)).toEqual(["test_mode", "simulator"]);
      expect(body.ok).toBe(true);
      expect((await tenant.delete(path)).status).toBe(204);
      expect((await tenant.get(path)).body).toEqual(madeUp);
      expect((await tenant.post(check)).body.ok).toBe(true);
    }
  });

  it("R274 does not take another tenant's issuer, unless by the same key", async () => {
    const [owner, other, third] = [await newTenant(), await newTenant(), await newTenant()];
    const { issuerId } = await connectGoogle(owner);
    const madeUp = (await third.get(path)).body.issuerId;
    for (const taken of [issuerId, madeUp]) {
      const answer = await other.put(path, { issuerId: taken, serviceAccount: serviceAccountFile("other.key") });
      expect(answer.status).toBe(400);
      expect(answer.body.errors).toMatchObject([{ pointer: "#/issuerId", code: "issuer_taken" }]);
      for (const text of [owner.id, owner.code, third.id, third.code]) expect(answer.text).not.toContain(text);
    }
    expect((await other.put(path, { issuerId, serviceAccount: serviceAccountFile() })).status).toBe(201);
    expect((await other.post(check)).body.ok).toBe(true);
    // Production leaves that to Google.
    const live = await newLiveTenant();
    expect((await live.put(path, { issuerId, serviceAccount: serviceAccountFile("other.key") })).status).toBe(201);
  });
});

describe("the key", () => {
  it("R227 stands in no answer, no event and no log", async () => {
    const logs: string[] = [];
    for (const level of ["log", "error", "warn"] as const) {
      vi.spyOn(console, level).mockImplementation((...entries) => void logs.push(JSON.stringify(entries)));
    }
    const tenant = await newTenant();
    const body = { issuerId: newIssuerId(), serviceAccount: serviceAccountFile() };
    const answers = [
      await tenant.put(path, body),
      await tenant.put(path, { ...body, saveLink: "fat" }),
      await tenant.get(path),
      await tenant.post(check),
      await tenant.put(path, { ...body, issuerId: "1" }),
      await tenant.put(path, { ...body, serviceAccount: JSON.stringify(body.serviceAccount).slice(0, -1) }),
      await tenant.get("/v2/events"),
      await tenant.delete(path),
    ];
    expect(answers.map(({ status }) => status)).toEqual([201, 200, 200, 200, 400, 400, 200, 204]);
    const secret = fileText("pkcs8.pem").split("\n").slice(1, -2);
    const said = [...answers.map(({ text }) => text), ...logs].join("\n");
    expect(said.length).toBeGreaterThan(1000);
    for (const line of [...secret, "BEGIN PRIVATE KEY", "eyJ"]) expect(said).not.toContain(line);
  });

  it("R274 is one tenant's alone: another neither sees nor removes the account", async () => {
    const [owner, other] = [await newTenant(), await newTenant()];
    const { issuerId } = await connectGoogle(owner);
    expect((await other.get(path)).text).not.toContain(issuerId);
    expect((await other.delete(path)).status).toBe(404);
    await connectGoogle(other);
    await other.delete(path);
    expect((await owner.get(path)).body.issuerId).toBe(issuerId);
  });
});
