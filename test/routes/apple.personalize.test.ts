import { env } from "cloudflare:workers";
import { unzipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { fromBase64 } from "../../src/db/vault";
import { verifyDetached } from "../../src/pkpass/verify-detached";
import type { BaseContext } from "../../src/services/context";
import type { DeviceContext } from "../../src/services/devices/authorize";
import { personalizePass } from "../../src/services/passes/personalize";
import { call, newPass, newTemplate, newTenant, pixel, type TestTenant } from "../support/api";
import { applePass, fetchPass, heldPass, newDevice, passPath, type HeldPass } from "../support/device";

type Json = Record<string, any>;

const encryptionPublicKey =
  "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEaxfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpZP40Li/hp/m47n60p8D54WK84zV2sxXs7LtkBoN79R9Q==";
const pictures = { "1x": pixel, "2x": pixel, "3x": pixel };

const info = {
  fullName: "Zoë Winter",
  givenName: "Zoë",
  familyName: "Winter",
  emailAddress: "zoe@example.com",
  phoneNumber: "+49 30 12345678",
  postalCode: "10115",
  ISOCountryCode: "de",
};
const form = { personalizationToken: "dGhlIHRva2Vu", requiredPersonalizationInfo: info };

const everything = ["name", "postalCode", "emailAddress", "phoneNumber"];

interface Enrolling {
  tenant: TestTenant;
  pass: Json;
  held: HeldPass;
}

async function enrolling(personalization: Json = {}, pass: Json = {}): Promise<Enrolling> {
  const tenant = await newTenant();
  const templateId = await newTemplate(tenant, {
    images: { icon: pictures, personalizationLogo: pictures },
    nfc: { message: "{{pass.id}}", encryptionPublicKey },
    personalization: {
      description: "Join Fern & Finch and collect points.",
      requiredFields: everything,
      values: { name: "member" },
      ...personalization,
    },
  });
  const issued = await newPass(tenant, { templateId, values: {}, ...pass });
  return { tenant, pass: issued, held: await heldPass(tenant, issued.id) };
}

const enrol = (held: HeldPass, body: unknown = form, options: Json = {}) =>
  call("POST", `${passPath(held)}/personalize`, { body, headers: applePass(held), ...options });

const stateOf = async ({ tenant, pass }: Enrolling): Promise<Json> => (await tenant.get(`/v2/passes/${pass.id}`)).body;

async function eventsOf({ tenant }: Enrolling): Promise<Json[]> {
  return (await tenant.get("/v2/events?limit=100")).body.data;
}

const filesOf = async (held: HeldPass) => Object.keys(unzipSync((await fetchPass(held)).bytes));

describe("POST …/personalize", { timeout: 20_000 }, () => {
  it("answers the token's signature, stores what was filled in, and the pass is a member's", async () => {
    const world = await enrolling();
    const { tenant, pass, held } = world;
    const device = newDevice();
    await device.register(held);
    const { lastUpdated } = (await device.list(held)).body;
    const tag = (await fetchPass(held)).headers.get("etag")!;
    expect(await filesOf(held)).toContain("personalization.json");

    const answer = await enrol(held);
    expect(answer.status, answer.text).toBe(200);
    expect(answer.headers.get("content-type")).toBe("application/octet-stream");
    const { certificate } = (await env.DATA_DB.prepare("select certificate from apple_identities where tenant_id = ?")
      .bind(tenant.id)
      .first<{ certificate: string }>())!;
    const verified = await verifyDetached(answer.bytes, new TextEncoder().encode(form.personalizationToken));
    expect(verified.ok).toBe(true);
    expect(Buffer.from(answer.bytes).includes(Buffer.from(fromBase64(certificate)))).toBe(true);

    const after = await stateOf(world);
    expect(after).toMatchObject({
      version: 2,
      values: { member: "Zoë Winter" },
      customerId: pass.id,
      customer: {
        id: pass.id,
        name: "Zoë Winter",
        email: "zoe@example.com",
        phone: "+493012345678",
        postalCode: "10115",
        countryCode: "DE",
      },
      personalizedAt: expect.any(String),
    });
    expect((await device.list(held, lastUpdated)).body.serialNumbers).toEqual([pass.id]);
    const fetched = await fetchPass(held, { "if-none-match": tag });
    expect(fetched.status).toBe(200);
    expect(await filesOf(held)).not.toContain("personalization.json");
  });

  it("writes one event of it, beside that of the change, with nothing personal in them", async () => {
    const world = await enrolling();
    await enrol(world.held);
    const events = await eventsOf(world);
    expect(events.slice(0, 2).map(({ type, passId, actor, data }) => [type, passId, actor, data])).toEqual([
      ["pass.personalized", world.pass.id, "holder", {}],
      [
        "pass.updated",
        world.pass.id,
        "holder",
        { version: 2, pointers: ["#/values/member", "#/customer", "#/personalizedAt"] },
      ],
    ]);
    const { ISOCountryCode: _, ...telling } = info;
    for (const value of Object.values(telling)) expect(JSON.stringify(events)).not.toContain(value);
  });

  it("does it once: a repeat is signed again and changes nothing, whatever it says", async () => {
    const world = await enrolling();
    await enrol(world.held);
    const [before, events] = [await stateOf(world), await eventsOf(world)];
    const again = await enrol(world.held, {
      personalizationToken: "another",
      requiredPersonalizationInfo: { fullName: "Somebody else" },
    });
    expect(again.status, again.text).toBe(200);
    expect((await verifyDetached(again.bytes, new TextEncoder().encode("another"))).ok).toBe(true);
    expect(await stateOf(world)).toEqual(before);
    expect(await eventsOf(world)).toEqual(events);
  });

  it("of many at once one counts, and each is signed", async () => {
    const world = await enrolling();
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        enrol(world.held, { ...form, requiredPersonalizationInfo: { ...info, fullName: `Person ${index}` } }),
      ),
    );
    for (const { status, text } of answers) expect(status, text).toBe(200);
    const events = (await eventsOf(world)).map(({ type }) => type);
    expect(events.filter((type) => type === "pass.personalized")).toHaveLength(1);
    expect(events.filter((type) => type === "pass.updated")).toHaveLength(1);
    const { version, values, customer } = await stateOf(world);
    expect(version).toBe(2);
    expect(customer.name).toBe(values.member);
  });

  it("changes the package also where no field shows what was filled in", async () => {
    const world = await enrolling({ values: undefined });
    const { headers } = await fetchPass(world.held);
    expect((await enrol(world.held)).status).toBe(200);
    const fetched = await fetchPass(world.held, { "if-none-match": headers.get("etag")! });
    expect(fetched.status).toBe(200);
    expect(await filesOf(world.held)).not.toContain("personalization.json");
    expect((await stateOf(world)).values).toEqual({});
  });

  it("writes to the customer that the pass has, and only what was asked for", async () => {
    const customer = { id: "m1", name: "Z. W.", email: "old@example.com", phone: "+4930999", segments: ["vip"] };
    const world = await enrolling({ requiredFields: ["name"], values: { givenName: "member" } }, { customer });
    expect((await enrol(world.held)).status).toBe(200);
    const after = await stateOf(world);
    expect(after.values).toEqual({ member: "Zoë" });
    expect(after.customer).toEqual({
      ...customer,
      name: "Zoë Winter",
      postalCode: null,
      countryCode: null,
    });
  });

  it("makes the full name of its parts where it is not given", async () => {
    const world = await enrolling({ requiredFields: ["name"] });
    const requiredPersonalizationInfo = { givenName: " Zoë ", familyName: "Winter", fullName: null };
    expect((await enrol(world.held, { ...form, requiredPersonalizationInfo })).status).toBe(200);
    expect((await stateOf(world)).customer.name).toBe("Zoë Winter");
  });

  it("writes phone numbers in E.164 where they are international, and leaves the others as they are", async () => {
    const numbers = {
      "+49 (30) 123-456.78": "+493012345678",
      "0049 30 12345678": "+493012345678",
      "030 / 12345": "030 / 12345",
    };
    for (const [phoneNumber, stored] of Object.entries(numbers)) {
      const world = await enrolling({ requiredFields: ["phoneNumber"], values: undefined });
      await enrol(world.held, { ...form, requiredPersonalizationInfo: { phoneNumber } });
      expect((await stateOf(world)).customer.phone).toBe(stored);
    }
  });

  it("refuses a form that is not filled in, or none at all, and stores nothing", async () => {
    const world = await enrolling();
    const before = await stateOf(world);
    const wrong: [unknown, string][] = [
      [{}, "#/personalizationToken"],
      [{ ...form, personalizationToken: "" }, "#/personalizationToken"],
      [{ ...form, personalizationToken: 1 }, "#/personalizationToken"],
      [{ ...form, personalizationToken: "x".repeat(1001) }, "#/personalizationToken"],
      [{ personalizationToken: "x" }, "#/requiredPersonalizationInfo"],
      [{ ...form, requiredPersonalizationInfo: [] }, "#/requiredPersonalizationInfo"],
      [{ ...form, requiredPersonalizationInfo: { ...info, fullName: 1 } }, "#/requiredPersonalizationInfo/fullName"],
      [
        { ...form, requiredPersonalizationInfo: { ...info, ISOCountryCode: "Germany" } },
        "#/requiredPersonalizationInfo/ISOCountryCode",
      ],
      [
        { ...form, requiredPersonalizationInfo: { ...info, emailAddress: undefined } },
        "#/requiredPersonalizationInfo/emailAddress",
      ],
      [
        { ...form, requiredPersonalizationInfo: { ...info, postalCode: "  " } },
        "#/requiredPersonalizationInfo/postalCode",
      ],
      [
        { ...form, requiredPersonalizationInfo: { emailAddress: "z@example.com", phoneNumber: "1", postalCode: "1" } },
        "#/requiredPersonalizationInfo/fullName",
      ],
    ];
    for (const [body, pointer] of wrong) {
      const answer = await enrol(world.held, body);
      expect([answer.status, answer.body.code], pointer).toEqual([400, "validation_error"]);
      expect(answer.body.errors[0].pointer).toBe(pointer);
    }
    for (const body of ["", "{", "personalizationToken=x"]) {
      expect((await enrol(world.held, body)).body.code).toBe("malformed_json");
    }
    expect((await enrol(world.held, { ...form, x: "x".repeat(65_536) })).status).toBe(413);
    expect(await stateOf(world)).toEqual(before);
  });

  it("signs nothing that could be the manifest of a pass, or anything but a token", async () => {
    const world = await enrolling();
    const manifest = new TextDecoder().decode(unzipSync((await fetchPass(world.held)).bytes)["manifest.json"]);
    const wrong = [manifest, "{}", "{", "}", '"', "\\", "a b", " ", "a\n", "\t", "\u0000", "\u007f", "é", "😀"];
    for (const personalizationToken of wrong) {
      const answer = await enrol(world.held, { ...form, personalizationToken });
      expect([answer.status, answer.body.errors?.[0].pointer], personalizationToken).toEqual([
        400,
        "#/personalizationToken",
      ]);
      // The verb refuses it, too, whichever door it comes by.
      const device = { pass: { id: world.pass.id } } as DeviceContext;
      const refusal = personalizePass({} as BaseContext, "", device, { ...form, personalizationToken });
      await expect(refusal).rejects.toMatchObject({ code: "validation_error" });
    }
    expect((await stateOf(world)).personalizedAt).toBeNull();
    const printable = Array.from({ length: 94 }, (_, index) => String.fromCodePoint(0x21 + index)).join("");
    for (const personalizationToken of [printable.replace(/["\\{}]/g, ""), "x", "x".repeat(1000)]) {
      const { status, bytes } = await enrol(world.held, { ...form, personalizationToken });
      expect(status, personalizationToken).toBe(200);
      expect((await verifyDetached(bytes, new TextEncoder().encode(personalizationToken))).ok).toBe(true);
    }
  });

  it("signs for no pass whose template asks for nothing, though its holder enrolled once", async () => {
    const tenant = await newTenant();
    const pass = await newPass(tenant);
    await env.DATA_DB.prepare("update passes set personalized_at = 1 where id = ?").bind(pass.id).run();
    const answer = await enrol(await heldPass(tenant, pass.id));
    expect([answer.status, answer.body.code]).toEqual([404, "not_found"]);
  });

  it("takes a body of any type, with members that are not known yet", async () => {
    const world = await enrolling();
    const headers = { ...applePass(world.held), "content-type": "text/plain" };
    const body = JSON.stringify({ ...form, more: 1, requiredPersonalizationInfo: { ...info, nickname: "Z" } });
    expect((await enrol(world.held, body, { headers })).status).toBe(200);
  });

  it("refuses a pass that asks for nothing, and one that is void", async () => {
    const tenant = await newTenant();
    const held = await heldPass(tenant, (await newPass(tenant)).id);
    const asked = await enrol(held);
    expect([asked.status, asked.body.code]).toEqual([404, "not_found"]);
    const world = await enrolling();
    await world.tenant.delete(`/v2/passes/${world.pass.id}`);
    const answer = await enrol(world.held);
    expect([answer.status, answer.body.code]).toEqual([409, "pass_voided"]);
    expect((await stateOf(world)).personalizedAt).toBeNull();
  });

  it("stores nothing of what it cannot sign", async () => {
    const world = await enrolling();
    await env.DATA_DB.prepare(
      "update apple_identities set private_key = 'x', certificate = certificate || ' ' where tenant_id = ?",
    )
      .bind(world.tenant.id)
      .run();
    expect((await enrol(world.held)).status).toBe(500);
    expect((await stateOf(world)).personalizedAt).toBeNull();
  });
});
