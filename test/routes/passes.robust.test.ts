import { unzipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { adminToken, call, newPass, newTemplate, newTenant, pixel, type TestTenant } from "../support/api";

/** What goes wrong between requests, and between a template and its passes. */

async function passJsonOf(tenant: TestTenant, id: string): Promise<Record<string, any>> {
  const { bytes } = await tenant.get(`/v2/passes/${id}/pkpass`);
  return JSON.parse(new TextDecoder().decode(unzipSync(bytes)["pass.json"]));
}

const codes = (body: { errors?: { pointer: string; code: string }[] }) =>
  (body.errors ?? []).map(({ pointer, code }) => `${pointer} ${code}`);

describe("paging while passes change", () => {
  it("follows Link through all active passes while each page is voided", async () => {
    const tenant = await newTenant();
    const templateId = await newTemplate(tenant);
    for (let index = 0; index < 6; index += 1) await newPass(tenant, { templateId });
    const seen: string[] = [];
    let next: string | undefined = "/v2/passes?status=active&limit=2";
    while (next) {
      const page = await tenant.get(next);
      expect(page.status, page.text).toBe(200);
      for (const { id } of page.body.data) {
        seen.push(id);
        await tenant.delete(`/v2/passes/${id}`);
      }
      const link = /<https:\/\/api\.example\.com([^>]+)>; rel="next"/.exec(page.headers.get("link") ?? "");
      next = link?.[1];
    }
    expect(new Set(seen).size).toBe(6);
  });

  it("loses no pass of updatedSince that stands behind one that has just changed", async () => {
    const tenant = await newTenant();
    const templateId = await newTemplate(tenant);
    const passes = [];
    for (let index = 0; index < 4; index += 1) passes.push(await newPass(tenant, { templateId }));
    const first = await tenant.get("/v2/passes?updatedSince=2020-01-01T00:00:00Z&limit=2");
    const last = first.body.data[1].id;
    await tenant.patch(`/v2/passes/${last}`, { values: { points: 7 } });
    const link = /<https:\/\/api\.example\.com([^>]+)>; rel="next"/.exec(first.headers.get("link") ?? "");
    const second = await tenant.get(link![1]!);
    const ids = second.body.data.map(({ id }: { id: string }) => id);
    for (const { id } of passes.slice(2))
      expect(ids.concat(first.body.data.map((p: { id: string }) => p.id))).toContain(id);
  });
});

describe("upsert", () => {
  it("replaces a pass by its own version of the template, and also once that is archived", async () => {
    const tenant = await newTenant();
    const templateId = await newTemplate(tenant);
    await newPass(tenant, { templateId, externalId: "x1" });
    await tenant.patch(`/v2/templates/${templateId}`, {
      fields: [{ key: "extra", type: "text", position: "back", required: true }],
    });
    const body = { templateId, externalId: "x1", values: { points: 9 } };
    const replaced = await tenant.post("/v2/passes?upsert=true", body);
    expect([replaced.status, replaced.body.values, replaced.body.templateVersion]).toEqual([200, { points: 9 }, 1]);
    await tenant.patch(`/v2/templates/${templateId}`, { status: "archived" });
    expect((await tenant.post("/v2/passes?upsert=true", { ...body, values: { points: 10 } })).status).toBe(200);
  });
});

describe("values", () => {
  it("R069 refuses a computed value that is none of its field's type", async () => {
    const tenant = await newTenant();
    const fields = [
      { key: "member", type: "text", position: "back" },
      { key: "until", type: "date", position: "back", expression: "member" },
    ];
    const templateId = await newTemplate(tenant, { fields, expiration: { type: "field", field: "until" } });
    const wrong = await tenant.post("/v2/passes", { templateId, values: { member: "soon" } });
    expect([wrong.status, codes(wrong.body)]).toEqual([400, ["#/values/until expression_failed"]]);
    const right = await tenant.post("/v2/passes", { templateId, values: { member: "2030-01-01" } });
    expect([right.status, right.body.expiresAt]).toEqual([201, "2030-01-01T22:59:59.000Z"]);
  });

  it("R224 refuses half a surrogate pair, in a value and in a name", async () => {
    const tenant = await newTenant();
    const templateId = await newTemplate(tenant);
    for (const text of ['"member":"\\ud800"', '"\\udc00":1']) {
      const body = `{"templateId":"${templateId}","values":{${text}}}`;
      expect((await tenant.post("/v2/passes", body)).status).toBe(400);
    }
  });

  it("keeps no more than 256 kB of one pass, and says so instead of failing later", async () => {
    const tenant = await newTenant();
    const pass = await newPass(tenant);
    const answer = await tenant.patch(`/v2/passes/${pass.id}`, { overrides: { userInfo: "x".repeat(300_000) } });
    expect([answer.status, codes(answer.body)]).toEqual([400, ["# too_big"]]);
    const localizations = {
      de: Object.fromEntries(Array.from({ length: 900 }, (_, index) => [`text${index}`, "y".repeat(1500)])),
    };
    const template = await tenant.patch(`/v2/templates/${pass.templateId}`, { localizations });
    expect([template.status, codes(template.body)]).toEqual([400, ["# too_big"]]);
  });

  it("checks the semantic tags of fields once they are filled in", async () => {
    const tenant = await newTenant();
    const fields = [{ key: "starts", type: "text", position: "back", semantics: { eventStartDate: "{{starts}}" } }];
    const templateId = await newTemplate(tenant, { fields });
    const answer = await tenant.post("/v2/passes", { templateId, values: { starts: "hello" } });
    expect(answer.status).toBe(400);
    expect(answer.body.errors[0].pointer).toBe("#/values/starts/eventStartDate");
  });

  it("R082 refuses a message that no symbol of the format can hold", async () => {
    const tenant = await newTenant();
    const pass = await newPass(tenant);
    const barcode = { format: "pdf417", message: "x".repeat(1200) };
    const answer = await tenant.patch(`/v2/passes/${pass.id}`, { overrides: { barcode } });
    expect([answer.status, codes(answer.body)]).toEqual([400, ["#/overrides/barcode/message invalid_barcode"]]);
  });

  it("takes members of a customer away by null", async () => {
    const tenant = await newTenant();
    const pass = await newPass(tenant, { customer: { id: "c1", name: "Zoë", email: "zoe@example.com" } });
    const answer = await tenant.patch(`/v2/passes/${pass.id}`, { customer: { id: "c1", email: null } });
    expect(answer.body.customer).toMatchObject({ name: "Zoë", email: null });
  });
});

describe("what a pass keeps", () => {
  it("R090 keeps its expiry when the tenant moves to another time zone", async () => {
    const tenant = await newTenant({ timeZone: "Europe/Berlin" });
    const fields = [{ key: "until", type: "date", position: "back" }];
    const templateId = await newTemplate(tenant, { fields, expiration: { type: "field", field: "until" } });
    const pass = await newPass(tenant, { templateId, values: { until: "2030-06-30" } });
    const moved = { token: adminToken, body: { timeZone: "Asia/Tokyo" } };
    expect((await call("PATCH", `/admin/tenants/${tenant.id}`, moved)).status).toBe(200);
    const { body } = await tenant.get(`/v2/passes/${pass.id}`);
    expect([body.expiresAt, body.version]).toEqual([pass.expiresAt, 1]);
    expect(Date.parse((await passJsonOf(tenant, pass.id)).expirationDate)).toBe(Date.parse(pass.expiresAt));
    expect((await tenant.patch(`/v2/passes/${pass.id}`, { values: { until: "2030-06-30" } })).body.version).toBe(1);
  });

  it("R129 has versions and events whose times grow with them, whatever order requests began in", async () => {
    const tenant = await newTenant();
    const pass = await newPass(tenant);
    await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        tenant.patch(`/v2/passes/${pass.id}`, { values: { points: index + 1 } }),
      ),
    );
    const { data } = (await tenant.get(`/v2/passes/${pass.id}/versions?limit=100`)).body;
    const times = data.map(({ changedAt }: { changedAt: string }) => Date.parse(changedAt));
    expect(times).toEqual([...times].sort((a, b) => b - a));
    expect(new Set(times).size).toBe(times.length);
    const events = (await tenant.get("/v2/events?limit=100")).body.data.filter(
      (event: { type: string }) => event.type === "pass.updated",
    );
    const versions = events.map((event: { data: { version: number } }) => event.data.version);
    expect(versions).toEqual([...versions].sort((a, b) => b - a));
  });

  it("R129 pages its history", async () => {
    const tenant = await newTenant();
    const pass = await newPass(tenant);
    for (let points = 1; points <= 4; points += 1) await tenant.patch(`/v2/passes/${pass.id}`, { values: { points } });
    const first = await tenant.get(`/v2/passes/${pass.id}/versions?limit=2`);
    expect(first.body).toMatchObject({ hasMore: true, data: [{ version: 5 }, { version: 4 }] });
    const rest = await tenant.get(`/v2/passes/${pass.id}/versions?limit=10&startingAfter=4`);
    expect(rest.body).toMatchObject({ hasMore: false, data: [{ version: 3 }, { version: 2 }, { version: 1 }] });
  });
});

describe("links", () => {
  it("are all listed, and the newest that works stands in the pass", async () => {
    const tenant = await newTenant();
    const pass = await newPass(tenant);
    const tokenOf = (view: { links: { page: string } }) => view.links.page.split("/").at(-1)!;
    const first = tokenOf(pass);
    const second = tokenOf((await tenant.post(`/v2/passes/${pass.id}/links`)).body);
    const listed = async () =>
      (await tenant.get(`/v2/passes/${pass.id}/links`)).body.data.map((link: any) => [link.id, link.status]);
    expect((await listed()).sort()).toEqual(
      [
        [first, "active"],
        [second, "active"],
      ].sort(),
    );
    await tenant.delete(`/v2/links/${second}`);
    expect(tokenOf((await tenant.get(`/v2/passes/${pass.id}`)).body)).toBe(first);
    expect((await listed()).sort()).toEqual(
      [
        [first, "active"],
        [second, "revoked"],
      ].sort(),
    );
    await tenant.delete(`/v2/links/${first}`);
    expect((await tenant.get(`/v2/passes/${pass.id}`)).body.links.page).toBeNull();
  });
});

describe("templates", () => {
  it("R047 put an icon.png into the pass even if the icon came at other densities only", async () => {
    const tenant = await newTenant();
    const templateId = await newTemplate(tenant, { images: { icon: { "2x": pixel } } });
    const pass = await newPass(tenant, { templateId });
    const entries = unzipSync((await tenant.get(`/v2/passes/${pass.id}/pkpass`)).bytes);
    expect(Object.keys(entries)).toEqual(expect.arrayContaining(["icon.png", "icon@2x.png"]));
  });

  it("R061 refuse a language that is there twice in other letters", async () => {
    const tenant = await newTenant();
    const { body } = await tenant.post("/v2/templates", {
      name: "x",
      style: "generic",
      organizationName: "x",
      description: "x",
      images: { icon: { "1x": pixel } },
      localizations: { de: {}, DE: {} },
    });
    expect(codes(body)).toEqual(["#/localizations/DE duplicate_language"]);
  });
});

describe("the home page", () => {
  it("goes on without its showcase when that tenant is gone", async () => {
    const tenant = await newTenant();
    const pass = await newPass(tenant);
    const showcase = { token: adminToken, body: { tenantId: tenant.id, passIds: [pass.id] } };
    expect((await call("PUT", "/admin/showcase", showcase)).status).toBe(204);
    expect((await call("GET", "/")).text).toContain(pass.links.page);
    await call("PATCH", `/admin/tenants/${tenant.id}`, { token: adminToken, body: { status: "suspended" } });
    const home = await call("GET", "/");
    expect(home.status).toBe(200);
    expect(home.text).not.toContain(pass.links.page);
  });
});

describe("one answer lists everything", () => {
  it("R221 lists what is wrong with values and with overrides, on POST, PATCH and PUT", async () => {
    const tenant = await newTenant();
    const pass = await newPass(tenant);
    const overrides = {
      barcode: { format: "ean13", message: "1" },
      relevantDates: [{ field: "member" }, { startDate: "2027-05-03T00:00:00Z", endDate: "2027-05-01T00:00:00Z" }],
      semantics: { balance: "x" },
    };
    const body = { values: { points: "many" }, overrides };
    const answers = [
      await tenant.post("/v2/passes", { templateId: pass.templateId, ...body }),
      await tenant.patch(`/v2/passes/${pass.id}`, body),
      await tenant.put(`/v2/passes/${pass.id}`, body),
    ];
    for (const { status, body: problem } of answers) {
      expect(status).toBe(400);
      expect(problem.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual(
        expect.arrayContaining([
          "#/values/points",
          "#/overrides/barcode/message",
          "#/overrides/relevantDates/0/field",
          "#/overrides/relevantDates/1",
          "#/overrides/semantics/balance",
        ]),
      );
    }
    const customer = { id: "", email: "x" };
    const patch = { overrides: { expiresAt: "bad", x: 1 }, values: { zz: 1 }, customer };
    const { errors } = (await tenant.patch(`/v2/passes/${pass.id}`, patch)).body;
    expect(errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual(
      expect.arrayContaining([
        "#/overrides/expiresAt",
        "#/overrides/x",
        "#/values/zz",
        "#/customer/id",
        "#/customer/email",
      ]),
    );
  });

  it("refuses an NFC payload that is empty once filled in, and a written-out one that is too long", async () => {
    const tenant = await newTenant();
    const encryptionPublicKey =
      "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEaxfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpZP40Li/hp/m47n60p8D54WK84zV2sxXs7LtkBoN79R9Q==";
    const templateId = await newTemplate(tenant, { nfc: { message: "{{pass.externalId}}", encryptionPublicKey } });
    const empty = await tenant.post("/v2/passes", { templateId });
    expect(codes(empty.body)).toEqual(["#/values nfc_message_empty"]);
    const long = await tenant.patch(`/v2/templates/${templateId}`, { nfc: { message: "x".repeat(65) } });
    expect(codes(long.body)).toEqual(["#/nfc/message nfc_message_too_long"]);
  });

  it("R040 tells a key of the other environment from a broken one by its prefix", async () => {
    const tenant = await newTenant();
    const swapped = await call("GET", "/v2/account", { token: tenant.token.replace("wp_test_", "wp_live_") });
    expect(swapped.body.code).toBe("key_environment_mismatch");
  });

  it("R030 rotates a key without a body, with the window of 24 hours", async () => {
    const tenant = await newTenant();
    const { status } = await tenant.post(`/v2/api-keys/${tenant.keyId}/rotate`);
    expect(status).toBe(201);
  });
});
