import { env } from "cloudflare:workers";
import { strFromU8, unzipSync } from "fflate";
import { createHash } from "node:crypto";
import { afterEach, describe, expect, it, vi } from "vitest";
import { call, newPass, newTemplate, newTenant, pixel, type Answer, type TestTenant } from "../support/api";

type Json = Record<string, any>;

afterEach(() => {
  vi.useRealTimers();
});

/** Rows of the tenant in every table that has any, and its objects in R2. */
async function everythingStored(tenant: TestTenant): Promise<Record<string, number>> {
  const { results: tables } = await env.DATA_DB.prepare(
    "select name from sqlite_master where type = 'table' and sql like '%tenant_id%'",
  ).all<{ name: string }>();
  const counts: Record<string, number> = {};
  for (const { name } of tables) {
    const row = await env.DATA_DB.prepare(`select count(*) as rows from ${name} where tenant_id = ?`)
      .bind(tenant.id)
      .first<{ rows: number }>();
    counts[name] = row!.rows;
  }
  const { objects } = await env.FILES.list({ prefix: `${tenant.code}/` });
  return { ...counts, files: objects.length };
}

const issues = (answer: Answer): [string, string][] =>
  answer.body.errors.map(({ pointer, code }: Json) => [pointer, code]);

interface Package {
  files: Record<string, Uint8Array>;
  pass: Json;
}

/** Opens a `.pkpass` and holds its manifest against its files. */
function openPackage(bytes: Uint8Array): Package {
  const files = unzipSync(bytes);
  const { "manifest.json": manifest, signature, ...rest } = files;
  const hashes = Object.fromEntries(
    Object.entries(rest).map(([path, file]) => [path, createHash("sha1").update(file).digest("hex")]),
  );
  expect(JSON.parse(strFromU8(manifest!))).toEqual(hashes);
  expect(signature![0]).toBe(0x30);
  return { files, pass: JSON.parse(strFromU8(files["pass.json"]!)) };
}

async function download(tenant: TestTenant, passId: string): Promise<Package> {
  const answer = await tenant.get(`/v2/passes/${passId}/pkpass`);
  expect(answer.status, answer.text).toBe(200);
  return openPackage(answer.bytes);
}

function nulls(value: unknown): number {
  if (value === null) return 1;
  return typeof value === "object" ? Object.values(value!).reduce((sum: number, item) => sum + nulls(item), 0) : 0;
}

const allFields = (pass: Json): Json[] =>
  ["headerFields", "primaryFields", "secondaryFields", "auxiliaryFields", "backFields"].flatMap(
    (group) => (Object.values(pass).find((member) => member?.[group]) as Json | undefined)?.[group] ?? [],
  );

const fieldOf = (pass: Json, key: string): Json | undefined => allFields(pass).find((field) => field.key === key);

describe("issuing passes", () => {
  it("R071 R075 R073 R086 makes a pass and answers its id, its links and its customer", async () => {
    const tenant = await newTenant();
    const templateId = await newTemplate(tenant);
    const { status, body } = await tenant.post("/v2/passes", {
      templateId,
      externalId: "card-1",
      customer: {
        id: "member-1",
        name: "Zoë Winter",
        email: "zoe@example.com",
        phone: "+493012345678",
        segments: ["vip"],
      },
      values: { member: "Zoë Winter", points: 1200 },
    });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      object: "pass",
      serialNumber: body.id,
      externalId: "card-1",
      templateId,
      templateVersion: 1,
      status: "active",
      version: 1,
      values: { member: "Zoë Winter", points: 1200 },
      overrides: {},
      customerId: "member-1",
      customer: {
        id: "member-1",
        name: "Zoë Winter",
        email: "zoe@example.com",
        phone: "+493012345678",
        segments: ["vip"],
      },
      expiresAt: null,
      voidedAt: null,
    });
    expect(body.links.page).toMatch(new RegExp(`^https://api\\.example\\.com/p/${tenant.code}[0-9A-Za-z]{16}$`));
    expect(body.links).toEqual({
      page: body.links.page,
      apple: `${body.links.page}/apple`,
      google: `${body.links.page}/google`,
    });
    expect((await tenant.get(`/v2/passes/${body.id}`)).body).toEqual(body);
    const { body: events } = await tenant.get("/v2/events");
    expect(events.data[0]).toMatchObject({
      type: "pass.created",
      passId: body.id,
      templateId,
      data: { version: 1 },
      actor: tenant.keyId,
    });
  });

  it("R077 R108 gives ids of 80 random bits, link tokens of 95 and authentication tokens of 190", async () => {
    const tenant = await newTenant();
    const templateId = await newTemplate(tenant);
    const passes = [];
    for (let count = 0; count < 40; count += 1) passes.push(await newPass(tenant, { templateId }));
    const { results } = await env.DATA_DB.prepare(
      "select authentication_token as token from passes where tenant_id = ?",
    )
      .bind(tenant.id)
      .all<{ token: string }>();
    const random = {
      ids: passes.map(({ id }) => id.slice(-16)),
      links: passes.map(({ links }) => links.page.slice(-16)),
      tokens: results.map(({ token }) => token),
    };
    const alphabets = { ids: /^[0-9A-HJKMNP-TV-Z]{16}$/, links: /^[0-9A-Za-z]{16}$/, tokens: /^[0-9A-Za-z]{32}$/ };
    for (const [kind, texts] of Object.entries(random) as [keyof typeof random, string[]][]) {
      expect(new Set(texts).size, kind).toBe(40);
      for (const text of texts) expect(text, kind).toMatch(alphabets[kind]);
      // Each place varies: 40 draws from 32 or 62 characters show at least 15 of them but for odds below 10⁻⁹.
      for (let place = 0; place < texts[0]!.length; place += 1) {
        expect(new Set(texts.map((text) => text[place])).size, `${kind}, place ${place}`).toBeGreaterThanOrEqual(15);
      }
    }
    expect(5 * 16).toBeGreaterThanOrEqual(80);
    expect(Math.log2(62) * 16).toBeGreaterThan(95);
  });

  it("R072 R145 R223 R221 lists every wrong member of one request, each by its pointer, and stores nothing", async () => {
    const tenant = await newTenant();
    const templateId = await newTemplate(tenant, {
      fields: [
        { key: "points", type: "number", position: "header" },
        { key: "member", type: "text", position: "secondary", required: true },
        { key: "starts", type: "dateTime", position: "back" },
        { key: "site", type: "url", position: "back", value: "https://example.com/" },
        { key: "tier", type: "text", position: "back", expression: "'Gold'" },
      ],
    });
    const before = await everythingStored(tenant);
    const refused = await tenant.post("/v2/passes", {
      templateId,
      values: {
        points: "many",
        nobody: "x",
        starts: "2026-05-01T18:30:00",
        site: "https://example.org/",
        tier: "Silver",
      },
      sparkles: true,
      customer: { id: "m", phone: "030 1234", email: "nobody", shoe: 42 },
      overrides: {
        expiresAt: "2026-05-01T18:30:00",
        locations: Array.from({ length: 11 }, () => ({ latitude: 1, longitude: 1 })),
        fonts: {},
      },
    });
    expect(refused.status).toBe(400);
    expect(refused.body.code).toBe("validation_error");
    expect(Object.fromEntries(issues(refused))).toEqual({
      "#/sparkles": "unknown_member",
      "#/customer/phone": "invalid_value",
      "#/customer/email": "invalid_value",
      "#/customer/shoe": "unknown_member",
      "#/overrides/expiresAt": "invalid_value",
      "#/overrides/locations": "too_big",
      "#/overrides/fonts": "unknown_member",
      "#/values/points": "wrong_type",
      "#/values/nobody": "unknown_field",
      "#/values/starts": "wrong_type",
      "#/values/site": "not_settable",
      "#/values/tier": "not_settable",
      "#/values/member": "missing_value",
    });
    expect(refused.body.errors).toHaveLength(13);
    expect(await everythingStored(tenant)).toEqual(before);
  });

  it("R072 lists every wrong value of a request whose shape is right, and stores nothing", async () => {
    const tenant = await newTenant();
    const templateId = await newTemplate(tenant, {
      fields: [
        { key: "number", type: "number", position: "back" },
        { key: "money", type: "currency", currencyCode: "EUR", position: "back" },
        { key: "rate", type: "percent", position: "back" },
        { key: "day", type: "date", position: "back" },
        { key: "clock", type: "time", position: "back" },
        { key: "instant", type: "dateTime", position: "back" },
        { key: "link", type: "url", position: "back" },
        { key: "mail", type: "email", position: "back" },
        { key: "call", type: "phone", position: "back" },
        { key: "word", type: "text", position: "back", required: true },
      ],
    });
    const before = await everythingStored(tenant);
    const wrong = {
      number: "1",
      money: "12.50 €",
      rate: "25 %",
      day: "2026-02-30",
      clock: "24:00",
      instant: "2026-05-01 18:30",
      link: "javascript:alert(1)",
      mail: "zoe",
      call: "call me",
      "ü/~ key": "x",
    };
    const refused = await tenant.post("/v2/passes", { templateId, values: wrong });
    expect(refused.status).toBe(400);
    expect(issues(refused)).toEqual([
      ...Object.keys(wrong)
        .slice(0, 9)
        .map((key) => [`#/values/${key}`, "wrong_type"]),
      ["#/values/%C3%BC~1~0%20key", "unknown_field"],
      ["#/values/word", "missing_value"],
    ]);
    expect(await everythingStored(tenant)).toEqual(before);
  });

  it("R223 takes times with any offset and refuses ambiguous ones", async () => {
    const tenant = await newTenant();
    const templateId = await newTemplate(tenant, { fields: [{ key: "at", type: "dateTime", position: "back" }] });
    for (const at of [
      "2026-05-01T18:30:00Z",
      "2026-05-01T18:30:00+02:00",
      "2026-05-01T18:30-09:30",
      "2026-05-01T18:30:00.123456Z",
    ]) {
      expect((await tenant.post("/v2/passes", { templateId, values: { at } })).status, at).toBe(201);
    }
    for (const at of [
      "2026-05-01T18:30:00",
      "2026-05-01",
      "01/05/2026 18:30",
      "2026-02-29T10:00:00Z",
      "2026-05-01T25:00:00Z",
      "2026-05-01T18:30:00+25:00",
      "",
    ]) {
      const refused = await tenant.post("/v2/passes", { templateId, values: { at } });
      expect(refused.status, at).toBe(400);
      expect(issues(refused)).toEqual([["#/values/at", "wrong_type"]]);
    }
  });

  it("R145 takes ten locations", async () => {
    const tenant = await newTenant();
    const locations = Array.from({ length: 10 }, (_, index) => ({ latitude: index, longitude: -index }));
    const pass = await newPass(tenant, { overrides: { locations } });
    expect((await download(tenant, pass.id)).pass.locations).toEqual(
      locations.map(({ latitude, longitude }) => ({ latitude, longitude: longitude + 0 })),
    );
  });
});

describe("externalId", () => {
  it("R071 refuses a second pass of the same externalId and names the first", async () => {
    const tenant = await newTenant();
    const templateId = await newTemplate(tenant);
    const first = await newPass(tenant, { templateId, externalId: "card-1", customer: { id: "first" } });
    const before = await everythingStored(tenant);
    const refused = await tenant.post("/v2/passes", { templateId, externalId: "card-1", customer: { id: "second" } });
    expect(refused.status).toBe(409);
    expect(refused.body).toMatchObject({ code: "external_id_taken", passId: first.id });
    expect(refused.body.detail).toContain(first.id);
    expect(await everythingStored(tenant)).toEqual(before);
    const otherTemplate = await newTemplate(tenant);
    expect((await tenant.post("/v2/passes", { templateId: otherTemplate, externalId: "card-1" })).status).toBe(201);
    const otherTenant = await newTenant();
    await newPass(otherTenant, { externalId: "card-1" });
  });

  it("R005 with upsert=true replaces the content and answers 200; without a taken one it issues", async () => {
    const tenant = await newTenant();
    const templateId = await newTemplate(tenant);
    const made = await tenant.post("/v2/passes?upsert=true", {
      templateId,
      externalId: "card-1",
      values: { member: "Zoë", points: 5 },
      overrides: { logoText: "Gold" },
      customer: { id: "member-1" },
    });
    expect(made.status).toBe(201);
    const replaced = await tenant.post("/v2/passes?upsert=true", {
      templateId,
      externalId: "card-1",
      values: { points: 6 },
    });
    expect(replaced.status).toBe(200);
    expect(replaced.body).toMatchObject({
      id: made.body.id,
      version: 2,
      values: { points: 6 },
      overrides: {},
      customerId: null,
      links: made.body.links,
      createdAt: made.body.createdAt,
    });
    const same = await tenant.post("/v2/passes?upsert=true", {
      templateId,
      externalId: "card-1",
      values: { points: 6 },
    });
    expect(same.status).toBe(200);
    expect(same.body).toMatchObject({ version: 2, updatedAt: replaced.body.updatedAt });
    expect((await everythingStored(tenant)).passes).toBe(1);
    expect((await tenant.post("/v2/passes?upsert=yes", { templateId })).body.errors[0].pointer).toBe("#/upsert");
  });

  it("is free again once its pass is voided", async () => {
    const tenant = await newTenant();
    const templateId = await newTemplate(tenant);
    const ids: string[] = [];
    for (let round = 0; round < 3; round += 1) {
      const pass = await newPass(tenant, { templateId, externalId: "card-1" });
      await tenant.delete(`/v2/passes/${pass.id}`);
      ids.push(pass.id);
    }
    const upserted = await tenant.post("/v2/passes?upsert=true", { templateId, externalId: "card-1" });
    expect(upserted.status).toBe(201);
    const { body } = await tenant.get("/v2/passes?externalId=card-1");
    expect(body.data[0]).toMatchObject({ id: upserted.body.id, status: "active" });
    expect(body.data.slice(1).map(({ id }: Json) => id)).toEqual(ids.toSorted());
  });

  it("makes exactly one pass of 20 parallel requests with the same externalId", async () => {
    const tenant = await newTenant();
    const templateId = await newTemplate(tenant);
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, points) =>
        tenant.post("/v2/passes", { templateId, externalId: "card-1", values: { points } }),
      ),
    );
    const made = answers.filter(({ status }) => status === 201);
    expect(made).toHaveLength(1);
    for (const { status, body } of answers) {
      if (status === 201) continue;
      expect(status).toBe(409);
      expect(body.passId).toBe(made[0]!.body.id);
    }
    expect(await everythingStored(tenant)).toMatchObject({ passes: 1, links: 1, pass_versions: 0, events: 2 });
    expect((await tenant.get("/v2/account")).body.usage.passesIssued).toBe(1);
  });

  it("R005 makes exactly one pass of 10 parallel upserts, and keeps one of their contents whole", async () => {
    const tenant = await newTenant();
    const templateId = await newTemplate(tenant);
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, at) =>
        tenant.post("/v2/passes?upsert=true", {
          templateId,
          externalId: "card-1",
          values: { points: at + 1, member: `M${at + 1}` },
        }),
      ),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([...Array.from({ length: 9 }, () => 200), 201]);
    const { body } = await tenant.get("/v2/passes?externalId=card-1");
    expect(body.data).toHaveLength(1);
    const [{ version, values }] = body.data;
    expect(version).toBe(10);
    expect(values.member).toBe(`M${values.points}`);
  });
});

describe("customers of passes", () => {
  it("R073 makes the customer with the first pass, and merges what later ones bring", async () => {
    const tenant = await newTenant();
    const templateId = await newTemplate(tenant);
    const first = await newPass(tenant, {
      templateId,
      customer: { id: "m1", name: "Zoë", email: "zoe@example.com", segments: ["vip"] },
    });
    const empty = { phone: null, postalCode: null, countryCode: null };
    const known = { ...empty, id: "m1", name: "Zoë", email: "zoe@example.com", segments: ["vip"] };
    expect(first.customer).toEqual(known);
    const reached = { phone: "+493012345678", postalCode: "10115", countryCode: "DE" };
    const second = await newPass(tenant, { templateId, customer: { id: "m1", ...reached } });
    const merged = { ...known, ...reached };
    expect(second.customer).toEqual(merged);
    const same = await newPass(tenant, { templateId, customer: { id: "m1", ...reached } });
    expect(same.customer).toEqual(merged);
    const third = await newPass(tenant, { templateId, customer: { id: "m1", segments: [], name: "Zoë Winter" } });
    expect(third.customer).toEqual({ ...merged, name: "Zoë Winter", segments: [] });
    expect((await tenant.get(`/v2/passes/${first.id}`)).body.customer).toEqual(third.customer);
    expect((await everythingStored(tenant)).customers).toBe(1);
    expect((await tenant.get("/v2/passes?customerId=m1")).body.data).toHaveLength(4);
    const other = await newTenant();
    expect((await newPass(other, { customer: { id: "m1" } })).customer).toMatchObject({ name: null, email: null });
  });

  it("R073 takes phone numbers in E.164 only", async () => {
    const tenant = await newTenant();
    const templateId = await newTemplate(tenant);
    for (const phone of ["+493012345678", "+12025550123"])
      await newPass(tenant, { templateId, customer: { id: phone, phone } });
    for (const phone of ["030 12345678", "+49 30 12345678", "0049301234567", "+0123456789", "+1234567890123456", ""]) {
      const refused = await tenant.post("/v2/passes", { templateId, customer: { id: "m", phone } });
      expect(refused.status, phone).toBe(400);
      expect(issues(refused), phone).toEqual([["#/customer/phone", "invalid_value"]]);
    }
    expect((await everythingStored(tenant)).customers).toBe(2);
  });
});

describe("what one pass has of its own", () => {
  it("R080 R081 R083 takes a barcode at creation and fills its placeholders in", async () => {
    const tenant = await newTenant();
    const templateId = await newTemplate(tenant);
    const pass = await newPass(tenant, {
      templateId,
      externalId: "tx-77",
      customer: { id: "m1" },
      values: { member: "Zoë", points: 42 },
      overrides: {
        barcode: {
          format: "aztec",
          message: "{{pass.id}}|{{customer.id}}|{{pass.externalId}}|{{ points }}|{{pass.serialNumber}}",
          altText: "{{member}}",
        },
      },
    });
    const { pass: file } = await download(tenant, pass.id);
    const expected = {
      format: "PKBarcodeFormatAztec",
      message: `${pass.id}|m1|tx-77|42|${pass.id}`,
      messageEncoding: "iso-8859-1",
      altText: "Zoë",
    };
    expect(file.barcodes).toEqual([expected]);
    expect(file.barcode).toEqual(expected);
    const plain = await newPass(tenant, { templateId });
    expect((await download(tenant, plain.id)).pass.barcodes[0]).toMatchObject({
      format: "PKBarcodeFormatQR",
      message: plain.id,
    });
  });

  it("R082 draws the barcode into the preview, and refuses a message that it cannot draw", async () => {
    const tenant = await newTenant();
    const templateId = await newTemplate(tenant);
    const pass = await newPass(tenant, {
      templateId,
      overrides: { barcode: { format: "ean13", message: "590123412345" } },
    });
    expect((await tenant.get(`/v2/passes/${pass.id}/preview`)).text).toContain("<svg");
    const bad = [
      [{ format: "ean13", message: "12" }, "#/overrides/barcode/message"],
      [{ format: "code128", message: "Zoë" }, "#/overrides/barcode/message"],
      [{ format: "qr", message: "{{pass.externalId}}" }, "#/overrides/barcode/message"],
      [{ format: "qr", message: "Zoë", encoding: "us-ascii" }, "#/overrides/barcode/message"],
      [{ format: "hieroglyph", message: "x" }, "#/overrides/barcode/format"],
    ] as const;
    for (const [barcode, pointer] of bad) {
      const refused = await tenant.post("/v2/passes", { templateId, overrides: { barcode } });
      expect(refused.status, barcode.message).toBe(400);
      expect(issues(refused).map(([at]) => at)).toEqual([pointer]);
    }
  });

  it("R086 R088 R089 R090 R091 takes texts, colours, messages, an expiry, places and dates of its own", async () => {
    const tenant = await newTenant();
    const templateId = await newTemplate(tenant, {
      logoText: "Everybody",
      colors: { background: "#000000", foreground: "#ffffff" },
      locations: [{ latitude: 1, longitude: 1 }],
      expiration: { type: "fixed", at: "2040-01-01T00:00:00Z" },
      userInfo: { of: "template" },
    });
    const pass = await newPass(tenant, {
      templateId,
      values: { member: "Gold", points: 7 },
      overrides: {
        logoText: "Zoë",
        colors: { background: "#f00", label: "rgb(0,0,255)" },
        expiresAt: "2030-06-01T12:00:00+02:00",
        locations: [{ latitude: 48.1, longitude: 11.5, relevantText: "Your club" }],
        relevantDates: [{ date: "2030-05-01T10:00:00Z" }],
        semantics: { eventName: "For {{member}}" },
        userInfo: { of: "pass" },
      },
    });
    expect(pass.overrides.colors).toEqual({ background: "#ff0000", label: "#0000ff" });
    expect(pass.expiresAt).toBe("2030-06-01T10:00:00.000Z");
    const { pass: file } = await download(tenant, pass.id);
    expect(file).toMatchObject({
      logoText: "Zoë",
      backgroundColor: "rgb(255, 0, 0)",
      foregroundColor: "rgb(255, 255, 255)",
      labelColor: "rgb(0, 0, 255)",
      expirationDate: "2030-06-01T12:00:00+02:00",
      locations: [{ latitude: 48.1, longitude: 11.5, relevantText: "Your club" }],
      relevantDate: "2030-05-01T10:00:00Z",
      semantics: { eventName: "For Gold" },
      userInfo: { of: "pass" },
    });
    expect(fieldOf(file, "points")).toMatchObject({ value: 7 });
    const plain = await download(tenant, (await newPass(tenant, { templateId })).id);
    expect(plain.pass).toMatchObject({
      logoText: "Everybody",
      expirationDate: "2040-01-01T00:00:00Z",
      userInfo: { of: "template" },
    });
  });
});

const awkward = {
  script: "<script>alert('x')</script>",
  entities: "Fern & Finch \"quoted\" 'single' &amp; </style><!-- `${x}` --> \\ / %@ {{points}}",
  emoji: "👩‍👩‍👧‍👦 🇩🇪 👍🏽 ⚡️ 𝒵ö́ë",
  rtl: "مرحبا بالعالم שלום עולם \u202b",
  cjk: "日本語 中文 한국어 ไทย हिन्दी",
  lines: "first\nsecond\r\n\tthird\u2028fourth",
  empty: "",
};

describe("what survives into the wallet", () => {
  it("R224 R245 special characters, emoji and right-to-left text reach pass.json as they were sent", async () => {
    const tenant = await newTenant();
    const templateId = await newTemplate(tenant, {
      organizationName: `Org ${awkward.script}${awkward.emoji}`,
      description: awkward.rtl,
      logoText: awkward.cjk,
      fields: [
        ...Object.keys(awkward).map((key) => ({
          key,
          type: "text",
          position: "back",
          label: `${key} ${awkward.entities}`,
        })),
        { key: "still", type: "text", position: "back", value: awkward.entities },
      ],
      localizations: { ar: { [awkward.cjk]: awkward.rtl } },
    });
    const pass = await newPass(tenant, {
      templateId,
      values: awkward,
      overrides: { userInfo: { ...awkward } },
      externalId: awkward.emoji,
      customer: { id: awkward.rtl, name: awkward.script },
    });
    expect(pass).toMatchObject({
      values: awkward,
      externalId: awkward.emoji,
      customerId: awkward.rtl,
      customer: { name: awkward.script },
    });
    const { pass: file, files } = await download(tenant, pass.id);
    expect(file).toMatchObject({
      organizationName: `Org ${awkward.script}${awkward.emoji}`,
      description: awkward.rtl,
      logoText: awkward.cjk,
      userInfo: awkward,
    });
    for (const [key, value] of Object.entries(awkward)) {
      expect(fieldOf(file, key), key).toMatchObject({ value, label: `${key} ${awkward.entities}` });
    }
    expect(fieldOf(file, "still")).toMatchObject({ value: awkward.entities });
    const strings = new TextDecoder("utf-16le").decode(files["ar.lproj/pass.strings"]);
    expect(strings).toContain(`"${awkward.cjk}" = "${awkward.rtl}";`);
    expect((await tenant.get(`/v2/passes?externalId=${encodeURIComponent(awkward.emoji)}`)).body.data).toHaveLength(1);
    expect((await tenant.get(`/v2/passes?customerId=${encodeURIComponent(awkward.rtl)}`)).body.data).toHaveLength(1);
  });

  it("R224 R245 pages escape every text of template and pass", async () => {
    const tenant = await newTenant({ name: awkward.script });
    const script = (where: string) => `<script>${where}</script>"'<img src=x onerror=alert(1)>`;
    const templateId = await newTemplate(tenant, {
      name: script("name"),
      organizationName: script("organization"),
      description: script("description"),
      logoText: script("logo"),
      fields: [
        { key: "head", type: "text", position: "header", label: script("label") },
        { key: "main", type: "text", position: "primary" },
        { key: "side", type: "text", position: "secondary", value: script("static") },
        { key: "made", type: "text", position: "auxiliary", expression: "head + '<script>computed</script>'" },
        { key: "rear", type: "text", position: "back" },
        { key: "mail", type: "email", position: "back" },
        { key: "site", type: "url", position: "back" },
      ],
      barcode: { format: "qr", message: "{{head}}", altText: "{{head}}" },
      localizations: { de: { [script("label")]: script("translated") } },
    });
    const pass = await newPass(tenant, {
      templateId,
      externalId: script("external"),
      customer: { id: script("customer"), name: script("customer") },
      values: {
        head: script("head"),
        main: script("main"),
        rear: script("rear"),
        mail: '"><script>@x.de',
        site: 'https://x.de/?"><script>',
      },
    });
    const pages = {
      preview: await tenant.get(`/v2/passes/${pass.id}/preview`),
      german: await tenant.get(`/v2/passes/${pass.id}/preview?language=de`),
      language: await tenant.get(`/v2/passes/${pass.id}/preview?language=${encodeURIComponent('"><script>')}`),
      page: await call("GET", new URL(pass.links.page).pathname),
    };
    for (const [name, { status, text, headers }] of Object.entries(pages)) {
      expect(status, name).toBe(200);
      expect(headers.get("content-type"), name).toMatch(/^text\/html; ?charset=utf-8$/i);
      expect(text.match(/<(script|img src=x)/g), name).toBeNull();
      for (const where of ["organization", "description", "logo", "head", "main", "static", "computed", "rear"]) {
        if (where !== "organization") expect(text, `${where} on ${name}`).toContain(`&lt;script&gt;${where}`);
      }
    }
    expect(pages.german.text).toContain("&lt;script&gt;translated");
    expect(pages.preview.text).toContain("&lt;script&gt;label");
  });

  it("R245 extreme dates and numbers reach pass.json", async () => {
    const tenant = await newTenant();
    const templateId = await newTemplate(tenant, {
      fields: [
        { key: "firstDay", type: "date", position: "back" },
        { key: "lastDay", type: "date", position: "back" },
        { key: "leapDay", type: "date", position: "back" },
        { key: "first", type: "dateTime", position: "back", timeZone: "Pacific/Kiritimati" },
        { key: "last", type: "dateTime", position: "back" },
        { key: "midnight", type: "time", position: "back" },
        { key: "big", type: "number", position: "back" },
        { key: "small", type: "number", position: "back" },
        { key: "negative", type: "currency", currencyCode: "JPY", position: "back" },
      ],
    });
    const values = {
      firstDay: "0001-01-01",
      lastDay: "9999-12-31",
      leapDay: "2000-02-29",
      first: "0001-01-02T00:00:00Z",
      last: "9999-12-31T23:59:59Z",
      midnight: "00:00",
      big: 1e308,
      small: 1e-12,
      negative: -9007199254740991,
    };
    const pass = await newPass(tenant, { templateId, values });
    expect(pass.values).toEqual(values);
    const { pass: file } = await download(tenant, pass.id);
    const shown = Object.fromEntries(allFields(file).map(({ key, value }) => [key, value]));
    expect(shown).toMatchObject({
      firstDay: "0001-01-01T00:00:00Z",
      lastDay: "9999-12-31T00:00:00Z",
      leapDay: "2000-02-29T00:00:00Z",
      last: "9999-12-31T23:59:59Z",
      midnight: "2000-01-01T00:00:00Z",
      big: 1e308,
      small: 1e-12,
      negative: -9007199254740991,
    });
    // Before zones were agreed upon, Kiritimati was 10:29:20 behind; what Wallet shows is the time on its clocks.
    expect(shown.first).toMatch(/^0001-01-01T13:30:40/);
    for (const language of ["en", "de", "ar", "th", "ja-JP-u-ca-japanese"]) {
      expect((await tenant.get(`/v2/passes/${pass.id}/preview?language=${language}`)).status, language).toBe(200);
    }
  });

  it("R245 R090 takes an expiry in the years 0001 to 9999 and refuses one beyond, however it comes about", async () => {
    const tenant = await newTenant({ timeZone: "America/Los_Angeles" });
    const templateId = await newTemplate(tenant);
    for (const [expiresAt, status] of [
      ["9999-12-31T23:59:59Z", "active"],
      ["0001-01-01T00:00:00Z", "expired"],
    ]) {
      const pass = await newPass(tenant, { templateId, overrides: { expiresAt } });
      expect(pass, expiresAt).toMatchObject({ status });
      expect(Date.parse(pass.expiresAt)).toBe(Date.parse(expiresAt!));
      expect((await download(tenant, pass.id)).pass.expirationDate).toBe(expiresAt);
    }
    const beyond = await tenant.post("/v2/passes", {
      templateId,
      overrides: { expiresAt: "9999-12-31T23:59:59-01:00" },
    });
    expect(beyond.status, beyond.text).toBe(400);
    const long = await newTemplate(tenant, { expiration: { type: "relative", duration: "P9999Y" } });
    const relative = await tenant.post("/v2/passes", { templateId: long });
    expect(relative.status, relative.text).toBe(400);
    const byField = await newTemplate(tenant, {
      fields: [{ key: "until", type: "date", position: "back" }],
      expiration: { type: "field", field: "until" },
    });
    const never = await newPass(tenant, { templateId: byField, values: { until: "9999-12-31" } });
    expect(never.expiresAt).toBe("9999-12-31T23:59:59.000Z");
  });

  it("R245 a pass of nothing but what is required has no empty member and no null", async () => {
    const tenant = await newTenant();
    const { body: template } = await tenant.post("/v2/templates", {
      name: "Bare",
      style: "generic",
      organizationName: "O",
      description: "D",
      images: { icon: { "1x": pixel } },
    });
    const { status, body } = await tenant.post("/v2/passes", { templateId: template.id });
    expect(status).toBe(201);
    expect(body).toMatchObject({ values: {}, overrides: {}, customer: null, externalId: null });
    const { pass, files } = await download(tenant, body.id);
    expect(Object.keys(pass).toSorted()).toEqual([
      "authenticationToken",
      "description",
      "formatVersion",
      "generic",
      "organizationName",
      "passTypeIdentifier",
      "serialNumber",
      "teamIdentifier",
      "webServiceURL",
    ]);
    expect(nulls(pass)).toBe(0);
    expect(Object.keys(files).toSorted()).toEqual(["icon.png", "manifest.json", "pass.json", "signature"]);
    expect((await tenant.get(`/v2/passes/${body.id}/preview`)).status).toBe(200);
  });

  it("R069 R067 R058 defaults, static and computed values appear where a pass brings none", async () => {
    const tenant = await newTenant();
    const templateId = await newTemplate(tenant, {
      fields: [
        { key: "points", type: "number", position: "header", default: 10 },
        { key: "desk", type: "text", position: "back", value: "Main entrance" },
        { key: "tier", type: "text", position: "back", expression: 'points >= 1000.0 ? "Gold" : "Silver"' },
        { key: "next", type: "number", position: "back", expression: "1000.0 - points" },
        { key: "absent", type: "text", position: "back" },
      ],
    });
    const shown = async (values: Json) => {
      const { pass } = await download(tenant, (await newPass(tenant, { templateId, values })).id);
      return Object.fromEntries(allFields(pass).map(({ key, value }) => [key, value]));
    };
    expect(await shown({})).toEqual({ points: 10, desk: "Main entrance", tier: "Silver", next: 990 });
    expect(await shown({ points: 1000, absent: "here" })).toEqual({
      points: 1000,
      desk: "Main entrance",
      tier: "Gold",
      next: 0,
      absent: "here",
    });
  });
});

describe("files of passes", () => {
  it("R071 downloads a package with a right manifest, the media type of Wallet, and the same bytes within a second", async () => {
    const tenant = await newTenant();
    const pass = await newPass(tenant, { values: { member: "Zoë" } });
    vi.useFakeTimers({ toFake: ["Date"] });
    const answer = await tenant.get(`/v2/passes/${pass.id}/pkpass`);
    expect(answer.headers.get("content-type")).toBe("application/vnd.apple.pkpass");
    expect(answer.headers.get("content-disposition")).toBe(`attachment; filename="${pass.id}.pkpass"`);
    expect(Date.parse(answer.headers.get("last-modified")!)).toBe(Math.floor(Date.parse(pass.updatedAt) / 1000) * 1000);
    expect(answer.headers.get("cache-control")).toBe("no-store");
    const { pass: file, files } = openPackage(answer.bytes);
    expect(file).toMatchObject({
      formatVersion: 1,
      serialNumber: pass.id,
      passTypeIdentifier: `pass.sandbox.wepass.${tenant.code.toLowerCase()}`,
      webServiceURL: `https://api.example.com/apple/${tenant.code}`,
    });
    expect(file.authenticationToken).toMatch(/^[0-9A-Za-z]{32}$/);
    expect(Object.keys(files).toSorted()).toEqual(["icon.png", "manifest.json", "pass.json", "signature"]);
    expect((await tenant.get(`/v2/passes/${pass.id}/pkpass`)).bytes).toEqual(answer.bytes);
    const byLink = await call("GET", new URL(pass.links.apple).pathname);
    expect(byLink.headers.get("content-type")).toBe("application/vnd.apple.pkpass");
    expect(byLink.bytes).toEqual(answer.bytes);
  });

  it("R006 says so itself once the pass is voided", async () => {
    const tenant = await newTenant();
    const pass = await newPass(tenant);
    expect((await download(tenant, pass.id)).pass).not.toHaveProperty("voided");
    const { pass: before } = await download(tenant, pass.id);
    await tenant.delete(`/v2/passes/${pass.id}`);
    const { pass: after } = await download(tenant, pass.id);
    expect(after).toEqual({ ...before, voided: true });
  });

  it("R071 bundles up to ten passes in order, and refuses eleven, none, and unknown ones", async () => {
    const tenant = await newTenant();
    const templateId = await newTemplate(tenant);
    const passIds: string[] = [];
    for (let count = 0; count < 10; count += 1) passIds.push((await newPass(tenant, { templateId })).id);
    const bundle = await tenant.post("/v2/passes/pkpasses", { passIds });
    expect(bundle.status).toBe(200);
    expect(bundle.headers.get("content-type")).toBe("application/vnd.apple.pkpasses");
    const entries = Object.entries(unzipSync(bundle.bytes));
    expect(entries.map(([name]) => name)).toEqual(passIds.map((_, index) => `pass${index + 1}.pkpass`));
    expect(entries.map(([, bytes]) => openPackage(bytes).pass.serialNumber)).toEqual(passIds);
    const refused: [Json, string][] = [
      [{ passIds: [...passIds, passIds[0]] }, "#/passIds"],
      [{ passIds: [] }, "#/passIds"],
      [{ passIds: [5] }, "#/passIds/0"],
      [{}, "#/passIds"],
    ];
    for (const [body, pointer] of refused) {
      const answer = await tenant.post("/v2/passes/pkpasses", body);
      expect(answer.status).toBe(400);
      expect(issues(answer).map(([at]) => at)).toEqual([pointer]);
    }
    expect(
      (await tenant.post("/v2/passes/pkpasses", { passIds: [passIds[0], "pass_00000000000000000000000000"] })).status,
    ).toBe(404);
    const twice = await tenant.post("/v2/passes/pkpasses", { passIds: [passIds[0], passIds[0]] });
    expect(Object.keys(unzipSync(twice.bytes))).toEqual(["pass1.pkpass"]);
  });

  it("shows what each wallet gets, without Apple's authentication token", async () => {
    const tenant = await newTenant();
    const pass = await newPass(tenant, { values: { member: "Zoë", points: 3 } });
    const { body, text } = await tenant.get(`/v2/passes/${pass.id}/projections`);
    const { pass: file } = await download(tenant, pass.id);
    const { authenticationToken, ...shown } = file;
    expect(body.apple.output).toEqual(shown);
    expect(text).not.toContain(authenticationToken);
    expect(text).not.toContain("authenticationToken");
    expect(body.resolved).toMatchObject({ id: pass.id, style: "storeCard", version: 1 });
    expect(pass).not.toHaveProperty("authenticationToken");
    expect(JSON.stringify(pass)).not.toContain(authenticationToken);
  });

  it("R061 draws the preview in the language that is asked for, and else in the account's", async () => {
    const tenant = await newTenant({ locale: "fr" });
    const templateId = await newTemplate(tenant, {
      fields: [
        { key: "points", label: "Points", type: "number", position: "header", default: 1234567.5 },
        { key: "member", label: "Member", type: "text", position: "secondary" },
      ],
      localizations: { de: { Member: "Mitglied" }, fr: { Member: "Adhérent" } },
    });
    const pass = await newPass(tenant, { templateId, values: { member: "Zoë" } });
    const preview = async (query: string) => (await tenant.get(`/v2/passes/${pass.id}/preview${query}`)).text;
    expect(await preview("?language=de")).toMatch(/Mitglied[\s\S]*|1\.234\.567,5/);
    expect(await preview("?language=de")).toContain("1.234.567,5");
    expect(await preview("?language=de-AT")).toContain("Mitglied");
    expect(await preview("")).toContain("Adhérent");
    const english = await preview("?language=en");
    expect(english).toContain("Member");
    expect(english).toContain("1,234,567.5");
    expect(await preview("?language=xx-nonsense-tag")).toContain("Member");
  });
});
