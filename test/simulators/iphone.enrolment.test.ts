import { describe, expect, it } from "vitest";
import type { PassRefused } from "../../src/simulators/iphone/inspect";
import { newPass, newTemplate, newTenant, pixel, type TestTenant } from "../support/api";
import { newLine, newPhone, type Line } from "./phone";

const encryptionPublicKey =
  "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEaxfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpZP40Li/hp/m47n60p8D54WK84zV2sxXs7LtkBoN79R9Q==";
const pictures = { "1x": pixel, "2x": pixel, "3x": pixel };
const person = {
  fullName: "Ada Lovelace",
  givenName: "Ada",
  familyName: "Lovelace",
  emailAddress: "ada@example.com",
  phoneNumber: "+493012345678",
};

async function rewardsCard(tenant: TestTenant): Promise<any> {
  const templateId = await newTemplate(tenant, {
    images: { icon: pictures, personalizationLogo: pictures },
    nfc: { message: "{{pass.id}}", encryptionPublicKey },
    personalization: {
      description: "Join Fern & Finch and collect points.",
      requiredFields: ["name", "emailAddress"],
      values: { name: "member" },
    },
  });
  return newPass(tenant, { templateId, values: {} });
}

const enrolling = (answer: (ask: () => Promise<Response>) => Promise<Response>): Line["meddle"] => {
  return (_, path, ask) => (path.endsWith("/personalize") ? answer(ask) : ask());
};

describe("joining a rewards programme on an iPhone", () => {
  it("sends what the pass asks for, checks the signed token, and gets the pass of a member", async () => {
    const tenant = await newTenant();
    const pass = await rewardsCard(tenant);
    const phone = await newPhone();
    await phone.install(pass.links.page);
    expect(Object.keys(phone.wallet[0]!.files)).toContain("personalization.json");

    expect(await phone.personalize(pass.id, person)).toMatchObject({ outcome: "updated" });
    expect(phone.wallet[0]!.front.member).toBe("Ada Lovelace");
    expect(Object.keys(phone.wallet[0]!.files)).not.toContain("personalization.json");
    const { body } = await tenant.get(`/v2/passes/${pass.id}`);
    // The phone number was not asked for.
    expect(body.customer).toMatchObject({ name: "Ada Lovelace", email: "ada@example.com", phone: null });
    expect(body.personalizedAt).not.toBeNull();
    await expect(phone.personalize(pass.id, person)).rejects.toThrow("it has no personalization.json");
  });

  it("does not send a form that is not filled in", async () => {
    const tenant = await newTenant();
    const pass = await rewardsCard(tenant);
    const line = newLine();
    const phone = await newPhone({ fetch: line.fetch });
    await phone.install(pass.links.page);
    const asked = line.calls.length;
    await expect(phone.personalize(pass.id, { fullName: "Ada" })).rejects.toThrow(
      "PKPassPersonalizationFieldEmailAddress is asked for and not filled in",
    );
    expect(line.calls).toHaveLength(asked);
  });

  it("does not join where the token comes back unsigned, or signed for another pass type", async () => {
    const [tenant, stranger] = [await newTenant(), await newTenant()];
    const [pass, foreign] = [await rewardsCard(tenant), await rewardsCard(stranger)];
    const octets = { headers: { "content-type": "application/octet-stream" } };
    const other = newLine();
    const victim = await newPhone({ fetch: other.fetch });
    await victim.install(foreign.links.page);
    let foreignSignature: Uint8Array | undefined;
    other.meddle = enrolling(async (ask) => {
      const response = await ask();
      foreignSignature = await response.clone().bytes();
      return response;
    });
    await victim.personalize(foreign.id, person);

    const answers: [() => Response, string][] = [
      [() => new Response("yes", octets), "not_cms"],
      [() => new Response(foreignSignature as BodyInit, octets), "signature_invalid"],
      [() => new Response("<p>yes", { headers: { "content-type": "text/html" } }), "media_type_wrong"],
      [() => new Response(null, { status: 401 }), "unexpected_status"],
    ];
    for (const [answer, code] of answers) {
      const line = newLine();
      const phone = await newPhone({ fetch: line.fetch });
      await phone.install(pass.links.page);
      line.meddle = enrolling(async () => answer());
      const refused: PassRefused = await phone.personalize(pass.id, person).catch((error) => error);
      expect(refused.faults.map((fault) => fault.code)).toEqual([code]);
      expect(Object.keys(phone.wallet[0]!.files)).toContain("personalization.json");
    }
  });
});
