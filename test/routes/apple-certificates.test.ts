import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { newPass, newTemplate, newTenant, storeCard } from "../support/api";
import { fileBytes, fileText, type AppleFile } from "../support/apple-files";
import {
  base64Of,
  codesOf,
  eventsOf,
  importInto,
  importOf,
  liveEnv,
  newLiveTenant,
  sandboxCertificate,
  toBase64,
} from "../support/certificates";
import { fetchPass, heldPass, newDevice } from "../support/device";

const path = "/v2/apple/certificates";
const own = `${path}/pass.com.example.fern`;
const raw = { headers: { "content-type": "application/octet-stream" } };

describe("importing a certificate in production", () => {
  it("takes PEM with its key into use, and shows it without its key", async () => {
    const tenant = await newLiveTenant();
    const imported = await importInto(tenant, "pass.pem");
    expect(imported).toMatchObject({
      object: "appleCertificate",
      id: "pass.com.example.fern",
      passTypeIdentifier: "pass.com.example.fern",
      teamIdentifier: "A1B2C3D4E5",
      nfc: false,
      default: true,
      status: "active",
      notAfter: "2124-12-31T23:59:59.000Z",
      warnings: [],
    });
    expect(imported.daysLeft).toBeGreaterThan(30_000);
    const { warnings: _, ...shown } = imported;
    expect((await tenant.get(own)).body).toEqual(shown);
    expect((await tenant.get(path)).body.data).toEqual([shown]);
    expect(await eventsOf(tenant, "certificate.activated")).toMatchObject([
      {
        type: "certificate.activated",
        data: {
          passTypeIdentifier: "pass.com.example.fern",
          teamIdentifier: "A1B2C3D4E5",
          fingerprint: imported.fingerprint,
          notAfter: imported.notAfter,
          renewal: false,
        },
      },
    ]);
  });

  const issuerCertificate = fileText("wwdr.pem");
  const certificate = fileText("pass.pem");
  it.each<[string, Record<string, string>]>([
    ["PEM and PKCS#1", { certificate, privateKey: fileText("pkcs1.pem") }],
    ["PEM and an encrypted key", { certificate, privateKey: fileText("encrypted.pem"), passphrase: "geheim" }],
    ["PEM and a traditional key", { certificate, privateKey: fileText("traditional.pem"), passphrase: "geheim" }],
    ["base64 of DER", { certificate: base64Of("pass.cer"), privateKey: base64Of("pkcs8.der") }],
    [
      "base64 of PEM",
      { certificate: base64Of("pass.pem"), privateKey: base64Of("encrypted.pem"), passphrase: "geheim" },
    ],
    ["key and certificate in one PEM", { certificate: fileText("pkcs1.pem") + certificate }],
    ["PKCS#12", { pkcs12: base64Of("modern.p12"), password: "geheim" }],
    ["PKCS#12 without a password", { pkcs12: base64Of("emptyPassword.p12") }],
  ])("takes %s", async (_, members) => {
    const tenant = await newLiveTenant();
    const { status, body, text } = await tenant.post(path, { ...members, issuerCertificate });
    expect(status, text).toBe(201);
    expect(body.passTypeIdentifier).toBe("pass.com.example.fern");
  });

  it("takes files as the body itself, with the intermediate among them", async () => {
    const pem = fileText("pkcs8.pem") + fileText("pass.pem") + fileText("wwdr.pem");
    expect((await (await newLiveTenant()).post(path, pem, raw)).status).toBe(201);
    const form = { headers: { "content-type": "application/x-www-form-urlencoded" } };
    expect((await (await newLiveTenant()).post(path, pem, form)).status).toBe(201);
    const chain = { pkcs12: base64Of("withChain.p12"), password: "geheim" };
    expect((await (await newLiveTenant()).post(path, chain)).status).toBe(201);
    const locked = await (await newLiveTenant()).post(path, fileBytes("modern.p12"), raw);
    expect([locked.status, codesOf(locked.body)]).toEqual([400, ["wrong_password"]]);
  });

  it("accepts an elliptic key with a warning", async () => {
    const imported = await importInto(await newLiveTenant(), "elliptic.pem", "elliptic.key");
    expect(imported.warnings).toMatchObject([{ code: "certificate_ec_key", pointer: "#/certificate" }]);
  });

  it("changes nothing by the same certificate again", async () => {
    const tenant = await newLiveTenant();
    const first = await importInto(tenant, "pass.pem");
    expect(await importInto(tenant, "pass.pem")).toEqual(first);
    expect(await eventsOf(tenant, "certificate.activated")).toHaveLength(1);
  });

  it("activates once when the same certificate is sent several times at once", async () => {
    const tenant = await newLiveTenant();
    await Promise.all(Array.from({ length: 5 }, () => importInto(tenant, "pass.pem")));
    expect(await eventsOf(tenant, "certificate.activated")).toHaveLength(1);
  });
});

describe("what is refused", () => {
  const wrong: [what: string, members: Record<string, unknown>, codes: string[]][] = [
    ["a key of another certificate", importOf("pass.pem", "other.key"), ["key_mismatch"]],
    ["an RSA certificate with an elliptic key", importOf("pass.pem", "elliptic.key"), ["key_mismatch"]],
    ["an expired certificate", importOf("expired.pem"), ["certificate_expired"]],
    ["one that is not valid yet", importOf("notYetValid.pem"), ["certificate_not_yet_valid"]],
    ["one without UID", importOf("withoutUid.pem"), ["pass_type_missing"]],
    ["one without team", importOf("withoutTeam.pem"), ["team_missing"]],
    ["one whose extension names another type", importOf("otherType.pem"), ["certificate_extension_mismatch"]],
    ["a short key", importOf("short.pem", "short.key"), ["certificate_key_weak", "key_too_short"]],
    ["a certificate for development", importOf("development.pem"), ["not_a_pass_certificate"]],
    ["a push certificate", importOf("push.pem"), ["not_a_pass_certificate"]],
    ["an intermediate", importOf("wwdr.pem"), ["key_mismatch", "not_a_pass_certificate"]],
    ["an issuer of the same name", importOf("underImpostor.pem"), ["issuer_signature_wrong"]],
    [
      "an expired issuer",
      { ...importOf("underExpired.pem"), issuerCertificate: fileText("expiredWwdr.pem") },
      ["intermediate_expired"],
    ],
    ["an outdated issuer, not sent", { ...importOf("underG3.pem"), issuerCertificate: undefined }, ["issuer_outdated"]],
    ["an outdated issuer", { ...importOf("underG3.pem"), issuerCertificate: fileText("g3.pem") }, ["issuer_outdated"]],
    [
      "an issuer that is not trusted",
      { ...importOf("underImpostor.pem"), issuerCertificate: fileText("impostor.pem") },
      ["issuer_not_apple"],
    ],
    [
      "an issuer that is no certificate",
      { ...importOf("pass.pem"), issuerCertificate: "hello" },
      ["not_a_certificate"],
    ],
    [
      "one that is signed by itself",
      { ...importOf("selfMade.pem"), issuerCertificate: undefined },
      ["issuer_not_apple"],
    ],
    ["a legacy PKCS#12", { pkcs12: base64Of("legacy.p12"), password: "geheim" }, ["legacy_pkcs12"]],
    ["a PKCS#12 with the wrong password", { pkcs12: base64Of("modern.p12"), password: "falsch" }, ["wrong_password"]],
    ["a PKCS#12 without key", { pkcs12: base64Of("certificateOnly.p12"), password: "geheim" }, ["private_key_missing"]],
    ["a PKCS#12 without certificate", { pkcs12: base64Of("keyOnly.p12"), password: "geheim" }, ["certificate_missing"]],
    ["a certificate where PKCS#12 was meant", { pkcs12: base64Of("pass.cer") }, ["private_key_missing"]],
    [
      "PKCS#12 where a certificate was meant",
      { certificate: base64Of("modern.p12"), privateKey: fileText("pkcs8.pem") },
      ["pkcs12_given"],
    ],
    ["a request where a certificate was meant", { ...importOf("pass.csr") }, ["certificate_request_given"]],
    ["an encrypted key without passphrase", importOf("pass.pem", "encrypted.pem"), ["passphrase_required"]],
    [
      "an encrypted key with the wrong passphrase",
      { ...importOf("pass.pem", "encrypted.pem"), passphrase: "falsch" },
      ["wrong_passphrase"],
    ],
    ["a public key", importOf("pass.pem", "public.pem"), ["public_key_given"]],
    ["no key", { certificate: fileText("pass.pem") }, ["private_key_missing"]],
    ["neither", {}, ["missing_value"]],
    ["both", { ...importOf("pass.pem"), pkcs12: base64Of("modern.p12") }, ["missing_value"]],
    ["several faults at once", importOf("expired.pem", "other.key"), ["certificate_expired", "key_mismatch"]],
    [
      "a broken certificate and a broken key",
      { certificate: "hello", privateKey: "hello" },
      ["no_private_key", "not_a_certificate"],
    ],
  ];

  it.each(wrong)("%s", async (_, members, codes) => {
    const tenant = await newLiveTenant();
    const { status, body, text } = await tenant.post(path, members);
    expect(status, text).toBe(400);
    expect(codesOf(body)).toEqual(codes);
    for (const { pointer, detail } of body.errors) {
      expect(pointer).toMatch(/^#\/[a-z]/i);
      expect(detail.length).toBeGreaterThan(30);
    }
    expect(text).not.toContain("geheim");
    expect((await tenant.get(path)).body.data).toEqual([]);
    expect((await tenant.get("/v2/events")).body.data).toEqual([]);
  });

  it("says of a legacy file how to convert it", async () => {
    const { body } = await (await newLiveTenant()).post(path, { pkcs12: base64Of("legacy.p12"), password: "geheim" });
    expect(body.errors[0].detail).toContain(
      "openssl pkcs12 -legacy -in old.p12 -nodes -out all.pem && openssl pkcs12 -export -in all.pem -out modern.p12",
    );
  });

  it("says which other kind of certificate it is", async () => {
    const tenant = await newLiveTenant();
    const detailOf = async (name: AppleFile) => (await tenant.post(path, importOf(name))).body.errors[0].detail;
    expect(await detailOf("development.pem")).toContain(
      "a certificate for developing apps (Apple Development: Zoe Fern",
    );
    expect(await detailOf("push.pem")).toContain("a push certificate of an app");
    expect((await tenant.post(path, importOf("wwdr.pem", "other.key"))).text).toContain(
      "the certificate of an authority",
    );
  });

  it("R039 a sandbox's certificate in production, and a real one in a sandbox", async () => {
    const sandbox = await newTenant();
    const refused = await sandbox.post(path, importOf("pass.pem"));
    expect([refused.status, codesOf(refused.body)]).toEqual([400, ["real_certificate_in_sandbox"]]);
    const made = await sandboxCertificate(sandbox, fileText("pass.csr"));
    const live = await newLiveTenant();
    const members = {
      certificate: toBase64(made),
      privateKey: fileText("pkcs8.pem"),
      issuerCertificate: fileText("wwdr.pem"),
    };
    expect(codesOf((await live.post(path, members)).body)).toEqual(["issuer_sandbox"]);
  });

  it("waits for Apple's intermediate only if nothing else is wrong", async () => {
    const tenant = await newLiveTenant();
    const { issuerCertificate: _, ...members } = importOf("pass.pem");
    const { status, body } = await tenant.post(path, members);
    expect([status, body.code]).toEqual([503, "temporarily_unavailable"]);
    const expired = await tenant.post(path, { ...members, certificate: fileText("expired.pem") });
    expect(codesOf(expired.body)).toEqual(["certificate_expired"]);
  });

  it("bodies that are forms, and keys without the scope", async () => {
    const tenant = await newLiveTenant();
    const form = await tenant.post(path, "x", { headers: { "content-type": "multipart/form-data; boundary=x" } });
    expect(form.body.code).toBe("unsupported_media_type");
    const { body } = await tenant.post("/v2/api-keys", { name: "Reader", scopes: ["apple:read"] });
    const reader = { token: body.token };
    expect((await tenant.get(path, reader)).status).toBe(200);
    expect((await tenant.post(path, importOf("pass.pem"), reader)).body.code).toBe("insufficient_scope");
  });
});

describe("several certificates", () => {
  it("makes the first the default, moves the mark, and removes the default last", async () => {
    const tenant = await newLiveTenant();
    await importInto(tenant, "pass.pem");
    expect((await importInto(tenant, "coffee.pem", "other.key")).default).toBe(false);
    const coffee = `${path}/pass.com.example.coffee`;
    expect((await tenant.delete(own)).body.code).toBe("certificate_is_default");
    expect((await tenant.patch(coffee, { default: true })).body).toMatchObject({
      id: "pass.com.example.coffee",
      default: true,
    });
    const { data } = (await tenant.get(path)).body;
    expect(data.map((one: { default: boolean }) => one.default)).toEqual([true, false]);
    expect((await tenant.patch(own, { default: false })).status).toBe(400);
    expect((await tenant.delete(own)).status).toBe(204);
    expect((await tenant.delete(own)).status).toBe(404);
    expect((await tenant.patch(own, { default: true })).status).toBe(404);
    expect((await tenant.delete(coffee)).status).toBe(204);
    expect((await tenant.get(path)).body.data).toEqual([]);
    const removed = await eventsOf(tenant, "certificate.removed");
    expect(removed.map(({ data: { passTypeIdentifier } }) => passTypeIdentifier)).toEqual([
      "pass.com.example.coffee",
      "pass.com.example.fern",
    ]);
  });

  it("has one default when two first ones come at once", async () => {
    for (let round = 0; round < 5; round += 1) {
      const tenant = await newLiveTenant();
      await Promise.all([importInto(tenant, "pass.pem"), importInto(tenant, "coffee.pem", "other.key")]);
      const { data } = (await tenant.get(path)).body;
      expect(data.filter((one: { default: boolean }) => one.default)).toHaveLength(1);
    }
  });

  it("has one default when a sandbox makes its own while one is imported", async () => {
    for (let round = 0; round < 5; round += 1) {
      const tenant = await newTenant();
      const certificate = toBase64(await sandboxCertificate(tenant, fileText("pass.csr")));
      const members = { certificate, privateKey: fileText("pkcs8.pem") };
      await Promise.all([newTemplate(tenant), tenant.post(path, members)]);
      const { data } = (await tenant.get(path)).body;
      expect(data.filter((one: { default: boolean }) => one.default)).toHaveLength(1);
    }
  });

  it("are another tenant's business", async () => {
    await importInto(await newLiveTenant(), "pass.pem");
    const stranger = await newLiveTenant();
    expect((await stranger.get(own)).status).toBe(404);
    expect((await stranger.patch(own, { default: true })).status).toBe(404);
    expect((await stranger.delete(own)).status).toBe(404);
    expect((await stranger.get(path)).body.data).toEqual([]);
  });
});

describe("renewal", () => {
  const signatureOf = async (tenant: Awaited<ReturnType<typeof newLiveTenant>>, id: string) => {
    const { status, bytes, text } = await tenant.get(`/v2/passes/${id}/pkpass`);
    expect(status, text).toBe(200);
    return toBase64(bytes);
  };

  it("signs new and old passes with the new certificate at once, and keeps the rest as it was", async () => {
    const tenant = await newLiveTenant();
    const first = await importInto(tenant, "pass.pem");
    const template = await tenant.post("/v2/templates", storeCard());
    const pass = await tenant.post("/v2/passes", { templateId: template.body.id });
    const before = await signatureOf(tenant, pass.body.id);
    await env.DATA_DB.prepare("update apple_identities set expiry_warned_days = 7 where tenant_id = ?")
      .bind(tenant.id)
      .run();
    const renewed = await importInto(tenant, "renewed.pem");
    expect(renewed.fingerprint).not.toBe(first.fingerprint);
    expect(renewed).toMatchObject({ default: true, createdAt: first.createdAt });
    expect((await tenant.get(path)).body.data).toHaveLength(1);
    expect(await signatureOf(tenant, pass.body.id)).not.toBe(before);
    const row = await env.DATA_DB.prepare("select * from apple_identities where tenant_id = ?").bind(tenant.id).first();
    expect(row).toMatchObject({ expiry_warned_days: null, tenant_code: tenant.code });
    const activated = await eventsOf(tenant, "certificate.activated");
    expect(activated.map(({ data }) => data.renewal)).toEqual([true, false]);
  });

  it("stays in the team", async () => {
    const tenant = await newLiveTenant();
    await importInto(tenant, "pass.pem");
    const { body } = await tenant.post(path, importOf("otherTeam.pem"));
    expect(codesOf(body)).toEqual(["team_mismatch"]);
  });

  it("keeps the right to NFC, unless the present certificate has expired", async () => {
    const tenant = await newLiveTenant();
    expect((await importInto(tenant, "nfc.pem")).nfc).toBe(true);
    expect(codesOf((await tenant.post(path, importOf("pass.pem"))).body)).toEqual(["nfc_right_lost"]);
    await env.DATA_DB.prepare("update apple_identities set not_after = 1 where tenant_id = ?").bind(tenant.id).run();
    expect((await tenant.get(own)).body).toMatchObject({ status: "expired", daysLeft: 0 });
    expect((await importInto(tenant, "pass.pem")).nfc).toBe(false);
  });

  it("R069 never goes back to one that ends earlier, unless the present one is removed", async () => {
    const tenant = await newTenant();
    const csr = fileText("pass.csr");
    const send = async (days: number) => {
      const certificate = toBase64(await sandboxCertificate(tenant, csr, { days }));
      return tenant.post(path, { certificate, privateKey: fileText("pkcs8.pem") });
    };
    const present = await send(90);
    const refused = await send(30);
    expect([refused.status, codesOf(refused.body)]).toEqual([400, ["certificate_older"]]);
    const [{ detail }] = refused.body.errors;
    expect(detail).toContain(present.body.notAfter);
    expect(detail).toMatch(/this one until \d{4}-.*remove the present one/);
    expect((await tenant.get(own)).body.fingerprint).toBe(present.body.fingerprint);
    expect((await tenant.delete(own)).status).toBe(204);
    expect((await send(30)).status).toBe(201);
  });

  it("R069 keeps the newest of several that come at once", async () => {
    const tenant = await newTenant();
    const csr = fileText("pass.csr");
    const made = await Promise.all([300, 30, 200, 60].map((days) => sandboxCertificate(tenant, csr, { days })));
    const answers = await Promise.all(
      made.map((der) => tenant.post(path, { certificate: toBase64(der), privateKey: fileText("pkcs8.pem") })),
    );
    const newest = answers[0]!;
    expect(newest.status, newest.text).toBe(201);
    expect((await tenant.get(own)).body.fingerprint).toBe(newest.body.fingerprint);
    for (const { status } of answers) expect([201, 400, 503]).toContain(status);
  });

  it("of two that do not fit together, sent at once, one is refused", async () => {
    const tenant = await newLiveTenant();
    const answers = await Promise.all([
      tenant.post(path, importOf("pass.pem")),
      tenant.post(path, importOf("otherTeam.pem")),
    ]);
    const statuses = answers.map(({ status }) => status).toSorted();
    expect(statuses[0]).toBe(201);
    expect([400, 503]).toContain(statuses[1]);
  });
});

describe("passes that were issued before there was a certificate", () => {
  it("get the type and team of the first one, and of no other", async () => {
    const tenant = await newLiveTenant();
    const template = await tenant.post("/v2/templates", storeCard());
    const pass = await tenant.post("/v2/passes", { templateId: template.body.id });
    expect(pass.body.links.apple).toBeNull();
    await importInto(tenant, "pass.pem");
    const adopted = await tenant.get(`/v2/passes/${pass.body.id}`);
    expect(adopted.body.links.apple).toMatch(/^https:/);
    expect(adopted.body.version).toBe(1);
    expect((await tenant.get(`/v2/passes/${pass.body.id}/pkpass`)).status).toBe(200);
    await importInto(tenant, "coffee.pem", "other.key");
    const row = await env.DATA_DB.prepare("select pass_type_identifier from passes where id = ?")
      .bind(pass.body.id)
      .first();
    expect(row).toEqual({ pass_type_identifier: "pass.com.example.fern" });
  });

  it("get it in their own insert, if it came while they were being issued", async () => {
    const tenant = await newLiveTenant();
    const template = await tenant.post("/v2/templates", storeCard());
    let imports = 0;
    const DATA_DB = new Proxy(env.DATA_DB, {
      get(db, member) {
        if (member !== "batch") return Reflect.get(db, member).bind(db);
        return async (statements: D1PreparedStatement[]) => {
          imports += 1;
          if (imports === 1) {
            await importInto(tenant, "pass.pem");
            // Cron is through as well.
            await env.DATA_DB.prepare("update apple_identities set adopted_to = null where tenant_id = ?")
              .bind(tenant.id)
              .run();
          }
          return db.batch(statements);
        };
      },
    });
    const racing = { env: { ...liveEnv, DATA_DB } as Cloudflare.Env };
    const issued = await tenant.post("/v2/passes", { templateId: template.body.id }, racing);
    expect(issued.status, issued.text).toBe(201);
    const row = await env.DATA_DB.prepare("select pass_type_identifier, team_identifier from passes where id = ?")
      .bind(issued.body.id)
      .first();
    expect(row).toEqual({ pass_type_identifier: "pass.com.example.fern", team_identifier: "A1B2C3D4E5" });
    expect((await tenant.get(`/v2/passes/${issued.body.id}/pkpass`)).status).toBe(200);
  });
});

describe("removal", () => {
  it("R069 waits until no device has a pass of the type, for somebody must answer them", async () => {
    const tenant = await newTenant();
    const held = await heldPass(tenant, (await newPass(tenant)).id);
    const phone = newDevice();
    expect((await phone.register(held)).status).toBe(201);
    expect((await fetchPass(held)).status).toBe(200);
    const type = held.passTypeIdentifier;
    const refused = await tenant.delete(`${path}/${type}`);
    expect([refused.status, refused.body.code]).toEqual([409, "certificate_in_use"]);
    expect((await fetchPass(held)).status).toBe(200);
    expect((await phone.unregister(held)).status).toBe(200);
    expect((await tenant.delete(`${path}/${type}`)).status).toBe(204);
    expect((await fetchPass(held)).status).toBe(401);
    const again = await sandboxCertificate(tenant, fileText("pass.csr"), { passTypeIdentifier: type, days: 30 });
    const members = { certificate: toBase64(again), privateKey: fileText("pkcs8.pem") };
    expect((await tenant.post(path, members)).status).toBe(201);
    expect((await fetchPass(held)).status).toBe(200);
    expect((await phone.register(held)).status).toBe(201);
  });
});

describe("the sandbox's portal", () => {
  it("R041 makes certificates that a sandbox imports, with the tenant's team", async () => {
    const tenant = await newTenant();
    const certificate = await sandboxCertificate(tenant, fileText("pass.csr"), { nfc: false, days: 45 });
    const { status, body, text } = await tenant.post(path, {
      certificate: toBase64(certificate),
      privateKey: fileText("pkcs8.pem"),
    });
    expect(status, text).toBe(201);
    expect(body).toMatchObject({ teamIdentifier: `SB${tenant.code}`, nfc: false, default: true });
    expect([44, 45]).toContain(body.daysLeft);
    const templateId = await newTemplate(tenant);
    const pass = await tenant.post("/v2/passes", { templateId });
    expect((await tenant.get(`/v2/passes/${pass.body.id}/pkpass`)).status).toBe(200);
  });

  it("refuses what is no request, or a request that was changed", async () => {
    const tenant = await newTenant();
    const send = (csr: string) => tenant.post("/v2/apple/sandbox-certificates", { csr, passTypeIdentifier: "pass.a" });
    expect(codesOf((await send("hello")).body)).toEqual(["not_a_certificate_request"]);
    expect(codesOf((await send(fileText("pass.pem"))).body)).toEqual(["not_a_certificate_request"]);
    const changed = fileText("pass.csr").replace(/(\n.{20})(.)/, (_, start, one) => start + (one === "A" ? "B" : "A"));
    expect((await send(changed)).status).toBe(400);
    expect(
      (await tenant.post("/v2/apple/sandbox-certificates", { csr: fileText("pass.csr"), passTypeIdentifier: "card" }))
        .status,
    ).toBe(400);
  });

  it("R039 is no part of production", async () => {
    const tenant = await newLiveTenant();
    const body = { csr: fileText("pass.csr"), passTypeIdentifier: "pass.com.example.fern" };
    expect((await tenant.post("/v2/apple/sandbox-certificates", body, { env: liveEnv })).status).toBe(404);
  });
});
