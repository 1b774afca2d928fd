import { describe, expect, it } from "vitest";
import { checkDesign } from "../../src/pass-model/check-design";
import { templateDesign } from "../../src/pass-model/design";
import { designOf, passOf, resolveOf, type DesignInput } from "./make";

type Personalization = NonNullable<DesignInput["personalization"]>;

const nfc = {
  message: "{{pass.id}}",
  encryptionPublicKey:
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEaxfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpZP40Li/hp/m47n60p8D54WK84zV2sxXs7LtkBoN79R9Q==",
};

const fields: DesignInput["fields"] = [
  { key: "member", type: "text", position: "secondary" },
  { key: "email", type: "email", position: "back" },
  { key: "phone", type: "phone", position: "back" },
  { key: "points", type: "number", position: "header" },
  { key: "motto", type: "text", position: "back", value: "Hello" },
  { key: "greeting", type: "text", position: "back", expression: "member" },
];

function rewards(members: Partial<Personalization> = {}, design: DesignInput = {}): DesignInput {
  return {
    nfc,
    fields,
    images: { icon: "img_icon", personalizationLogo: "img_logo" },
    personalization: { description: "Join us", requiredFields: ["name"], ...members },
    ...design,
  };
}

const found = (members: DesignInput) =>
  checkDesign(designOf(members)).issues.map(({ pointer, code }) => [pointer, code]);

describe("what a design asks its holders", () => {
  it("is right with NFC, a logo, and fields that can show it", () => {
    const values = {
      name: "member",
      givenName: "member",
      familyName: "member",
      emailAddress: "email",
      phoneNumber: "phone",
      postalCode: "member",
      countryCode: "member",
    };
    const requiredFields: Personalization["requiredFields"] = ["name", "postalCode", "emailAddress", "phoneNumber"];
    expect(found(rewards({ requiredFields, values }))).toEqual([]);
    expect(found(rewards({ requiredFields, values: { emailAddress: "member", phoneNumber: "member" } }))).toEqual([]);
    const sized = { "1x": "img_1", "2x": "img_2", "3x": "img_3" };
    expect(found(rewards({}, { images: { icon: "img_icon", personalizationLogo: sized } }))).toEqual([]);
  });

  it.each<[string, DesignInput, string, string]>([
    ["without NFC", rewards({}, { nfc: undefined } as DesignInput), "#/nfc", "missing_nfc"],
    [
      "without a logo",
      rewards({}, { images: { icon: "img_icon" } }),
      "#/images/personalizationLogo",
      "missing_personalization_logo",
    ],
    [
      "with a logo at one density",
      rewards({}, { images: { icon: "img_icon", personalizationLogo: { "1x": "img_1" } } }),
      "#/images/personalizationLogo",
      "missing_personalization_logo",
    ],
    ["shown by no field", rewards({ values: { name: "none" } }), "#/personalization/values/name", "unknown_field"],
    [
      "shown by a field of another type",
      rewards({ values: { name: "points" } }),
      "#/personalization/values/name",
      "unknown_field",
    ],
    [
      "a phone number in an e-mail field",
      rewards({ requiredFields: ["phoneNumber"], values: { phoneNumber: "email" } }),
      "#/personalization/values/phoneNumber",
      "unknown_field",
    ],
    [
      "shown by a static field",
      rewards({ values: { name: "motto" } }),
      "#/personalization/values/name",
      "not_settable",
    ],
    [
      "shown by a computed field",
      rewards({ values: { givenName: "greeting" } }),
      "#/personalization/values/givenName",
      "not_settable",
    ],
  ])("R222 is refused %s", (_, design, pointer, code) => {
    expect(found(design)).toEqual([[pointer, code]]);
  });

  it.each([[], ["name", "name"], ["nickname"]])(
    "R222 has one to four fields, each once: not %j",
    (...requiredFields) => {
      expect(templateDesign.safeParse(designOf(rewards())).success).toBe(true);
      const design = { ...designOf(rewards()), personalization: { description: "Join", requiredFields } };
      expect(templateDesign.safeParse(design).success).toBe(false);
    },
  );

  it("is warned of a field that shows what nobody is asked for", () => {
    const { warnings } = checkDesign(designOf(rewards({ values: { emailAddress: "email" } })));
    expect(warnings).toMatchObject([{ code: "not_asked_for", pointer: "#/personalization/values/emailAddress" }]);
  });

  it("resolves to what is asked, until it was answered", () => {
    const asked = { description: "Join us", requiredFields: ["name"], termsAndConditions: null };
    expect(resolveOf(rewards()).personalization).toEqual({ ...asked, done: false });
    expect(resolveOf(rewards(), passOf({ personalized: true })).personalization).toEqual({ ...asked, done: true });
    expect(resolveOf({}).personalization).toBeNull();
  });
});
