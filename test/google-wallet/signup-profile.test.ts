import { Buffer } from "node:buffer";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodedCharactersMax, profileFields, readProfile } from "../../src/google-wallet/signup/profile";

const runs = { numRuns: 500, seed: 2026 };

const encode = (json: unknown): string => Buffer.from(JSON.stringify(json)).toString("base64");
const ok = (profile: object) => ({ ok: true, profile });
const failed = (reason: string) => ({ ok: false, reason });

/** Google's names with what each becomes. */
const names = {
  FIRST_NAME: "firstName",
  LAST_NAME: "lastName",
  STREET_ADDRESS: "streetAddress",
  ADDRESS_LINE_1: "addressLine1",
  ADDRESS_LINE_2: "addressLine2",
  ADDRESS_LINE_3: "addressLine3",
  CITY: "city",
  STATE: "state",
  ZIPCODE: "zipcode",
  COUNTRY: "country",
  EMAIL: "email",
  PHONE: "phone",
};

describe("the profile that Google sends to a sign-up page", () => {
  it("R270 R271 takes the twelve names of Google's and makes camelCase of them", () => {
    expect(Object.values(names)).toEqual([...profileFields]);
    const sent = Object.fromEntries(Object.keys(names).map((name, index) => [name, `value ${index}`]));
    const expected = Object.fromEntries(Object.values(names).map((name, index) => [name, `value ${index}`]));
    expect(readProfile(encode(sent))).toEqual(ok(expected));
  });

  it.each(Object.entries(names))("R271 takes %s in any spelling", (google, ours) => {
    const words = google.toLowerCase().split("_");
    const spellings = [
      google,
      ours,
      google.toLowerCase(),
      ours.toUpperCase(),
      words.join("-"),
      words.join(" "),
      words.map((word) => word[0]!.toUpperCase() + word.slice(1)).join(""),
      words.map((word) => word[0]!.toUpperCase() + word.slice(1)).join("_"),
      ` ${words.join(" ")} `,
    ];
    for (const spelling of spellings) {
      expect(readProfile(encode({ [spelling]: "x" })), spelling).toEqual(ok({ [ours]: "x" }));
    }
  });

  it("R271 takes the first spelling that has a value", () => {
    expect(readProfile(encode({ FIRST_NAME: "Zoë", firstName: "Ann" }))).toEqual(ok({ firstName: "Zoë" }));
    expect(readProfile(encode({ FIRST_NAME: " ", first_name: null, firstName: "Ann" }))).toEqual(
      ok({ firstName: "Ann" }),
    );
  });

  it("R271 passes over what it does not know, and what is no text", () => {
    const sent = {
      NICKNAME: "Z",
      constructor: "x",
      FIRST_NAME: 7,
      LAST_NAME: { text: "x" },
      CITY: ["x"],
      STATE: true,
      EMAIL: null,
      COUNTRY: "DE",
    };
    expect(readProfile(encode(sent))).toEqual(ok({ country: "DE" }));
    const own = Buffer.from('{"__proto__":{"email":"x@example.com"},"toString":"x","email":"zoe@example.com"}');
    expect(readProfile(own.toString("base64"))).toEqual(ok({ email: "zoe@example.com" }));
    expect(readProfile(encode({}))).toEqual(ok({}));
  });

  it("R271 trims, cleans and caps values, and leaves out those that are empty then", () => {
    const values = (sent: object) => {
      const read = readProfile(encode(sent));
      return read.ok && read.profile;
    };
    expect(values({ FIRST_NAME: "  Zoë\u00a0\u2003", LAST_NAME: "\t \n", CITY: "" })).toEqual({ firstName: "Zoë" });
    expect(values({ FIRST_NAME: "Z\u0000o\u007f\u0085ë\r\n\u001b" })).toEqual({ firstName: "Zoë" });
    expect(values({ FIRST_NAME: "\ud800Zoë\udc00", CITY: "\ud83d", STATE: "\ud83d\u0000\ude00" })).toEqual({
      firstName: "Zoë",
    });
    expect(values({ FIRST_NAME: "😀".repeat(300) })).toEqual({ firstName: "😀".repeat(256) });
    expect(values({ FIRST_NAME: `${"x".repeat(255)} y` })).toEqual({ firstName: "x".repeat(255) });
  });

  it.each([
    ["e30", {}],
    ["e30=", {}],
    ["eyJFTUFJTCI6ICJ6b2VAZXhhbXBsZS5jb20ifQ==", { email: "zoe@example.com" }],
    ["eyJFTUFJTCI6ICJ6b2VAZXhhbXBsZS5jb20ifQ", { email: "zoe@example.com" }],
    // {"CITY":"ÿþ?>~"} has both characters in which the alphabets differ.
    ["eyJDSVRZIjoiw7/Dvj8+fiJ9", { city: "ÿþ?>~" }],
    ["eyJDSVRZIjoiw7_Dvj8-fiJ9", { city: "ÿþ?>~" }],
    ["eyJDSVRZIjoiw7/Dvj8 fiJ9", { city: "ÿþ?>~" }],
    // As android.util.Base64 writes it by default.
    ["eyJDSVRZIjoi\nw7/Dvj8+\r\nfiJ9\n", { city: "ÿþ?>~" }],
  ])("R270 takes either alphabet, padded or not, spaces for +, and broken lines: %j", (encoded, expected) => {
    expect(readProfile(encoded)).toEqual(ok(expected));
  });

  it.each([
    ["another character", "e30!", "not_base64"],
    ["a tab", "e3\t0=", "not_base64"],
    ["a percent sign", "e30%3D", "not_base64"],
    ["padding inside", "e3=0", "not_base64"],
    ["a length that no bytes have", "e30ab", "not_base64"],
    ["half of its padding", "eyJFTUFJTCI6ICJ6b2VAZXhhbXBsZS5jb20ifQ=", "not_base64"],
    ["too much padding", "e30==", "not_base64"],
    ["nothing but padding", "==", "not_base64"],
    ["a letter that looks alike", "е30", "not_base64"],
    ["bytes that are no UTF-8", Buffer.from([0x7b, 0xff, 0x7d]).toString("base64"), "not_utf8"],
    ["a half surrogate in UTF-8", Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]).toString("base64"), "not_utf8"],
    ["UTF-16", Buffer.from("{}", "utf16le").toString("base64"), "not_json"],
    ["a text that is no JSON", Buffer.from("{'EMAIL': 1}").toString("base64"), "not_json"],
    ["JSON that is cut off", Buffer.from('{"EMAIL": "zoe').toString("base64"), "not_json"],
    ["an array", encode([{ EMAIL: "zoe@example.com" }]), "not_an_object"],
    ["null", encode(null), "not_an_object"],
    ["a text", encode("zoe@example.com"), "not_an_object"],
    ["a number", encode(7), "not_an_object"],
    ["a truth value", encode(true), "not_an_object"],
    ["too much", "A".repeat(encodedCharactersMax + 1), "too_long"],
  ])("R270 refuses %s", (_, encoded, reason) => {
    expect(readProfile(encoded)).toEqual(failed(reason));
  });

  it("R270 takes as much as is allowed, and objects that are nested as deep as that goes", () => {
    const filler = "x".repeat((encodedCharactersMax / 4) * 3 - '{"CITY":""}'.length);
    const encoded = encode({ CITY: filler });
    expect(encoded).toHaveLength(encodedCharactersMax);
    expect(readProfile(encoded)).toEqual(ok({ city: "x".repeat(256) }));
    const nested = Buffer.from(`{"EMAIL":"z@example.com","CITY":${"[".repeat(3000)}${"]".repeat(3000)}}`);
    expect(readProfile(nested.toString("base64"))).toEqual(ok({ email: "z@example.com" }));
  });

  it("R270 R271 never throws, and what it takes is short, clean and of the twelve, whatever is sent", () => {
    const key = fc.oneof(fc.constantFrom(...Object.keys(names), ...profileFields), fc.string({ unit: "binary" }));
    const sent = fc.oneof(
      fc.dictionary(key, fc.oneof(fc.string({ unit: "binary", maxLength: 400 }), fc.jsonValue())).map(encode),
      fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes).toString("base64")),
      fc.string({ unit: "binary" }),
      fc.stringMatching(/^[A-Za-z0-9+/=_ -]*$/),
    );
    let taken = 0;
    fc.assert(
      fc.property(sent, (encoded) => {
        const read = readProfile(encoded);
        if (!read.ok) return;
        for (const [name, value] of Object.entries(read.profile)) {
          taken += 1;
          expect(profileFields).toContain(name);
          expect(value).toMatch(/^[^\p{Cc}\p{Cs}]+$/u);
          expect(value.trim()).toBe(value);
          expect(Array.from(value).length).toBeLessThanOrEqual(256);
        }
      }),
      runs,
    );
    expect(taken).toBeGreaterThan(100);
  });
});
