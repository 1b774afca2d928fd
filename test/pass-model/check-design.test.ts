import { describe, expect, it } from "vitest";
import { checkDesign } from "../../src/pass-model/check-design";
import { templateDesign } from "../../src/pass-model/design";
import { celReservedWords } from "../../src/pass-model/expressions";
import { fieldTypeRules } from "../../src/pass-model/field-types";
import { fieldTypes, passStyles } from "../../src/pass-model/vocabulary";
import { designOf, type DesignInput, type FieldInput } from "./make";

const p256 =
  "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEaxfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpZP40Li/hp/m47n60p8D54WK84zV2sxXs7LtkBoN79R9Q==";

const issuesOf = (members: DesignInput) => checkDesign(designOf(members)).issues;
const warningsOf = (members: DesignInput) => checkDesign(designOf(members)).warnings;
const field = (more: Partial<FieldInput> = {}): FieldInput => ({ key: "a", type: "text", position: "back", ...more });
const withField = (more: Partial<FieldInput>): DesignInput => ({ fields: [field(more)] });

describe("a design that is right", () => {
  it.each(passStyles)("R010 R011 R012 R013 R014 needs little for a %s", (style) => {
    const { issues, warnings, compiled } = checkDesign(
      designOf({ style, ...(style === "boardingPass" && { transitType: "air" }) }),
    );
    expect({ issues, warnings }).toEqual({ issues: [], warnings: [] });
    expect(compiled).not.toBeNull();
  });

  it.each(fieldTypes)("R056 has fields of type %s, with a specimen that is right", (type) => {
    const value = fieldTypeRules[type].specimen;
    const currency = type === "currency" && { currencyCode: "EUR" };
    expect(issuesOf(withField({ type, value, ...currency }))).toEqual([]);
    expect(issuesOf(withField({ type, default: value, ...currency }))).toEqual([]);
  });
});

describe("R015 each rule of a design refuses", () => {
  it.each<[string, DesignInput, pointer: string, code: string, detail: string]>([
    [
      "a boarding pass without transitType",
      { style: "boardingPass" },
      "#/transitType",
      "missing_transit_type",
      "a boarding pass needs a transitType",
    ],
    [
      "a transitType on another style",
      { style: "coupon", transitType: "air" },
      "#/transitType",
      "unsupported_for_style",
      "only a boarding pass has a transitType",
    ],
    [
      "no icon",
      { images: { logo: { "1x": "img_logo" } } },
      "#/images/icon",
      "missing_icon",
      "every pass needs an icon; without it Wallet does not open it",
    ],
    [
      "an icon without a picture",
      { images: { icon: {} } },
      "#/images/icon",
      "missing_icon",
      "every pass needs an icon; without it Wallet does not open it",
    ],
    [
      "a key that is there twice",
      { fields: [field(), field({ key: "b" }), field({ position: "header" })] },
      "#/fields/2/key",
      "duplicate_key",
      "the key a is used twice",
    ],
    [
      "grouping on a style that is not grouped",
      { groupingIdentifier: "festival" },
      "#/groupingIdentifier",
      "unsupported_for_style",
      "only boarding passes and event tickets are grouped",
    ],
    [
      "an app URL that is none",
      { appLaunchUrl: "fern finch", associatedStoreIdentifiers: [1] },
      "#/appLaunchUrl",
      "invalid_url",
      "expected a URL; a custom scheme is allowed",
    ],
    [
      "an app URL with a space",
      { appLaunchUrl: "https://example.com/a b", associatedStoreIdentifiers: [1] },
      "#/appLaunchUrl",
      "invalid_url",
      "expected a URL; a custom scheme is allowed",
    ],
    [
      "an app URL without an app",
      { appLaunchUrl: "fernfinch://card" },
      "#/appLaunchUrl",
      "missing_app",
      "appLaunchUrl needs associatedStoreIdentifiers",
    ],
    [
      "an expiration field that is not there",
      { expiration: { type: "field", field: "until" } },
      "#/expiration/field",
      "unknown_field",
      "expected the key of a date or dateTime field",
    ],
    [
      "an expiration field of another type",
      { expiration: { type: "field", field: "a" }, ...withField({ type: "text" }) },
      "#/expiration/field",
      "unknown_field",
      "expected the key of a date or dateTime field",
    ],
    [
      "a relevant date of a field that is no dateTime",
      { relevantDates: [{ date: "2026-05-01T10:00:00Z" }, { field: "a" }], ...withField({ type: "date" }) },
      "#/relevantDates/1/field",
      "unknown_field",
      "expected the key of a dateTime field",
    ],
    [
      "a relevant interval of more than 24 hours",
      { relevantDates: [{ startDate: "2026-05-01T10:00:00Z", endDate: "2026-05-02T10:00:01Z" }] },
      "#/relevantDates/0",
      "invalid_interval",
      "an interval ends after it starts and lasts at most 24 hours",
    ],
    [
      "an unknown placeholder in the barcode's message",
      { barcode: { format: "qr", message: "{{bookingg}}" } },
      "#/barcode/message",
      "unknown_placeholder",
      "{{bookingg}} is neither a field nor one of pass.id, pass.serialNumber, pass.externalId, customer.id",
    ],
    [
      "an unknown placeholder in the barcode's alternative text",
      { barcode: { format: "qr", message: "x", altText: "{{pass.number}}" } },
      "#/barcode/altText",
      "unknown_placeholder",
      "{{pass.number}} is neither a field nor one of pass.id, pass.serialNumber, pass.externalId, customer.id",
    ],
    [
      "an unknown placeholder in the NFC message",
      { nfc: { message: "{{card}}", encryptionPublicKey: p256 } },
      "#/nfc/message",
      "unknown_placeholder",
      "{{card}} is neither a field nor one of pass.id, pass.serialNumber, pass.externalId, customer.id",
    ],
    [
      "an unknown placeholder in the semantic tags",
      { semantics: { seats: [{ seatRow: "{{row}}" }] } },
      "#/semantics",
      "unknown_placeholder",
      "{{row}} is neither a field nor one of pass.id, pass.serialNumber, pass.externalId, customer.id",
    ],
    [
      "an unknown placeholder in apple",
      { apple: { eventLogoText: "{{name}}" } },
      "#/apple",
      "unknown_placeholder",
      "{{name}} is neither a field nor one of pass.id, pass.serialNumber, pass.externalId, customer.id",
    ],
    [
      "an unknown placeholder in the tags of a field",
      withField({ semantics: { departureGate: "{{gate}}" } }),
      "#/fields/0/semantics",
      "unknown_placeholder",
      "{{gate}} is neither a field nor one of pass.id, pass.serialNumber, pass.externalId, customer.id",
    ],
    [
      "a static barcode that cannot be drawn",
      { barcode: { format: "ean13", message: "5901234123450" } },
      "#/barcode/message",
      "invalid_barcode",
      "the check digit of this ean13 message would be 7",
    ],
    [
      "a static barcode that does not fit its encoding",
      { barcode: { format: "qr", message: "東京", encoding: "iso-8859-1" } },
      "#/barcode/message",
      "invalid_barcode",
      "the message does not fit iso-8859-1",
    ],
    [
      "null in the user info",
      { userInfo: { seat: null } },
      "#/userInfo/seat",
      "null_value",
      "null is not allowed in a pass; leave the member out",
    ],
    [
      "an NFC key of another curve",
      { nfc: { message: "x", encryptionPublicKey: btoa("not a key") } },
      "#/nfc/encryptionPublicKey",
      "invalid_key",
      "expected the base64 X.509 SubjectPublicKeyInfo of a P-256 key",
    ],
    [
      "an NFC key that was cut off",
      { nfc: { message: "x", encryptionPublicKey: p256.slice(0, 120) } },
      "#/nfc/encryptionPublicKey",
      "invalid_key",
      "expected the base64 X.509 SubjectPublicKeyInfo of a P-256 key",
    ],
    [
      "a semantic tag of the wrong shape",
      { semantics: { flightNumber: "X0" } },
      "#/semantics/flightNumber",
      "wrong_type",
      "flightNumber: expected a whole number",
    ],
    [
      "a semantic tag of a field of the wrong shape",
      withField({ semantics: { silenceRequested: "yes" } }),
      "#/fields/0/semantics/silenceRequested",
      "wrong_type",
      "silenceRequested: expected true or false",
    ],
    [
      "an expression that is none",
      withField({ expression: "1 +" }),
      "#/fields/0/expression",
      "invalid_expression",
      "Unexpected token: EOF",
    ],
  ])("%s", (_, members, pointer, code, detail) => {
    expect(issuesOf(members)).toEqual([{ pointer, code, detail }]);
  });

  it("takes the right counterparts of these", () => {
    const right: DesignInput = {
      style: "eventTicket",
      groupingIdentifier: "festival",
      appLaunchUrl: "fernfinch://card?x=1",
      associatedStoreIdentifiers: [284882215],
      expiration: { type: "field", field: "day" },
      relevantDates: [{ field: "at" }, { startDate: "2026-05-01T10:00:00Z", endDate: "2026-05-02T10:00:00Z" }],
      barcode: { format: "ean13", message: "{{code}}", altText: "{{ pass.externalId }}" },
      nfc: { message: "{{customer.id}}", encryptionPublicKey: p256 },
      userInfo: { seats: [] },
      fields: [
        field({ key: "day", type: "date" }),
        field({ key: "at", type: "dateTime" }),
        field({ key: "code", semantics: { departureGate: "{{code}}" } }),
      ],
    };
    expect(issuesOf(right)).toEqual([]);
  });

  it("R221 reports all of a design's mistakes at once", () => {
    const members: DesignInput = {
      style: "boardingPass",
      images: {},
      fields: [field(), field()],
      groupingIdentifier: "x",
    };
    expect(issuesOf(members).map(({ code }) => code)).toEqual([
      "missing_transit_type",
      "missing_icon",
      "duplicate_key",
    ]);
  });
});

describe("R056 each rule of a field refuses", () => {
  it.each<[string, Partial<FieldInput>, member: string, code: string, detail: string]>([
    ["a reserved word of CEL as key", { key: "in" }, "key", "reserved_key", "in is a reserved word of CEL"],
    [
      "a member of every object as key",
      { key: "constructor" },
      "key",
      "reserved_key",
      "constructor is a reserved word of JavaScript",
    ],
    [
      "a value that is static and computed",
      { value: "x", expression: '"y"' },
      "expression",
      "two_sources",
      "a field is static or computed, not both",
    ],
    [
      "a static value with a default",
      { value: "x", default: "y" },
      "default",
      "two_sources",
      "a static or computed field has neither default nor required",
    ],
    [
      "a computed value that is required",
      { expression: '"x"', required: true },
      "required",
      "two_sources",
      "a static or computed field has neither default nor required",
    ],
    ["a static value of another type", { type: "number", value: "1" }, "value", "wrong_type", "expected a number"],
    [
      "a default of another type",
      { type: "date", default: "1.5.2026" },
      "default",
      "wrong_type",
      "expected a date as YYYY-MM-DD",
    ],
    [
      "R223 a default without an offset",
      { type: "dateTime", default: "2026-05-01T18:30:00" },
      "default",
      "wrong_type",
      "expected an ISO 8601 date and time with an offset, such as 2026-05-01T18:30:00+02:00",
    ],
    [
      "R063 money without a currency",
      { type: "currency" },
      "currencyCode",
      "missing_currency",
      "a currency field needs a currencyCode",
    ],
    [
      "a currency on a number",
      { type: "number", currencyCode: "EUR" },
      "currencyCode",
      "unsupported_for_type",
      "only a currency field has currencyCode",
    ],
    [
      "a zone on a date",
      { type: "date", timeZone: "Europe/Berlin" },
      "timeZone",
      "unsupported_for_type",
      "only a time, dateTime field has timeZone",
    ],
    [
      "a relative text",
      { relative: true },
      "relative",
      "unsupported_for_type",
      "only a date, dateTime field has relative",
    ],
    [
      "a relative time",
      { type: "time", relative: true },
      "relative",
      "unsupported_for_type",
      "only a date, dateTime field has relative",
    ],
    [
      "a date style on text",
      { dateStyle: "short" },
      "dateStyle",
      "unsupported_for_type",
      "only a date, time, dateTime field has dateStyle",
    ],
    [
      "a time style on a number",
      { type: "number", timeStyle: "short" },
      "timeStyle",
      "unsupported_for_type",
      "only a date, time, dateTime field has timeStyle",
    ],
    [
      "a number style on text",
      { numberStyle: "decimal" },
      "numberStyle",
      "unsupported_for_type",
      "only a number, percent, currency field has numberStyle",
    ],
    [
      "a row on a style without rows",
      { row: 0, position: "auxiliary" },
      "row",
      "unsupported_for_style",
      "only auxiliary fields of an event ticket have a row",
    ],
    [
      "additional information on another style",
      { position: "additionalInfo" },
      "position",
      "unsupported_for_style",
      "only event tickets have additionalInfo fields",
    ],
    [
      "a footer on a pass that is no poster",
      { position: "footer" },
      "position",
      "unsupported_for_style",
      "only a poster pass (apple.posterGeneric) has footer fields",
    ],
  ])("%s", (_, more, member, code, detail) => {
    expect(issuesOf({ fields: [field({ key: "first" }), field(more)] })).toEqual([
      { pointer: `#/fields/1/${member}`, code, detail },
    ]);
  });

  it("a row on a primary field of an event ticket", () => {
    expect(issuesOf({ style: "eventTicket", ...withField({ row: 1, position: "primary" }) })).toMatchObject([
      { pointer: "#/fields/0/row", code: "unsupported_for_style" },
    ]);
  });

  it.each([...celReservedWords])("the key %s, which no expression could read", (key) => {
    expect(issuesOf(withField({ key }))).toMatchObject([{ pointer: "#/fields/0/key", code: "reserved_key" }]);
  });

  it.each(["__proto__", "constructor", "hasOwnProperty", "toString", "valueOf", "__defineGetter__"])(
    "the key %s, which every object has",
    (key) => {
      expect(issuesOf(withField({ key }))).toMatchObject([{ pointer: "#/fields/0/key", code: "reserved_key" }]);
    },
  );

  it("takes the right counterparts of these", () => {
    const fields: FieldInput[] = [
      field({ key: "_", type: "currency", currencyCode: "EUR", numberStyle: "decimal", default: 1 }),
      field({
        key: "at",
        type: "dateTime",
        timeZone: "Europe/Berlin",
        relative: true,
        dateStyle: "none",
        timeStyle: "full",
      }),
      field({ key: "clock", type: "time", timeZone: "UTC", timeStyle: "short" }),
      field({ key: "day", type: "date", relative: true, dateStyle: "long" }),
      field({ key: "row", position: "auxiliary", row: 1, required: true }),
      field({ key: "info", position: "additionalInfo", relative: false }),
      field({ key: "foot", position: "footer", value: "" }),
    ];
    const members: DesignInput = { style: "eventTicket", fields, apple: { posterGeneric: {} } };
    expect(issuesOf(members)).toEqual([]);
  });
});

describe("what a design is warned of", () => {
  it.each<[string, DesignInput, code: string, pointer: string, detail: RegExp]>([
    ["R048 fonts", { fonts: { heading: "Inter" } }, "fonts_ignored", "#/fonts", /no wallet honours fonts/],
    [
      "R070 a change message without %@",
      withField({ changeMessage: "Your gate changed" }),
      "change_message_completed",
      "#/fields/0/changeMessage",
      /sent as "Your gate changed %@"/,
    ],
    [
      "a number style on money",
      withField({ type: "currency", currencyCode: "EUR", numberStyle: "decimal" }),
      "number_style_ignored",
      "#/fields/0/numberStyle",
      /numberStyle is dropped/,
    ],
    [
      "an alignment on a primary field",
      withField({ position: "primary", textAlignment: "right" }),
      "alignment_ignored",
      "#/fields/0/textAlignment",
      /does not align primary fields/,
    ],
    [
      "an alignment on the back",
      withField({ position: "back", textAlignment: "left" }),
      "alignment_ignored",
      "#/fields/0/textAlignment",
      /does not align back fields/,
    ],
    [
      "a semantic tag that nobody knows",
      { semantics: { moonPhase: "full" } },
      "unknown_semantic_tag",
      "#/semantics/moonPhase",
      /passed on unchecked/,
    ],
  ])("%s", (_, members, code, pointer, detail) => {
    expect(issuesOf(members)).toEqual([]);
    expect(warningsOf(members)).toEqual([{ code, pointer, detail: expect.stringMatching(detail) }]);
  });

  it("R070 says nothing of a change message that holds %@, nor of an alignment that is shown", () => {
    const quiet = field({ changeMessage: "Now %@", position: "header", textAlignment: "right" });
    expect(warningsOf({ fields: [quiet] })).toEqual([]);
  });
});

describe("the shape of a design", () => {
  const accepts = (members: Record<string, unknown>) => templateDesign.safeParse({ ...designOf(), ...members }).success;
  const firstIssue = (members: Record<string, unknown>) => {
    const issue = templateDesign.safeParse({ ...designOf(), ...members }).error?.issues[0];
    return issue && [issue.path.join("."), issue.message];
  };

  it.each([
    ["#1A2B3C", "#1a2b3c"],
    ["#fff", "#ffffff"],
    ["#A1b", "#aa11bb"],
    ["rgb(255, 0, 16)", "#ff0010"],
    ["rgb(1,2,3)", "#010203"],
  ])("R057 keeps the colour %s as %s", (written, kept) => {
    expect(designOf({ colors: { background: written, foreground: written, label: written } }).colors).toEqual({
      background: kept,
      foreground: kept,
      label: kept,
    });
  });

  it.each([
    "red",
    "#12345",
    "#12345g",
    "rgb(256, 0, 0)",
    "rgb(1 2 3)",
    "rgba(1,2,3,0.5)",
    "hsl(0, 0%, 0%)",
    "",
    0xffffff,
  ])("R057 refuses the colour %s", (background) => {
    expect(accepts({ colors: { background } })).toBe(false);
  });

  const place = { latitude: 52.52, longitude: 13.4, radius: 150, relevantText: "Here" };
  const beacon = {
    proximityUuid: "f7826da6-4fa2-4e98-8024-bc5b71e0893e",
    major: 0,
    minor: 65_535,
    relevantText: "Gate",
  };

  it("R145 takes 10 locations and refuses the 11th", () => {
    expect(accepts({ locations: Array(10).fill(place) })).toBe(true);
    expect(firstIssue({ locations: Array(11).fill(place) })).toEqual([
      "locations",
      "a pass can have at most 10 locations",
    ]);
  });

  it.each([
    [{ latitude: 90.1 }, false],
    [{ latitude: -90 }, true],
    [{ longitude: 180 }, true],
    [{ longitude: -180.5 }, false],
    [{ radius: 0 }, false],
    [{ radius: 100_001 }, false],
    [{ radius: undefined, relevantText: undefined }, true],
    [{ relevantText: "" }, false],
    [{ latitude: "52.52" }, false],
  ])("R143 R144 a location with %j is right: %s", (more, right) => {
    expect(accepts({ locations: [{ ...place, ...more }] })).toBe(right);
  });

  it("R150 takes 10 beacons and refuses the 11th", () => {
    expect(accepts({ beacons: Array(10).fill(beacon) })).toBe(true);
    expect(firstIssue({ beacons: Array(11).fill(beacon) })).toEqual(["beacons", "a pass can have at most 10 beacons"]);
  });

  it.each([
    { major: -1 },
    { minor: 65_536 },
    { major: 1.5 },
    { proximityUuid: "beacon" },
    { proximityUuid: undefined },
  ])("R150 refuses a beacon with %j", (more) => {
    expect(accepts({ beacons: [{ ...beacon, ...more }] })).toBe(false);
  });

  it.each([
    [{ colour: "#fff" }, ""],
    [{ colors: { strip: "#fff" } }, "colors"],
    [{ fields: [{ ...field(), lable: "x" }] }, "fields.0"],
    [{ locations: [{ ...place, name: "x" }] }, "locations.0"],
    [{ barcode: { format: "qr", message: "x", size: 1 } }, "barcode"],
    [{ images: { icon: { "1x": "i" }, banner: { "1x": "i" } } }, "images"],
  ])("refuses the unknown member of %j", (members, path) => {
    expect(firstIssue(members)).toEqual([path, expect.stringContaining("Unrecognized key")]);
  });

  it.each(["qr", "pdf417", "aztec", "code128", "code39", "codabar", "ean13", "itf14", "ean8", "upcA", "dataMatrix"])(
    "R079 takes the barcode format %s",
    (format) => {
      expect(accepts({ barcode: { format, message: "{{pass.id}}" } })).toBe(true);
    },
  );

  it.each(["QR", "PKBarcodeFormatQR", "maxiCode", ""])("R079 refuses the barcode format %j", (format) => {
    expect(accepts({ barcode: { format, message: "x" } })).toBe(false);
  });

  it.each(["points", "_x", "A1", "a".repeat(40)])("R056 takes the field key %s", (key) => {
    expect(accepts({ fields: [field({ key })] })).toBe(true);
  });

  it.each(["", "1a", "a-b", "a b", "a.b", "ä", "a".repeat(41)])("R056 refuses the field key %j", (key) => {
    expect(accepts({ fields: [field({ key })] })).toBe(false);
  });

  it.each(["P1Y", "P30D", "PT12H", "P1Y2M3W4DT5H6M7S"])("R051 takes the duration %s", (duration) => {
    expect(accepts({ expiration: { type: "relative", duration } })).toBe(true);
  });

  it.each(["P", "PT", "P1", "1Y", "P-1D", "P1.5D", "P1DT", "P1H"])("R051 refuses the duration %s", (duration) => {
    expect(accepts({ expiration: { type: "relative", duration } })).toBe(false);
  });

  it.each(["2026-05-01T18:30:00", "2026-05-01", "tomorrow", "2026-02-30T00:00:00Z"])(
    "R223 refuses the fixed expiry %s",
    (at) => {
      expect(accepts({ expiration: { type: "fixed", at } })).toBe(false);
    },
  );

  it("takes 100 fields and refuses the 101st", () => {
    const fields = (count: number) => Array.from({ length: count }, (_, index) => field({ key: `f${index}` }));
    expect(accepts({ fields: fields(100) })).toBe(true);
    expect(accepts({ fields: fields(101) })).toBe(false);
  });
});
