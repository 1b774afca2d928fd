import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { validateGoogle } from "../../src/google-wallet/fields/validate";
import { verticalTypes } from "../../src/google-wallet/fields/verticals";
import { announcementOf } from "../../src/google-wallet/announce";
import { classIdOf, projectGooglePass } from "../../src/google-wallet/project";
import { hints } from "../../src/google-wallet/project/hints";
import type { Json, JsonObject, ResolvedField, ResolvedImages, ResolvedPass } from "../../src/pass-model/resolved-pass";
import { semanticTags } from "../../src/pass-model/semantic-tags";
import {
  barcodeFormats,
  dateStyles,
  fieldPositions,
  fieldTypes,
  googleVerticals,
  imageSlots,
  passStyles,
  transitTypes,
} from "../../src/pass-model/vocabulary";
import { googleOptions, now, resolvedOf } from "./designs";

const runs = { numRuns: 400, seed: 2026 };

const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 60 }),
  fc.constantFrom("", " ", "–", "BER", "LIS", "X0 412", "34.56", "__proto__", "constructor", "\ud800", "2026-02-30"),
  fc.string({ minLength: 600, maxLength: 700 }),
);
const instant = fc.constantFrom(
  "2026-05-02T10:05+02:00",
  "2026-05-02T08:05:00.123456Z",
  "0001-01-01T00:00:00+14:00",
  "9999-12-31T23:59:59-12:00",
);
const scalar = fc.oneof(
  text,
  instant,
  fc.constantFrom("Europe/Berlin", "Nowhere/Land", "EUR", "XXX", "delayed", "on-time"),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer(),
);
const json = fc.jsonValue({ depthSize: "small" }) as fc.Arbitrary<Json>;

const money = fc.record({ amount: fc.oneof(text, fc.double()), currencyCode: fc.oneof(text, fc.constant("EUR")) });
const person = fc.record({ givenName: fc.oneof(text, json), familyName: text }, { requiredKeys: [] });
const seat = fc.record({ seatSection: text, seatRow: text, seatNumber: scalar, seatType: json }, { requiredKeys: [] });

const semantics = fc.dictionary(
  fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...Object.keys(semanticTags)) }, { weight: 1, arbitrary: text }),
  fc.oneof(scalar, money, person, fc.array(fc.oneof(seat, json), { maxLength: 3 }), json),
  { maxKeys: 25 },
) as fc.Arbitrary<JsonObject>;

const hintedKeys = Object.values(hints).flatMap((hint): readonly string[] => ("keys" in hint ? hint.keys : []));
const key = fc.oneof(fc.constantFrom(...hintedKeys), fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,39}$/));

const field: fc.Arbitrary<ResolvedField> = fc.record({
  key,
  label: fc.option(text),
  type: fc.constantFrom(...fieldTypes),
  position: fc.constantFrom(...fieldPositions),
  value: scalar,
  currencyCode: fc.constantFrom("EUR", "JPY", "???", null),
  timeZone: fc.constantFrom("Asia/Kolkata", "Nowhere/Land", null),
  relative: fc.boolean(),
  dateStyle: fc.option(fc.constantFrom(...dateStyles)),
  timeStyle: fc.option(fc.constantFrom(...dateStyles)),
  numberStyle: fc.constantFrom("decimal", "percent", "scientific", "spellOut", null),
  textAlignment: fc.constant(null),
  dataDetectorTypes: fc.constant(null),
  changeMessage: fc.option(text),
  row: fc.constant(null),
  semantics: fc.option(semantics),
});

const image = fc.record({
  id: fc.constant("img_1"),
  width: fc.integer({ min: 0, max: 4000 }),
  height: fc.integer({ min: 0, max: 4000 }),
  sha256: fc.constant("00"),
});
const images = fc.dictionary(
  fc.constantFrom(...imageSlots),
  fc.record({ original: image, "1x": image, "3x": image }, { requiredKeys: [] }),
) as fc.Arbitrary<ResolvedImages>;

const location = fc.record({
  latitude: fc.double({ min: -90, max: 90, noNaN: true }),
  longitude: fc.double({ min: -180, max: 180, noNaN: true }),
  altitude: fc.constant(null),
  radius: fc.option(fc.nat()),
  relevantText: fc.option(text),
});

const ownNames =
  "state id reviewStatus rotatingBarcode barcode ticketLegs eventName programLogo venue validTimeInterval passengerName classTemplateInfo textModulesData heroImage flightHeader".split(
    " ",
  );

const ownMembers = fc.dictionary(
  fc.constantFrom(...ownNames),
  fc.oneof(json, fc.constant({ defaultValue: { language: "en", value: "Festival" } }), fc.constant([])),
  { maxKeys: 6 },
) as fc.Arbitrary<JsonObject>;

const blank = resolvedOf({ design: { style: "generic" } });

const hostilePass: fc.Arbitrary<ResolvedPass> = fc
  .record({
    style: fc.constantFrom(...passStyles),
    transitType: fc.option(fc.constantFrom(...transitTypes)),
    organizationName: text,
    description: text,
    logoText: fc.option(text),
    colors: fc.record({
      background: fc.constantFrom("#1a2b3c", null),
      foreground: fc.constantFrom("#1a2b3c", null),
      label: fc.constantFrom("#1a2b3c", null),
    }),
    fields: fc.uniqueArray(field, { selector: (one) => one.key, maxLength: 20 }),
    barcode: fc.option(
      fc.record({
        format: fc.constantFrom(...barcodeFormats),
        message: text,
        altText: fc.option(text),
        encoding: fc.constantFrom("iso-8859-1", "utf-8", "us-ascii"),
      }),
    ),
    expiresAt: fc.option(instant),
    voided: fc.boolean(),
    locations: fc.array(location, { maxLength: 13 }),
    groupingIdentifier: fc.option(text),
    sharingProhibited: fc.boolean(),
    appLaunchUrl: fc.option(fc.oneof(text, fc.webUrl())),
    externalId: fc.option(text),
    semantics,
    google: fc.record({
      vertical: fc.option(fc.constantFrom(...googleVerticals)),
      class: ownMembers,
      object: ownMembers,
    }),
    localizations: fc.dictionary(
      fc.constantFrom("de", "ar", "pt-BR", "zh-Hant-TW"),
      fc.dictionary(text, text, { maxKeys: 5 }),
    ),
    images,
    templateImages: images,
    locale: fc.constantFrom("en-US", "de", "xx-XX", "ar-EG"),
    timeZone: fc.constantFrom("UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago"),
  })
  .map((members): ResolvedPass => {
    const layout = members.fields.map(({ key: name, label, type, position }) => ({ key: name, label, type, position }));
    const withValue = members.fields.filter((_, index) => index % 4 !== 3);
    return { ...blank, ...members, fields: withValue, layout } as ResolvedPass;
  });

describe("a pass that holds anything", () => {
  it("R021 never throws, and is what Google takes", () => {
    fc.assert(
      fc.property(hostilePass, fc.option(fc.constantFrom(...googleVerticals)), (pass, vertical) => {
        const { output, warnings } = projectGooglePass(pass, { ...googleOptions, vertical });
        const types = verticalTypes[output.vertical];
        const classId = "3388000000012345678.c";
        if (output.class) expect(validateGoogle(types.class, { id: classId, ...output.class })).toEqual([]);
        // What lacks a class is sent as a change of an object that is there.
        const partial = output.class === null;
        expect(validateGoogle(types.object, { classId, ...output.object }, { partial })).toEqual([]);
        expect(partial).toBe(warnings.some(({ code }) => code === "google_class_unchanged"));
        expect(vertical === null || output.vertical === vertical).toBe(true);
        for (const { code, pointer } of warnings) {
          expect(code).toMatch(/^google_[a-z_]+$/);
          expect(pointer).toMatch(/^#\//);
          expect(pointer).not.toMatch(/^#\/fields\/(-1|undefined)/);
        }
      }),
      runs,
    );
  });

  it("R021 is projected the same each time, with a class of the same name", async () => {
    await fc.assert(
      fc.asyncProperty(hostilePass, async (pass) => {
        const [one, other] = [projectGooglePass(pass, googleOptions), projectGooglePass(pass, googleOptions)];
        expect(other).toEqual(one);
        const { vertical, class: body } = one.output;
        const ids = [one, other].map(({ output }) => classIdOf("1", pass, vertical, output.class!));
        expect(await ids[0]).toBe(await ids[1]);
        expect(body).not.toBeNull();
      }),
      { numRuns: 50, seed: 2027 },
    );
  });

  it("R122 announces without throwing", () => {
    fc.assert(
      fc.property(hostilePass, hostilePass, (previous, current) => {
        announcementOf(previous, current, now);
      }),
      { numRuns: 100, seed: 2028 },
    );
  });
});
