import { env } from "cloudflare:workers";
import { zlibSync } from "fflate";
import { crc32 } from "node:zlib";
import { afterEach, describe, expect, it, vi } from "vitest";
import { designMembers } from "../../src/pass-model/design";
import { call, newPass, newTemplate, newTenant, pixel, storeCard, type TestTenant } from "../support/api";

type Json = Record<string, any>;

afterEach(() => {
  vi.useRealTimers();
});

const base64 = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes));

function chunk(type: string, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(12 + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  bytes.set(new TextEncoder().encode(type), 4);
  bytes.set(data, 8);
  view.setUint32(8 + data.length, crc32(bytes.subarray(4, 8 + data.length)));
  return bytes;
}

/** A grey PNG of this size; `extra` chunks go before the picture. */
function png(width: number, height: number, extra: Uint8Array[] = []): string {
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header[8] = 8;
  const rows = new Uint8Array((width + 1) * height);
  const signature = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const parts = [
    signature,
    chunk("IHDR", header),
    ...extra,
    chunk("IDAT", zlibSync(rows)),
    chunk("IEND", new Uint8Array()),
  ];
  return base64(Uint8Array.from(parts.flatMap((part) => [...part])));
}

const eventTicket: Json = {
  name: "Summer Night Festival",
  style: "eventTicket",
  organizationName: "City Stage",
  description: "Ticket of the Summer Night Festival",
  logoText: "City Stage",
  colors: { background: "#1f2937", foreground: "#ffffff", label: "#9ca3af" },
  fonts: { heading: "Inter", body: "Lora" },
  images: {
    icon: { "1x": png(38, 38), "2x": png(76, 76), "3x": png(114, 114) },
    logo: { "1x": png(160, 50) },
    background: { "2x": png(20, 30) },
    thumbnail: { "1x": pixel },
    personalizationLogo: { "1x": png(150, 40), "2x": png(300, 80), "3x": png(450, 120) },
  },
  fields: [
    {
      key: "doors",
      label: "Doors",
      type: "time",
      position: "header",
      timeZone: "Europe/Berlin",
      timeStyle: "short",
      default: "18:30",
    },
    {
      key: "event",
      label: "Event",
      type: "text",
      position: "primary",
      value: "Summer Night",
      textAlignment: "natural",
    },
    {
      key: "starts",
      label: "Starts",
      type: "dateTime",
      position: "secondary",
      required: true,
      timeZone: "Europe/Berlin",
      relative: true,
      dateStyle: "long",
      timeStyle: "short",
      changeMessage: "Now starts %@",
    },
    {
      key: "seat",
      label: "Seat",
      type: "text",
      position: "auxiliary",
      row: 1,
      textAlignment: "right",
      semantics: { seats: [{ seatNumber: "{{seat}}" }] },
    },
    { key: "day", label: "Day", type: "date", position: "auxiliary", row: 0, dateStyle: "full" },
    { key: "price", label: "Price", type: "currency", position: "back", currencyCode: "EUR", default: 12.5 },
    { key: "tax", label: "Tax", type: "percent", position: "back", numberStyle: "percent", value: 0.07 },
    {
      key: "total",
      label: "Total",
      type: "currency",
      position: "back",
      currencyCode: "EUR",
      expression: "price * (1.0 + tax)",
    },
    { key: "visits", label: "Visits", type: "number", position: "back", numberStyle: "spellOut", default: 0 },
    {
      key: "phone",
      label: "Call",
      type: "phone",
      position: "back",
      dataDetectorTypes: ["phoneNumber", "link"],
      value: "+49 30 123456",
    },
    { key: "mail", label: "Write", type: "email", position: "back", value: "stage@example.com" },
    { key: "site", label: "Site", type: "url", position: "back", value: "https://stage.example/" },
    { key: "notes", label: "Notes", type: "text", position: "additionalInfo", default: "Bring a coat" },
  ],
  barcode: {
    format: "pdf417",
    message: "{{pass.id}}/{{customer.id}}",
    altText: "{{pass.externalId}}",
    encoding: "utf-8",
  },
  expiration: { type: "field", field: "starts" },
  locations: [{ latitude: 52.52, longitude: 13.405, altitude: 34, radius: 150, relevantText: "The stage is near" }],
  beacons: [{ proximityUuid: "f7826da6-4fa2-4e98-8024-bc5b71e0893e", major: 1, minor: 7, relevantText: "Gate 7" }],
  relevantDates: [
    { date: "2026-05-01T18:30:00+02:00" },
    { startDate: "2026-05-01T18:30:00+02:00", endDate: "2026-05-01T23:30:00+02:00" },
    { field: "starts" },
  ],
  localizations: { de: { Doors: "Einlass", Starts: "Beginn" }, "pt-BR": { Doors: "Portas" } },
  groupingIdentifier: "festival-2026",
  sharingProhibited: true,
  associatedStoreIdentifiers: [284882215],
  appLaunchUrl: "citystage://ticket",
  userInfo: { tier: "gold", nested: [1, { a: true }] },
  semantics: { eventName: "Summer Night Festival", venueName: "{{event}}" },
  nfc: {
    message: "{{pass.id}}",
    encryptionPublicKey:
      "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEaxfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpZP40Li/hp/m47n60p8D54WK84zV2sxXs7LtkBoN79R9Q==",
    requiresAuthentication: true,
  },
  personalization: {
    description: "Join the friends of the stage",
    requiredFields: ["name", "emailAddress"],
    termsAndConditions: "We write once a month.",
    values: { givenName: "notes" },
  },
  passTypeIdentifier: "pass.com.example.stage",
  apple: { suppressStripShine: true },
  google: {
    vertical: "eventTicket",
    class: { countryCode: "DE" },
    object: { passConstraints: { screenshotEligibility: "INELIGIBLE" } },
  },
};

const boardingPass: Json = {
  ...storeCard(),
  style: "boardingPass",
  transitType: "train",
  expiration: { type: "relative", duration: "P30D" },
};

const serverMembers = ["object", "id", "version", "installs", "createdAt", "updatedAt", "versionCreatedAt", "warnings"];

function content(template: Json): Json {
  return Object.fromEntries(Object.entries(template).filter(([key]) => !serverMembers.includes(key)));
}

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

const found = (answer: { body: Json }): [string, string][] =>
  answer.body.errors.map(({ pointer, code }: { pointer: string; code: string }) => [pointer, code]);

async function events(tenant: TestTenant, type: string): Promise<Json[]> {
  const { body } = await tenant.get("/v2/events?limit=100");
  return body.data.filter((event: Json) => event.type === type);
}

describe("making templates", () => {
  it("the designs of these tests have every member that a design can have", () => {
    const members = new Set([...Object.keys(eventTicket), ...Object.keys(boardingPass)]);
    expect(Object.keys(designMembers).filter((member) => !members.has(member))).toEqual([]);
  });

  for (const design of [eventTicket, boardingPass]) {
    it(`R046 R047 R048 R049 R050 R051 R052 R054 R055 R056 R057 R058 takes every member of a ${design.style} and answers it as it was sent`, async () => {
      const tenant = await newTenant();
      const created = await tenant.post("/v2/templates", design);
      expect(created.status, created.text).toBe(201);
      expect(created.body).toMatchObject({ object: "template", version: 1, status: "active" });
      const { images, ...rest } = content(created.body);
      const { images: sentImages, ...sent } = design;
      expect(rest).toEqual({ ...sent, status: "active" });
      for (const [slot, densities] of Object.entries(sentImages as Record<string, Json>)) {
        expect(Object.keys(images[slot]), slot).toEqual(Object.keys(densities));
        for (const id of Object.values(images[slot])) expect(id).toMatch(/^img_[0-9A-HJKMNP-TV-Z]{26}$/);
      }
      const read = await tenant.get(`/v2/templates/${created.body.id}`);
      expect(read.body).toEqual(created.body);
    });
  }

  it("R054 answers what POST accepts, here and with ?images=base64 in another environment", async () => {
    const [here, there] = [await newTenant(), await newTenant()];
    const { body: original } = await here.post("/v2/templates", eventTicket);
    const again = await here.post("/v2/templates", content(original));
    expect(again.status, again.text).toBe(201);
    expect(content(again.body)).toEqual(content(original));
    expect(again.body.id).not.toBe(original.id);

    const { body: whole } = await here.get(`/v2/templates/${original.id}?images=base64`);
    expect(whole.images).toEqual(eventTicket.images);
    const moved = await there.post("/v2/templates", content(whole));
    expect(moved.status, moved.text).toBe(201);
    const { body: back } = await there.get(`/v2/templates/${moved.body.id}?images=base64`);
    expect(content(back)).toEqual(content(whole));
    expect((await there.put(`/v2/templates/${moved.body.id}`, content(whole))).body.version).toBe(1);
  });

  it("R054 keeps an archived template archived when what GET answered is posted again", async () => {
    const tenant = await newTenant();
    const id = await newTemplate(tenant);
    const { body: archived } = await tenant.patch(`/v2/templates/${id}`, { status: "archived" });
    const again = await tenant.post("/v2/templates", content(archived));
    expect(again.status, again.text).toBe(201);
    expect(again.body.status).toBe("archived");
  });

  it("R057 understands #rgb and rgb(), and answers #rrggbb", async () => {
    const tenant = await newTenant();
    const { body } = await tenant.post(
      "/v2/templates",
      storeCard({ colors: { background: "#Fa0", foreground: "rgb(1, 2, 255)", label: "#ABCDEF" } }),
    );
    expect(body.colors).toEqual({ background: "#ffaa00", foreground: "#0102ff", label: "#abcdef" });
  });

  it("R048 warns of what no wallet honours, in every answer", async () => {
    const tenant = await newTenant();
    const created = await tenant.post("/v2/templates", storeCard({ fonts: { heading: "Inter" } }));
    const codes = created.body.warnings.map(({ code }: Json) => code);
    expect(codes).toContain("fonts_ignored");
    const read = await tenant.get(`/v2/templates/${created.body.id}`);
    expect(read.body.warnings).toEqual(created.body.warnings);
    const patched = await tenant.patch(`/v2/templates/${created.body.id}`, { description: "Another" });
    expect(patched.body.warnings).toEqual(created.body.warnings);
  });
});

describe("images of templates", () => {
  it("R047 R055 gives the same picture the same id, in one template and in the next", async () => {
    const tenant = await newTenant();
    const { body } = await tenant.post(
      "/v2/templates",
      storeCard({ images: { icon: { "1x": pixel }, logo: { "1x": pixel, "2x": png(2, 2) } } }),
    );
    expect(body.images.logo["1x"]).toBe(body.images.icon["1x"]);
    expect(body.images.logo["2x"]).not.toBe(body.images.icon["1x"]);
    const before = await everythingStored(tenant);
    expect(before.images).toBe(2);
    const later = await tenant.post(
      "/v2/templates",
      storeCard({ images: { icon: { "1x": `data:image/png;base64,${pixel}` } } }),
    );
    expect(later.body.images.icon["1x"]).toBe(body.images.icon["1x"]);
    expect((await everythingStored(tenant)).images).toBe(2);
    const byId = await tenant.post("/v2/templates", storeCard({ images: { icon: { "3x": body.images.icon["1x"] } } }));
    expect(byId.status, byId.text).toBe(201);
    expect(byId.body.images.icon).toEqual({ "3x": body.images.icon["1x"] });
  });

  it("gives the same picture of another tenant another id, and does not take a stranger's", async () => {
    const [one, other] = [await newTenant(), await newTenant()];
    const { body: mine } = await one.post("/v2/templates", storeCard());
    const { body: theirs } = await other.post("/v2/templates", storeCard());
    expect(theirs.images.icon["1x"]).not.toBe(mine.images.icon["1x"]);
    const refused = await other.post(
      "/v2/templates",
      storeCard({ images: { icon: { "1x": mine.images.icon["1x"] } } }),
    );
    expect(refused.status).toBe(400);
    expect(found(refused)).toEqual([["#/images/icon/1x", "unknown_image"]]);
  });

  it("R222 refuses what is no sound picture, each at its place, and stores nothing", async () => {
    const tenant = await newTenant();
    await newTemplate(tenant);
    const before = await everythingStored(tenant);
    const corrupt = atob(png(4, 4)).replace("IDAT", "IDAX");
    const images = {
      icon: {
        "1x": "img_00000000000000000000000000",
        "2x": base64(new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 0, 16, 74, 70, 73, 70])),
      },
      logo: { "1x": btoa(corrupt), "2x": pixel.slice(0, 40), "3x": "this is not base64!" },
      strip: {
        "1x": png(8193, 1),
        "2x": btoa("<svg xmlns='http://www.w3.org/2000/svg'/>"),
        "3x": btoa("GIF89a............"),
      },
    };
    const refused = await tenant.post("/v2/templates", storeCard({ images }));
    expect(refused.status).toBe(400);
    expect(found(refused)).toEqual([
      ["#/images/icon/1x", "unknown_image"],
      ["#/images/icon/2x", "corrupt_image"],
      ["#/images/logo/1x", "corrupt_image"],
      ["#/images/logo/2x", "corrupt_image"],
      ["#/images/logo/3x", "not_base64"],
      ["#/images/strip/1x", "image_too_many_pixels"],
      ["#/images/strip/2x", "svg_without_size"],
      ["#/images/strip/3x", "unsupported_image"],
    ]);
    const details: string[] = refused.body.errors.map(({ detail }: Json) => detail);
    expect(details[1]).toContain("JPEG");
    expect(details[5]).toContain("8193");
    expect(await everythingStored(tenant)).toEqual(before);
  });

  it("R222 refuses a picture of more than 8,000,000 characters by its pointer, and a body of more than 8 MiB", async () => {
    const tenant = await newTenant();
    const before = await everythingStored(tenant);
    const refused = await tenant.post(
      "/v2/templates",
      storeCard({ images: { icon: { "1x": "A".repeat(8_000_001) } } }),
    );
    expect(refused.status).toBe(400);
    expect(found(refused)).toEqual([["#/images/icon/1x", "too_big"]]);
    const huge = await tenant.post(
      "/v2/templates",
      storeCard({ images: { icon: { "1x": "A".repeat(8 * 1024 * 1024) } } }),
    );
    expect(huge.status).toBe(413);
    expect(await everythingStored(tenant)).toEqual(before);
  });

  it("serves the picture at its public path without a key, for ever, and without its metadata", async () => {
    const tenant = await newTenant();
    const secret = chunk("tEXt", new TextEncoder().encode("Author\0Zoë"));
    const { body } = await tenant.post("/v2/templates", storeCard({ images: { icon: { "1x": png(3, 5, [secret]) } } }));
    const id: string = body.images.icon["1x"];
    const image = await call("GET", `/images/${tenant.code}/${id}.png`);
    expect(image.status).toBe(200);
    expect(image.headers.get("content-type")).toBe("image/png");
    expect(image.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
    expect(base64(image.bytes)).toBe(png(3, 5));
    expect(
      (await tenant.post("/v2/templates", storeCard({ images: { icon: { "1x": png(3, 5) } } }))).body.images.icon["1x"],
    ).toBe(id);
    const stranger = await newTenant();
    expect((await call("GET", `/images/${stranger.code}/${id}.png`)).status).toBe(404);
    expect((await call("GET", `/images/${tenant.code}/img_00000000000000000000000000.png`)).status).toBe(404);
  });
});

describe("refusing a bad design", () => {
  it("R221 lists every member of a wrong shape in one answer, and stores nothing", async () => {
    const tenant = await newTenant();
    await newTemplate(tenant);
    const before = await everythingStored(tenant);
    const locations = Array.from({ length: 11 }, () => ({ latitude: 1, longitude: 1 }));
    const { organizationName: _, ...card } = storeCard();
    const refused = await tenant.post("/v2/templates", {
      ...card,
      style: "card",
      description: 5,
      sparkles: true,
      colors: { background: "blue", text: "#ffffff" },
      fields: [
        { key: "1st", label: "Points", type: "number", position: "header" },
        { key: "ok", type: "money", position: "top", size: 3 },
      ],
      barcode: { format: "qrcode", message: "" },
      expiration: { type: "fixed", at: "2026-05-01T18:30:00" },
      locations,
      relevantDates: [{ date: "2026-02-30T10:00:00Z" }],
      localizations: { "not a tag!": {} },
    });
    expect(refused.status).toBe(400);
    expect(refused.body.code).toBe("validation_error");
    const pointers = found(refused).map(([pointer]) => pointer);
    expect(new Set(pointers)).toEqual(
      new Set([
        "#/style",
        "#/organizationName",
        "#/description",
        "#/sparkles",
        "#/colors/background",
        "#/colors/text",
        "#/fields/0/key",
        "#/fields/1/type",
        "#/fields/1/position",
        "#/fields/1/size",
        "#/barcode/format",
        "#/barcode/message",
        "#/expiration/at",
        "#/locations",
        "#/relevantDates/0/date",
        "#/localizations/not%20a%20tag!",
      ]),
    );
    expect(pointers).toHaveLength(new Set(pointers).size);
    expect(await everythingStored(tenant)).toEqual(before);
  });

  it("R221 R222 lists every broken rule of design, pictures and Apple's members in one answer, and stores nothing", async () => {
    const tenant = await newTenant();
    await newTemplate(tenant);
    const before = await everythingStored(tenant);
    const refused = await tenant.post("/v2/templates", {
      ...storeCard(),
      transitType: "air",
      groupingIdentifier: "festival",
      appLaunchUrl: "app://x",
      images: { logo: { "1x": "????" } },
      fields: [
        { key: "points", type: "number", position: "header", default: "many" },
        { key: "points", type: "text", position: "back" },
        { key: "price", type: "currency", position: "back" },
        { key: "when", type: "text", position: "back", timeZone: "Europe/Berlin" },
        { key: "sum", type: "number", position: "back", expression: "missing + 1.0" },
        { key: "both", type: "text", position: "back", value: "a", expression: "'b'" },
        { key: "seat", type: "text", position: "auxiliary", row: 1 },
        { key: "while", type: "text", position: "back" },
      ],
      barcode: { format: "ean13", message: "5901234123450", altText: "{{nobody}}" },
      expiration: { type: "field", field: "points" },
      relevantDates: [{ startDate: "2026-05-01T10:00:00Z", endDate: "2026-05-03T10:00:00Z" }, { field: "nowhere" }],
      apple: { suppressStripShine: "yes", serialNumber: "1" },
    });
    expect(refused.status).toBe(400);
    const codes = Object.fromEntries(found(refused));
    expect(codes).toMatchObject({
      "#/transitType": "unsupported_for_style",
      "#/groupingIdentifier": "unsupported_for_style",
      "#/appLaunchUrl": "missing_app",
      "#/images/icon": "missing_icon",
      "#/images/logo/1x": expect.any(String),
      "#/fields/0/default": "wrong_type",
      "#/fields/1/key": "duplicate_key",
      "#/fields/2/currencyCode": "missing_currency",
      "#/fields/3/timeZone": "unsupported_for_type",
      "#/fields/4/expression": "invalid_expression",
      "#/fields/5/expression": "two_sources",
      "#/fields/6/row": "unsupported_for_style",
      "#/fields/7/key": "reserved_key",
      "#/barcode/message": "invalid_barcode",
      "#/barcode/altText": "unknown_placeholder",
      "#/expiration/field": "unknown_field",
      "#/relevantDates/0": "invalid_interval",
      "#/relevantDates/1/field": "unknown_field",
      "#/apple/suppressStripShine": expect.any(String),
      "#/apple/serialNumber": expect.any(String),
    });
    for (const { detail } of refused.body.errors) expect(detail.length).toBeGreaterThan(10);
    expect(await everythingStored(tenant)).toEqual(before);
  });

  it("R056 refuses keys that are words of CEL, also beside a computed field", async () => {
    const tenant = await newTenant();
    for (const key of ["while", "null", "in", "prototype", "__proto__"]) {
      const refused = await tenant.post(
        "/v2/templates",
        storeCard({
          fields: [
            { key, type: "text", position: "back" },
            { key: "sum", type: "number", position: "back", expression: "1.0 + 1.0" },
          ],
        }),
      );
      expect(refused.status, key).toBe(400);
      expect(found(refused), key).toEqual([["#/fields/0/key", "reserved_key"]]);
    }
  });

  it("R221 refuses a bad change in the same way, and leaves the template as it was", async () => {
    const tenant = await newTenant();
    const id = await newTemplate(tenant);
    const { body: before } = await tenant.get(`/v2/templates/${id}`);
    const stored = await everythingStored(tenant);
    const patches: [Json, [string, string][]][] = [
      [{ style: "boardingPass" }, [["#/transitType", "missing_transit_type"]]],
      [{ images: null }, [["#/images/icon", "missing_icon"]]],
      [{ organizationName: null }, [["#/organizationName", "missing_value"]]],
      [
        { sparkles: 1, name: "" },
        [
          ["#/name", "too_small"],
          ["#/sparkles", "unknown_member"],
        ],
      ],
      [{ version: 7 }, [["#/version", "unknown_member"]]],
      [{ status: "deleted" }, [["#/status", "invalid_value"]]],
      [{ fields: [{ key: "a", type: "text" }] }, [["#/fields/0/position", "invalid_value"]]],
    ];
    for (const [patch, expected] of patches) {
      const refused = await tenant.patch(`/v2/templates/${id}`, patch);
      expect(refused.status, JSON.stringify(patch)).toBe(400);
      expect(found(refused), JSON.stringify(patch)).toEqual(expected);
    }
    const replaced = await tenant.put(`/v2/templates/${id}`, { name: "Only a name" });
    expect(found(replaced).map(([pointer]) => pointer)).toEqual(["#/style", "#/organizationName", "#/description"]);
    expect((await tenant.get(`/v2/templates/${id}`)).body).toEqual(before);
    expect(await everythingStored(tenant)).toEqual(stored);
  });
});

describe("editing templates", () => {
  it("R059 R060 makes version n+1, which later passes get, while earlier ones keep theirs", async () => {
    const tenant = await newTenant();
    const templateId = await newTemplate(tenant);
    const early = await newPass(tenant, { templateId });
    const edited = await tenant.patch(`/v2/templates/${templateId}`, {
      colors: { background: "#7c2d12" },
      description: "New",
    });
    expect(edited.body).toMatchObject({ version: 2, description: "New", colors: { background: "#7c2d12" } });
    const late = await newPass(tenant, { templateId });
    expect(late.templateVersion).toBe(2);
    const projections = async (id: string) => (await tenant.get(`/v2/passes/${id}/projections`)).body.apple.output;
    expect(await projections(early.id)).toMatchObject({ description: "Loyalty card" });
    expect(await projections(early.id)).not.toHaveProperty("backgroundColor");
    expect(await projections(late.id)).toMatchObject({ description: "New", backgroundColor: "rgb(124, 45, 18)" });
    const { body: kept } = await tenant.get(`/v2/passes/${early.id}`);
    expect(kept).toMatchObject({ templateVersion: 1, version: 1, updatedAt: early.updatedAt });
    const { body: updated } = await tenant.patch(`/v2/passes/${early.id}`, { values: { points: 5 } });
    expect(updated).toMatchObject({ templateVersion: 1, version: 2 });
  });

  it("R060 answers each version as it was, and lists them with their makers", async () => {
    const tenant = await newTenant();
    const id = await newTemplate(tenant);
    const { body: first } = await tenant.get(`/v2/templates/${id}`);
    await tenant.patch(`/v2/templates/${id}`, { style: "generic", description: "Two", name: "Renamed" });
    const { body: third } = await tenant.patch(`/v2/templates/${id}`, { description: "Three" });
    const at = async (version: number) => (await tenant.get(`/v2/templates/${id}?version=${version}`)).body;
    expect(content(await at(1))).toEqual({ ...content(first), name: "Renamed" });
    expect(await at(1)).toMatchObject({ version: 1, style: "storeCard", versionCreatedAt: first.versionCreatedAt });
    expect(await at(2)).toMatchObject({ version: 2, style: "generic", description: "Two" });
    expect(await at(3)).toEqual(third);
    expect((await tenant.get(`/v2/templates/${id}?version=4`)).status).toBe(404);
    for (const version of ["0", "-1", "two", "1.5"]) {
      const refused = await tenant.get(`/v2/templates/${id}?version=${version}`);
      expect(refused.status, version).toBe(400);
      expect(refused.body.errors[0].pointer).toBe("#/version");
    }
    const { body: list } = await tenant.get(`/v2/templates/${id}/versions`);
    expect(list.data.map(({ version, createdBy }: Json) => [version, createdBy])).toEqual(
      [3, 2, 1].map((version) => [version, tenant.keyId]),
    );
  });

  it("R059 PATCH merges members, null takes one away, arrays are replaced whole", async () => {
    const tenant = await newTenant();
    const id = await newTemplate(tenant, { logoText: "Fern", colors: { background: "#111111", label: "#222222" } });
    const { body } = await tenant.patch(`/v2/templates/${id}`, {
      logoText: null,
      colors: { label: null, foreground: "#333333" },
      fields: [{ key: "only", type: "text", position: "back" }],
      barcode: { altText: "Code" },
      semantics: { eventName: "Night" },
    });
    expect(body).not.toHaveProperty("logoText");
    expect(body).toMatchObject({ name: "Loyalty card", organizationName: "Fern & Finch Coffee" });
    expect(body.colors).toEqual({ background: "#111111", foreground: "#333333" });
    expect(body.fields).toEqual([{ key: "only", type: "text", position: "back" }]);
    expect(body.barcode).toEqual({ format: "qr", message: "{{pass.id}}", altText: "Code" });
    const { body: bare } = await tenant.patch(`/v2/templates/${id}`, {
      barcode: null,
      colors: null,
      semantics: null,
      fields: null,
    });
    for (const member of ["barcode", "colors", "semantics", "fields"]) expect(bare).not.toHaveProperty(member);
    expect(bare.version).toBe(3);
  });

  it("R059 PUT replaces the whole design: what is left out is gone", async () => {
    const tenant = await newTenant();
    const id = await newTemplate(tenant, { logoText: "Fern", locations: [{ latitude: 1, longitude: 2 }] });
    await tenant.patch(`/v2/templates/${id}`, { status: "archived" });
    const { fields: _, barcode: __, ...rest } = storeCard({ name: "Bare" });
    const replaced = await tenant.put(`/v2/templates/${id}`, rest);
    expect(replaced.status, replaced.text).toBe(200);
    const { images: ___, ...members } = content(replaced.body);
    const { images: ____, ...sent } = rest;
    expect(members).toEqual({ ...sent, status: "active" });
    expect(replaced.body.version).toBe(2);
  });

  it("R060 a change that changes nothing makes no version and no event, and does not touch updatedAt", async () => {
    const tenant = await newTenant();
    const { body: created } = await tenant.post("/v2/templates", eventTicket);
    const before = await everythingStored(tenant);
    const path = `/v2/templates/${created.id}`;
    const reordered = Object.fromEntries(Object.entries(content(created)).reverse());
    const changes = [
      await tenant.patch(path, {}),
      await tenant.patch(path, { name: created.name, colors: created.colors, logoText: created.logoText }),
      await tenant.patch(path, { images: { icon: { "1x": eventTicket.images.icon["1x"] } } }),
      await tenant.put(path, content(created)),
      await tenant.put(path, reordered),
      await tenant.put(path, eventTicket),
    ];
    for (const { status, body } of changes) {
      expect(status).toBe(200);
      expect(body).toEqual(created);
    }
    expect(await everythingStored(tenant)).toEqual(before);
  });

  it("a new name or status alone makes no version, but an event", async () => {
    const tenant = await newTenant();
    const id = await newTemplate(tenant);
    const { body } = await tenant.patch(`/v2/templates/${id}`, { name: "Renamed" });
    expect(body).toMatchObject({ name: "Renamed", version: 1 });
    expect((await everythingStored(tenant)).template_versions).toBe(1);
    expect(await events(tenant, "template.updated")).toEqual([
      expect.objectContaining({ templateId: id, passId: null, data: { version: 1 }, actor: tenant.keyId }),
    ]);
  });

  it("R059 keeps every one of two concurrent changes", async () => {
    const tenant = await newTenant();
    const id = await newTemplate(tenant);
    const answers = await Promise.all([
      tenant.patch(`/v2/templates/${id}`, { logoText: "Logo" }),
      tenant.patch(`/v2/templates/${id}`, { colors: { background: "#010203" } }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    const { body } = await tenant.get(`/v2/templates/${id}`);
    expect(body).toMatchObject({ version: 3, logoText: "Logo", colors: { background: "#010203" } });
    expect(await events(tenant, "template.updated")).toHaveLength(2);
  });
});

describe("archiving and deleting templates", () => {
  it("refuses to issue from an archived template, and issues again once it is active", async () => {
    const tenant = await newTenant();
    const templateId = await newTemplate(tenant);
    const { body: archived } = await tenant.patch(`/v2/templates/${templateId}`, { status: "archived" });
    expect(archived).toMatchObject({ status: "archived", version: 1 });
    const before = await everythingStored(tenant);
    const refused = await tenant.post("/v2/passes", { templateId, values: {} });
    expect(refused.status).toBe(409);
    expect(refused.body.code).toBe("template_archived");
    expect(await everythingStored(tenant)).toEqual(before);
    expect((await tenant.get("/v2/templates")).body.data[0]).toMatchObject({ id: templateId, status: "archived" });
    await tenant.patch(`/v2/templates/${templateId}`, { status: "active" });
    expect((await tenant.post("/v2/passes", { templateId })).status).toBe(201);
  });

  it("refuses to delete a template with an active pass, until it is archived; its passes live on", async () => {
    const tenant = await newTenant();
    const templateId = await newTemplate(tenant);
    const pass = await newPass(tenant, { templateId });
    const before = await everythingStored(tenant);
    const refused = await tenant.delete(`/v2/templates/${templateId}`);
    expect(refused.status).toBe(409);
    expect(refused.body.code).toBe("template_in_use");
    expect(await everythingStored(tenant)).toEqual(before);
    await tenant.patch(`/v2/templates/${templateId}`, { status: "archived" });
    expect((await tenant.delete(`/v2/templates/${templateId}`)).status).toBe(204);

    expect((await tenant.patch(`/v2/passes/${pass.id}`, { values: { points: 7 } })).body).toMatchObject({
      version: 2,
      templateVersion: 1,
    });
    expect((await tenant.get(`/v2/passes/${pass.id}/pkpass`)).status).toBe(200);
    expect((await call("GET", new URL(pass.links.apple).pathname)).status).toBe(200);
    expect((await tenant.get(`/v2/passes?templateId=${templateId}`)).body.data).toHaveLength(1);
  });

  it("R060 a deleted template is gone from every operation, with one event", async () => {
    const tenant = await newTenant();
    const [kept, id] = [await newTemplate(tenant), await newTemplate(tenant)];
    expect((await tenant.delete(`/v2/templates/${id}`)).status).toBe(204);
    const answers = {
      read: await tenant.get(`/v2/templates/${id}`),
      readVersion: await tenant.get(`/v2/templates/${id}?version=1`),
      patch: await tenant.patch(`/v2/templates/${id}`, { name: "Back" }),
      put: await tenant.put(`/v2/templates/${id}`, storeCard()),
      versions: await tenant.get(`/v2/templates/${id}/versions`),
      again: await tenant.delete(`/v2/templates/${id}`),
      issue: await tenant.post("/v2/passes", { templateId: id }),
    };
    const statuses = Object.fromEntries(Object.entries(answers).map(([name, { status }]) => [name, status]));
    expect(statuses).toEqual({
      read: 404,
      readVersion: 404,
      patch: 404,
      put: 404,
      versions: 404,
      again: 404,
      issue: 404,
    });
    expect((await tenant.get("/v2/templates")).body.data.map((template: Json) => template.id)).toEqual([kept]);
    expect(await events(tenant, "template.deleted")).toEqual([expect.objectContaining({ templateId: id })]);
  });

  it("deletes a template whose passes are all voided or expired", async () => {
    const tenant = await newTenant();
    const templateId = await newTemplate(tenant);
    const voided = await newPass(tenant, { templateId });
    await tenant.delete(`/v2/passes/${voided.id}`);
    await newPass(tenant, { templateId, overrides: { expiresAt: "2030-01-01T00:00:00Z" } });
    expect((await tenant.delete(`/v2/templates/${templateId}`)).status).toBe(409);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.parse("2030-01-01T00:00:00Z") });
    expect((await tenant.delete(`/v2/templates/${templateId}`)).status).toBe(204);
  });
});
