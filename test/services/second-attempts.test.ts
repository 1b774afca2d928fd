import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { buildContext } from "../../src/context";
import { fromBase64 } from "../../src/db/vault";
import { templateBody } from "../../src/routes/templates.schema";
import { createCertificateRequest } from "../../src/services/apple/certificate-requests";
import { makeDefault } from "../../src/services/apple/certificates";
import { importCertificate } from "../../src/services/apple/import-certificate";
import { issueSandboxCertificate } from "../../src/services/apple/issue-sandbox-certificate";
import { forTenant, type TenantContext } from "../../src/services/context";
import { createKey } from "../../src/services/credentials/create";
import { rotateKey } from "../../src/services/credentials/rotate";
import { checkGoogleAccount } from "../../src/services/google/check-account";
import { underKey } from "../../src/services/idempotency/derive";
import { uploadImage } from "../../src/services/images/upload";
import { createLink } from "../../src/services/links/manage";
import { issuePass } from "../../src/services/passes/issue";
import { patchPass } from "../../src/services/passes/update";
import type { PassView } from "../../src/services/passes/view";
import { allScopes } from "../../src/services/scopes";
import { createTemplate, type TemplateContent } from "../../src/services/templates/create";
import { patchTemplate } from "../../src/services/templates/patch";
import { readTenant } from "../../src/services/tenants/read";
import { call, newPass, newTemplate, newTenant, storeCard, type TestTenant } from "../support/api";
import { fileText } from "../support/apple-files";
import { base64Of, sandboxCertificate, toBase64 } from "../support/certificates";
import { connectGoogle } from "../support/google-account";
import { greyPng } from "../support/png";

/**
 * An attempt under an Idempotency-Key made its change and was not heard of; the next one, under ids and tokens of the
 * same key, changes nothing more, whatever others did meanwhile, and answers what the first one made.
 */

type Json = Record<string, any>;

const began = Date.now();

/** The context of one attempt at a request: the key's ids, but a request and an instant of its own. */
async function attempt(tenant: TestTenant, keyHash: string, number: number): Promise<TenantContext> {
  const base = buildContext(env as unknown as Env, `req_attempt${number}`, began + number * 60_000);
  const actor = { type: "key" as const, id: tenant.keyId };
  return underKey(forTenant(base, await readTenant(base, tenant.id), actor), { keyHash, startedAt: began });
}

/** Every row of the tenant, whole, of both databases. */
async function rowsOf(tenant: TestTenant): Promise<Json> {
  const rows: Json = {};
  for (const [name, db] of Object.entries({ control: env.CONTROL_DB, data: env.DATA_DB })) {
    const { results } = await db
      .prepare("select name from sqlite_master where type = 'table' and sql like '%tenant_id%'")
      .all<{ name: string }>();
    for (const { name: table } of results) {
      const found = await db.prepare(`select * from ${table} where tenant_id = ?`).bind(tenant.id).all();
      rows[`${name}.${table}`] = found.results;
    }
  }
  return rows;
}

interface World {
  tenant: TestTenant;
  /** Of whatever the verb is about. */
  id: string;
  more: Json;
}

interface Verb {
  prepare?: (tenant: TestTenant) => Promise<{ id: string; more?: Json }>;
  run: (ctx: TenantContext, world: World) => Promise<unknown>;
  /** What somebody else does between the attempts. */
  meanwhile?: (world: World, made: any) => Promise<{ status: number }>;
  /** What must be the same in both answers; by default all. */
  same?: (answer: any) => unknown;
  /** What a second answer says after what others did; by default what the first one did. */
  after?: (answer: any, first: any) => void;
  /** The code with which the second attempt is refused after that. */
  refusal?: string;
}

const contentOf = (members: Json = {}): TemplateContent => {
  const { name, status = "active", ...design } = storeCard(members) as Json;
  return { name, status, design } as TemplateContent;
};

const preparedPass = async (tenant: TestTenant) => {
  const pass = await newPass(tenant, { values: { points: 1 } });
  return { id: pass.id as string, more: { pass } };
};

const preparedKey = async (tenant: TestTenant) => {
  const { body } = await tenant.post("/v2/api-keys", { name: "Till", scopes: ["passes:read"] });
  return { id: body.id as string };
};

const preparedTemplate = async (tenant: TestTenant) => ({ id: await newTemplate(tenant) });

const issue = (ctx: TenantContext, templateId: string, upsert: boolean, externalId?: string) =>
  issuePass(
    ctx,
    { templateId, externalId, customer: { id: "c1", name: "Zoë" }, values: { points: 3 }, overrides: {} },
    upsert,
  );

/** Times of a view move with the clock of its request. */
const passOf = ({ view, created }: { view: PassView; created: boolean }) => ({
  pass: view.pass.id,
  links: view.links,
  created,
});

/** The number of its event is known once it is stored, and nobody is told it. */
const shownPass = ({ pass }: PassView) => ({ ...pass, revision: null });

const importInput = async (tenant: TestTenant) => ({
  certificate: toBase64(await sandboxCertificate(tenant, fileText("pass.csr"))),
  privateKey: base64Of("pkcs8.der"),
});

/** The URL leads to a picture in the first attempt only. */
const fetchingOnce = (ctx: TenantContext): TenantContext => ({
  ...ctx,
  fetchPublic: async () =>
    ctx.requestId === "req_attempt1"
      ? { ok: true, bytes: fromBase64(greyPng(32, 32)), mediaType: "image/png" }
      : { ok: false, code: "url_unreachable", detail: "there is nothing at this URL" },
});

const certificateOf = ({ identity }: Json) => identity;

const verbs: Record<string, Verb> = {
  "issue a pass": {
    prepare: preparedTemplate,
    run: (ctx, { id }) => issue(ctx, id, false),
    same: passOf,
    meanwhile: ({ tenant }, { view }) => tenant.patch(`/v2/passes/${view.pass.id}`, { values: { points: 9 } }),
    after: ({ view, created }) => expect([view.pass.fieldValues, created]).toEqual([{ points: 9 }, true]),
  },
  "issue a pass with an externalId": {
    prepare: preparedTemplate,
    run: (ctx, { id }) => issue(ctx, id, false, "card-1"),
    same: passOf,
    meanwhile: ({ tenant }, { view }) => tenant.delete(`/v2/passes/${view.pass.id}`),
    after: ({ view, created }) => expect([view.status, created]).toEqual(["voided", true]),
  },
  "issue a pass of a template that is archived then": {
    prepare: preparedTemplate,
    run: (ctx, { id }) => issue(ctx, id, false),
    same: passOf,
    meanwhile: ({ tenant, id }) => tenant.patch(`/v2/templates/${id}`, { status: "archived" }),
  },
  "upsert a new pass": {
    prepare: preparedTemplate,
    run: (ctx, { id }) => issue(ctx, id, true, "card-1"),
    same: passOf,
    meanwhile: ({ tenant }, { view }) => tenant.patch(`/v2/passes/${view.pass.id}`, { values: { points: 9 } }),
    after: ({ view, created }) => expect([view.pass.fieldValues, created]).toEqual([{ points: 9 }, true]),
  },
  "upsert a pass that is there": {
    prepare: async (tenant) => {
      const id = await newTemplate(tenant);
      return { id, more: { pass: await newPass(tenant, { templateId: id, externalId: "card-1" }) } };
    },
    run: (ctx, { id }) => issue(ctx, id, true, "card-1"),
    same: passOf,
    meanwhile: ({ tenant, more }) => tenant.patch(`/v2/passes/${more.pass.id}`, { values: { points: 9 } }),
    after: ({ view, created }) => expect([view.pass.fieldValues.points, created]).toEqual([9, false]),
  },
  "change a pass": {
    prepare: preparedPass,
    run: (ctx, { id }) => patchPass(ctx, id, { values: { points: 5 } }, null),
    same: shownPass,
    meanwhile: ({ tenant, id }) => tenant.patch(`/v2/passes/${id}`, { values: { points: 9 } }),
    after: ({ pass }) => expect(pass).toMatchObject({ version: 3, fieldValues: { points: 9 } }),
  },
  "change a pass at the version that was seen": {
    prepare: preparedPass,
    run: (ctx, { id }) => patchPass(ctx, id, { values: { points: 5 } }, 1),
    same: shownPass,
    meanwhile: ({ tenant, id }) => tenant.delete(`/v2/passes/${id}`),
    after: ({ status }) => expect(status).toBe("voided"),
  },
  "change the customer of a pass": {
    prepare: async (tenant) => ({ id: (await newPass(tenant, { customer: { id: "c1", name: "Zoë" } })).id }),
    run: (ctx, { id }) => patchPass(ctx, id, { customer: { id: "c1", name: "Zora" } }, null),
    same: (view) => ({ pass: shownPass(view), customer: view.customer }),
    meanwhile: ({ tenant, id }) => tenant.patch(`/v2/passes/${id}`, { customer: { id: "c1", name: "Zita" } }),
    after: ({ customer }) => expect(customer.name).toBe("Zita"),
  },
  "make a template": {
    run: (ctx) => createTemplate(ctx, contentOf()),
    same: ({ template, design }) => ({ template, design }),
    meanwhile: ({ tenant }, { template }) => tenant.patch(`/v2/templates/${template.id}`, { name: "Renamed" }),
    after: ({ template }, first) => expect(template).toMatchObject({ id: first.template.id, name: "Renamed" }),
  },
  "make a template that is deleted then": {
    run: (ctx) => createTemplate(ctx, contentOf()),
    same: ({ template, design }) => ({ template, design }),
    meanwhile: ({ tenant }, { template }) => tenant.delete(`/v2/templates/${template.id}`),
    refusal: "idempotency_key_reused",
  },
  "change a template that is deleted then": {
    prepare: preparedTemplate,
    run: (ctx, { id }) => patchTemplate(ctx, id, { description: "Mine" }, templateBody as never),
    same: ({ template, design }) => ({ template, design }),
    meanwhile: ({ tenant, id }) => tenant.delete(`/v2/templates/${id}`),
    refusal: "not_found",
  },
  "change a template": {
    prepare: preparedTemplate,
    run: (ctx, { id }) => patchTemplate(ctx, id, { description: "Mine" }, templateBody as never),
    same: ({ template, design }) => ({ template, design }),
    meanwhile: ({ tenant, id }) => tenant.patch(`/v2/templates/${id}`, { description: "Theirs" }),
    after: ({ design }) => expect(design.description).toBe("Theirs"),
  },
  "make a link": {
    prepare: preparedPass,
    run: (ctx, { id }) => createLink(ctx, id),
    same: ({ pass, links }) => ({ pass, links }),
    meanwhile: ({ tenant, id }) => tenant.delete(`/v2/passes/${id}`),
    after: ({ pass }, first) => expect(pass.linkToken).toBe(first.pass.linkToken),
  },
  "make a link that a newer one follows": {
    prepare: preparedPass,
    run: (ctx, { id }) => createLink(ctx, id),
    same: ({ pass, links }) => ({ pass, links }),
    meanwhile: ({ tenant, id }) => tenant.post(`/v2/passes/${id}/links`),
  },
  "make a link that is revoked then": {
    prepare: preparedPass,
    run: (ctx, { id }) => createLink(ctx, id),
    same: ({ pass, links }) => ({ pass, links }),
    meanwhile: ({ tenant }, { pass }) => tenant.delete(`/v2/links/${pass.linkToken}`),
  },
  "make a key": {
    run: (ctx) => createKey(ctx, allScopes, { name: "Till", scopes: ["passes:read"], expiresAt: began + 90_000 }),
    meanwhile: ({ tenant }, { row }) => tenant.delete(`/v2/api-keys/${row.id}`),
    after: ({ token, row }, first) => {
      expect([token, row.id]).toEqual([first.token, first.row.id]);
      expect(row.revokedAt).not.toBeNull();
    },
  },
  "rotate a key": {
    prepare: preparedKey,
    run: (ctx, { id }) => rotateKey(ctx, allScopes, id, 86_400),
    meanwhile: ({ tenant, id }) => tenant.delete(`/v2/api-keys/${id}`),
  },
  "rotate a key at once": {
    prepare: preparedKey,
    run: (ctx, { id }) => rotateKey(ctx, allScopes, id, 0),
    meanwhile: ({ tenant, id }) => tenant.post(`/v2/api-keys/${id}/rotate`, { windowSeconds: 0 }),
  },
  "upload an image": {
    run: (ctx) => uploadImage(ctx, { data: greyPng(30, 30) }, { personal: false }),
    meanwhile: ({ tenant }, { image }) => tenant.delete(`/v2/images/${image.row.id}`),
    refusal: "idempotency_key_reused",
  },
  "upload an image from a URL that is gone then": {
    run: (ctx) => uploadImage(fetchingOnce(ctx), { url: "https://pictures.example/a.png" }, { personal: false }),
    meanwhile: ({ tenant }, { image }) =>
      tenant.post("/v2/templates", storeCard({ images: { icon: image.row.id, logo: image.row.id } })),
    after: ({ image, isNew }, first) => expect([image.url, isNew]).toEqual([first.image.url, true]),
  },
  "upload an image from a URL, which is deleted then": {
    run: (ctx) => uploadImage(fetchingOnce(ctx), { url: "https://pictures.example/a.png" }, { personal: false }),
    meanwhile: ({ tenant }, { image }) => tenant.delete(`/v2/images/${image.row.id}`),
    refusal: "idempotency_key_reused",
  },
  "ask for a certificate": {
    run: (ctx) => createCertificateRequest(ctx, { commonName: "Fern" }),
    meanwhile: ({ tenant }, { id }) => tenant.delete(`/v2/apple/certificate-requests/${id}`),
    refusal: "idempotency_key_reused",
  },
  "import a certificate": {
    prepare: async (tenant) => ({ id: "", more: await importInput(tenant) }),
    run: (ctx, { more }) => importCertificate(ctx, more),
    same: certificateOf,
    meanwhile: async ({ tenant }) => tenant.post("/v2/apple/certificates", await importInput(tenant)),
    after: ({ identity }, first) => expect(identity.certificate).not.toBe(first.identity.certificate),
  },
  "import a certificate that is removed then": {
    prepare: async (tenant) => ({ id: "", more: await importInput(tenant) }),
    run: (ctx, { more }) => importCertificate(ctx, more),
    same: certificateOf,
    meanwhile: ({ tenant }, { identity }) => tenant.delete(`/v2/apple/certificates/${identity.passTypeIdentifier}`),
    refusal: "idempotency_key_reused",
  },
  "choose the default certificate": {
    prepare: async (tenant) => {
      await newTemplate(tenant);
      const { status, body, text } = await tenant.post("/v2/apple/certificates", await importInput(tenant));
      expect(status, text).toBe(201);
      expect(body.default).toBe(false);
      return { id: body.passTypeIdentifier };
    },
    run: (ctx, { id }) => makeDefault(ctx, id),
    same: certificateOf,
    meanwhile: ({ tenant }) =>
      tenant.patch(`/v2/apple/certificates/pass.sandbox.wepass.${tenant.code.toLowerCase()}`, { default: true }),
    after: ({ identity }) => expect(identity.isDefault).toBe(false),
  },
  "issue a certificate of the sandbox": {
    run: (ctx) =>
      issueSandboxCertificate(ctx, {
        csr: fileText("pass.csr"),
        passTypeIdentifier: "pass.com.example.fern",
        nfc: false,
        days: 30,
      }),
    // Nothing of it is kept, so each attempt makes one.
    same: (der: Uint8Array) => der.length > 0,
  },
  "check the account at Google": {
    prepare: async (tenant) => ({ id: (await connectGoogle(tenant)).issuerId }),
    run: (ctx) => checkGoogleAccount(ctx),
    same: ({ ok, findings }) => ({ ok, findings }),
  },
};

async function newWorld({ prepare }: Verb): Promise<World> {
  const tenant = await newTenant();
  const { id = "", more = {} } = (await prepare?.(tenant)) ?? {};
  return { tenant, id, more };
}

describe("a second attempt under an Idempotency-Key", { timeout: 30_000 }, () => {
  for (const [name, verb] of Object.entries(verbs)) {
    const { run, same = (answer) => answer } = verb;

    it(`R217 to ${name} changes nothing more, and answers the same`, async () => {
      const world = await newWorld(verb);
      const before = await rowsOf(world.tenant);
      const first = await run(await attempt(world.tenant, "one", 1), world);
      const made = await rowsOf(world.tenant);
      expect(made).not.toEqual(before);
      const second = await run(await attempt(world.tenant, "one", 2), world);
      expect(same(second)).toEqual(same(first));
      expect(await rowsOf(world.tenant)).toEqual(made);
    });

    const {
      meanwhile,
      refusal,
      after = (answer: unknown, first: unknown) => expect(same(answer)).toEqual(same(first)),
    } = verb;
    if (!meanwhile) continue;
    it(`R217 to ${name} leaves alone what others changed meanwhile`, async () => {
      const world = await newWorld(verb);
      const first = await run(await attempt(world.tenant, "one", 1), world);
      const changed = await meanwhile(world, first);
      expect(changed.status).toBeLessThan(300);
      const left = await rowsOf(world.tenant);
      const second = run(await attempt(world.tenant, "one", 2), world);
      if (refusal === undefined) after(await second, first);
      else await expect(second).rejects.toMatchObject({ code: refusal });
      expect(await rowsOf(world.tenant)).toEqual(left);
    });
  }

  it("R217 completes an upload whose row is there and whose picture is not", async () => {
    const world = await newWorld({ run: async () => {} });
    const upload = async (number: number) =>
      uploadImage(await attempt(world.tenant, "one", number), { data: greyPng(31, 31) }, { personal: false });
    const { image } = await upload(1);
    await env.FILES.delete(`${world.tenant.code}/images/${image.row.id}.png`);
    expect(await upload(2)).toMatchObject({ isNew: true, image: { url: image.url } });
    expect((await call("GET", `/images/${world.tenant.code}/${image.row.id}.png`)).status).toBe(200);
  });

  it("R217 does not pass an upload off as done whose picture is not there, and whose URL is gone", async () => {
    const { tenant } = await newWorld({ run: async () => {} });
    const upload = async (number: number) =>
      uploadImage(
        fetchingOnce(await attempt(tenant, "one", number)),
        { url: "https://pictures.example/a.png" },
        { personal: false },
      );
    const { image } = await upload(1);
    await env.FILES.delete(`${tenant.code}/images/${image.row.id}.png`);
    await expect(upload(2)).rejects.toMatchObject({ code: "idempotency_key_reused" });
  });

  it("R217 is told from another request: under another key, and without one, everything is made again", async () => {
    const { tenant, id } = await newWorld({ prepare: preparedPass, run: async () => {} });
    const plain = async (number: number) => {
      const base = buildContext(env as unknown as Env, `req_plain${number}`, began + number);
      return forTenant(base, await readTenant(base, tenant.id), { type: "key", id: tenant.keyId });
    };
    const contexts = [await attempt(tenant, "one", 1), await attempt(tenant, "two", 1), await plain(1), await plain(2)];
    const tokens = new Set<unknown>();
    for (const ctx of contexts) tokens.add((await createLink(ctx, id)).pass.linkToken);
    expect(tokens.size).toBe(4);
    const links = (await rowsOf(tenant))["data.links"] as unknown[];
    expect(links).toHaveLength(5);
  });

  it("R217 refuses what the first attempt did not make", async () => {
    const { tenant, id } = await newWorld({ prepare: preparedPass, run: async () => {} });
    await tenant.delete(`/v2/passes/${id}`);
    const refused = async (number: number) => createLink(await attempt(tenant, "one", number), id);
    await expect(refused(1)).rejects.toMatchObject({ code: "pass_voided" });
    await expect(refused(2)).rejects.toMatchObject({ code: "pass_voided" });
  });
});
