import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { clearIsolateCaches } from "../../src/db/isolate-cache";
import { takeNfcAway } from "../openapi/producers";
import { call, newPass, newTemplate, newTenant, pixel, storeCard, type TestTenant } from "../support/api";
import { packageOf } from "../support/images";
import { greyPng, pngSize } from "../support/png";

type Json = Record<string, any>;

beforeEach(() => clearIsolateCaches());

const nfc = {
  message: "{{pass.id}}",
  encryptionPublicKey:
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEaxfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpZP40Li/hp/m47n60p8D54WK84zV2sxXs7LtkBoN79R9Q==",
};

const personalization = {
  description: "Join Fern & Finch",
  requiredFields: ["name", "emailAddress"],
  termsAndConditions: "We write once a month.",
  values: { name: "member" },
};

const logo = greyPng(450, 120);

const rewards = (members: Json = {}): Json => ({
  nfc,
  personalization,
  images: { icon: { "1x": pixel }, personalizationLogo: logo },
  ...members,
});

const issues = ({ body }: { body: Json }) => body.errors.map(({ code, pointer }: Json) => [pointer, code]);
const codes = ({ warnings }: Json) => warnings.map(({ code }: Json) => code);

const ownFiles = (files: Record<string, Uint8Array>): string[] =>
  Object.keys(files).filter((path) => path.startsWith("personalization"));

describe("a template that asks its holders", () => {
  it("brings questions and logo in the pass, until the holder has answered", async () => {
    const tenant = await newTenant();
    const templateId = await newTemplate(tenant, rewards());
    const pass = await newPass(tenant, { templateId });
    expect(codes(pass)).not.toContain("image_not_shown");
    const files = await packageOf(tenant, pass.id);
    expect(ownFiles(files).toSorted()).toEqual([
      "personalization.json",
      "personalizationLogo.png",
      "personalizationLogo@2x.png",
      "personalizationLogo@3x.png",
    ]);
    expect(pngSize(files["personalizationLogo@2x.png"]!)).toEqual([300, 80]);
    expect(JSON.parse(new TextDecoder().decode(files["personalization.json"]))).toEqual({
      requiredPersonalizationFields: ["PKPassPersonalizationFieldName", "PKPassPersonalizationFieldEmailAddress"],
      description: "Join Fern & Finch",
      termsAndConditions: "We write once a month.",
    });
    const manifest = JSON.parse(new TextDecoder().decode(files["manifest.json"]));
    expect(manifest).toMatchObject({ "personalization.json": expect.any(String), "pass.json": expect.any(String) });
    const { resolved } = (await tenant.get(`/v2/passes/${pass.id}/projections`)).body;
    expect(resolved.personalization).toEqual({
      description: "Join Fern & Finch",
      requiredFields: ["name", "emailAddress"],
      termsAndConditions: "We write once a month.",
      done: false,
    });

    await env.DATA_DB.prepare("update passes set personalized_at = 1 where id = ?").bind(pass.id).run();
    expect(ownFiles(await packageOf(tenant, pass.id))).toEqual([]);
    expect((await tenant.get(`/v2/passes/${pass.id}`)).body.personalizedAt).toBe("1970-01-01T00:00:00.001Z");
  });

  it("asks nothing with a pass that is void", async () => {
    const tenant = await newTenant();
    const pass = await newPass(tenant, { templateId: await newTemplate(tenant, rewards()) });
    await tenant.delete(`/v2/passes/${pass.id}`);
    expect(ownFiles(await packageOf(tenant, pass.id))).toEqual([]);
  });

  it("R087 shows the logo of the pass, if that has its own", async () => {
    const tenant = await newTenant();
    const templateId = await newTemplate(tenant, rewards());
    const overrides = { images: { personalizationLogo: greyPng(400, 200, 3) } };
    const pass = await newPass(tenant, { templateId, overrides });
    expect(pngSize((await packageOf(tenant, pass.id))["personalizationLogo.png"]!)).toEqual([80, 40]);
    await env.FILES.delete(
      `${tenant.code}/images/${pass.overrides.images.personalizationLogo}/personalizationLogo@2x.png`,
    );
    expect(pngSize((await packageOf(tenant, pass.id))["personalizationLogo.png"]!)).toEqual([150, 40]);
  });

  const refusals: [string, Json, [string, string][]][] = [
    ["nfc", { nfc: undefined }, [["#/nfc", "missing_nfc"]]],
    [
      "the logo",
      { images: { icon: { "1x": pixel } } },
      [["#/images/personalizationLogo", "missing_personalization_logo"]],
    ],
    [
      "a density of the logo",
      { images: { icon: { "1x": pixel }, personalizationLogo: { "1x": logo, "3x": logo } } },
      [["#/images/personalizationLogo", "missing_personalization_logo"]],
    ],
    [
      "a logo that is large enough",
      { images: { icon: { "1x": pixel }, personalizationLogo: greyPng(300, 80) } },
      [["#/images/personalizationLogo", "missing_personalization_logo"]],
    ],
  ];

  it.each(refusals)("R222 is refused without %s", async (_, members, expected) => {
    const tenant = await newTenant();
    const refused = await tenant.post("/v2/templates", storeCard(rewards(members)));
    expect(refused.status).toBe(400);
    expect(issues(refused)).toEqual(expected);
  });
});

describe("nfc under a certificate without the right", () => {
  it("refuses to save a template, and to package a pass, saying why", async () => {
    const tenant = await newTenant();
    const templateId = await newTemplate(tenant, { nfc });
    const pass = await newPass(tenant, { templateId });
    await takeNfcAway(tenant);
    for (const refused of [
      await tenant.post("/v2/templates", storeCard({ nfc })),
      await tenant.patch(`/v2/templates/${templateId}`, { description: "Another" }),
    ]) {
      expect(refused.status, refused.text).toBe(400);
      expect(issues(refused)).toEqual([["#/nfc", "nfc_certificate_required"]]);
    }
    for (const refused of [
      await tenant.get(`/v2/passes/${pass.id}/pkpass`),
      await tenant.post("/v2/passes/pkpasses", { passIds: [pass.id] }),
      await call("GET", new URL(pass.links.apple).pathname),
    ]) {
      expect([refused.status, refused.body.code]).toEqual([409, "nfc_certificate_required"]);
    }
    expect((await call("GET", new URL(pass.links.page).pathname)).status).toBe(200);
    expect((await tenant.patch(`/v2/templates/${templateId}`, { nfc: null })).status).toBe(200);
  });
});

describe("the pass type that a template names", () => {
  const otherType = "pass.com.example.other";

  /** A second identity: the first one's key under another type. */
  const addIdentity = (tenant: TestTenant, isNfc: boolean) =>
    env.DATA_DB.prepare(
      `insert into apple_identities (tenant_id, pass_type_identifier, team_identifier, certificate, issuer_certificate, private_key,
         nfc, is_default, not_after, created_at, tenant_code)
       select tenant_id, ?, 'OTHERTEAM1', certificate, issuer_certificate, private_key, ?, 0, not_after, created_at, tenant_code
       from apple_identities where tenant_id = ?`,
    )
      .bind(otherType, isNfc ? 1 : 0, tenant.id)
      .run();

  it("is what its passes are issued under, and others are issued under the default", async () => {
    const tenant = await newTenant();
    const plain = await newTemplate(tenant);
    await addIdentity(tenant, true);
    const created = await tenant.post("/v2/templates", storeCard({ passTypeIdentifier: otherType }));
    expect(codes(created.body)).not.toContain("pass_type_unknown");
    expect((await tenant.get(`/v2/templates/${created.body.id}`)).body).toEqual(created.body);
    const appleOf = async (templateId: string) => {
      const pass = await newPass(tenant, { templateId });
      return (await tenant.get(`/v2/passes/${pass.id}/projections`)).body.apple.output;
    };
    expect(await appleOf(created.body.id)).toMatchObject({
      passTypeIdentifier: otherType,
      teamIdentifier: "OTHERTEAM1",
    });
    expect(await appleOf(plain)).toMatchObject({ teamIdentifier: `SB${tenant.code}` });
    await tenant.patch(`/v2/templates/${created.body.id}`, { passTypeIdentifier: null });
    expect(await appleOf(created.body.id)).toMatchObject({ teamIdentifier: `SB${tenant.code}` });
    await tenant.patch(`/v2/templates/${plain}`, { passTypeIdentifier: otherType });
    expect(await appleOf(plain)).toMatchObject({ passTypeIdentifier: otherType });
  });

  it("R054 is passed by with a warning where the account has none, so that templates move between environments", async () => {
    const tenant = await newTenant();
    const created = await tenant.post("/v2/templates", storeCard({ passTypeIdentifier: otherType }));
    expect(created.status).toBe(201);
    expect(created.body).toMatchObject({ passTypeIdentifier: otherType });
    expect(created.body.warnings).toContainEqual(
      expect.objectContaining({ code: "pass_type_unknown", pointer: "#/passTypeIdentifier" }),
    );
    expect((await tenant.get(`/v2/templates/${created.body.id}`)).body).toEqual(created.body);
    const pass = await newPass(tenant, { templateId: created.body.id });
    const { apple } = (await tenant.get(`/v2/passes/${pass.id}/projections`)).body;
    expect(apple.output.teamIdentifier).toBe(`SB${tenant.code}`);
  });

  it("R222 decides whether there is NFC, and has the form of one", async () => {
    const tenant = await newTenant();
    await newTemplate(tenant);
    await addIdentity(tenant, false);
    const refused = await tenant.post("/v2/templates", storeCard({ nfc, passTypeIdentifier: otherType }));
    expect(issues(refused)).toEqual([["#/nfc", "nfc_certificate_required"]]);
    expect((await tenant.post("/v2/templates", storeCard({ nfc }))).status).toBe(201);
    const malformed = await tenant.post("/v2/templates", storeCard({ passTypeIdentifier: "com.example" }));
    expect(issues(malformed)).toEqual([["#/passTypeIdentifier", "invalid_value"]]);
  });
});
