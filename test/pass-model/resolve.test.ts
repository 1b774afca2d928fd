import { describe, expect, it } from "vitest";
import { checkOverrides, checkResolved, checkValues, resolvePass } from "../../src/pass-model/resolve";
import type { FieldType } from "../../src/pass-model/vocabulary";
import { berlin, compiledOf, passOf, resolveOf, valuesOf, type DesignInput, type FieldInput } from "./make";

const newYork = { locale: "en-US", timeZone: "America/New_York" };
const field = (key: string, type: FieldType, more: Partial<FieldInput> = {}): FieldInput => ({
  key,
  type,
  position: "back",
  ...(type === "currency" && { currencyCode: "EUR" }),
  ...more,
});
const text = (key: string, more: Partial<FieldInput> = {}) => field(key, "text", more);

describe("values", () => {
  const fields: FieldInput[] = [
    text("gate", { value: "A" }),
    field("points", "number", { default: 10 }),
    text("member"),
    text("tier", { expression: 'points >= 100.0 ? "Gold" : "Silver"' }),
  ];

  it("R067 takes a static value from the template for every pass", () => {
    expect(valuesOf(resolveOf({ fields })).gate).toBe("A");
    expect(valuesOf(resolveOf({ fields }, passOf({ values: { gate: "B" } }))).gate).toBe("A");
  });

  it("R068 takes a dynamic value from the pass", () => {
    expect(valuesOf(resolveOf({ fields }, passOf({ values: { member: "Zoë", points: 100 } })))).toEqual({
      gate: "A",
      points: 100,
      member: "Zoë",
      tier: "Gold",
    });
  });

  it("R058 falls back to the default, and leaves out a field that has none", () => {
    expect(valuesOf(resolveOf({ fields }))).toEqual({ gate: "A", points: 10, tier: "Silver" });
  });

  it("R058 lets zero and empty text of a pass win over the default", () => {
    const withDefaults = [field("points", "number", { default: 10 }), text("note", { default: "None" })];
    expect(valuesOf(resolveOf({ fields: withDefaults }, passOf({ values: { points: 0, note: "" } })))).toEqual({
      points: 0,
      note: "",
    });
  });

  it("R069 computes from defaults, static and dynamic values alike", () => {
    const sum = field("sum", "number", { expression: "points + double(gate.size())" });
    expect(valuesOf(resolveOf({ fields: [...fields, sum] })).sum).toBe(11);
  });

  it("R069 tells which computed field failed, all of them at once", () => {
    const failing = [
      field("a", "number", { expression: "1 / 0" }),
      field("points", "number"),
      field("b", "number", { expression: "1.0 / points" }),
    ];
    expect(resolvePass(compiledOf({ fields: failing }), passOf(), berlin, {})).toEqual({
      ok: false,
      issues: [
        { pointer: "#/values/a", code: "expression_failed", detail: "division by zero" },
        { pointer: "#/values/b", code: "expression_failed", detail: "the result is not a number" },
      ],
    });
  });

  it("keeps the order of the design", () => {
    expect(resolveOf({ fields }, passOf({ values: { member: "Zoë" } })).fields.map(({ key }) => key)).toEqual([
      "gate",
      "points",
      "member",
      "tier",
    ]);
  });

  it("carries the identity of pass, template and tenant", () => {
    expect(resolveOf({}, passOf({ version: 7, voided: true }))).toMatchObject({
      id: "pass_1",
      serialNumber: "serial-1",
      externalId: "ext-1",
      templateId: "tmpl_1",
      templateVersion: 1,
      version: 7,
      voided: true,
      locale: "de-DE",
      timeZone: "Europe/Berlin",
    });
  });
});

describe("R072 R126 what a pass may bring", () => {
  const accepted: Record<FieldType, unknown[]> = {
    text: ["Zoë", "", "👩‍👩‍👧‍👦", "שלום", "a".repeat(10_000)],
    number: [0, -1.5, 1e21],
    currency: [12.5, 0],
    percent: [0.25, 1.5],
    date: ["2026-05-01", "2028-02-29", "0001-01-01", "9999-12-31"],
    time: ["00:00", "23:59"],
    dateTime: [
      "2026-05-01T18:30:00+02:00",
      "2026-05-01T18:30Z",
      "2026-05-01T18:30:00.123456789-03:30",
      "0001-01-01T00:00:00Z",
      "9999-12-31T23:59:59Z",
    ],
    url: ["https://example.com/ä?q=1#x", "http://localhost:8080"],
    email: ["zoë@example.com", "a.b+c@mail.example.co.uk"],
    phone: ["+49 30 123456", "(030) 123-456", "112"],
  };
  const refused: Record<FieldType, [expected: string, values: unknown[]]> = {
    text: ["text of at most 10,000 characters", [1, true, null, ["a"], "a".repeat(10_001)]],
    number: ["a number", ["1", null, Number.NaN, Number.POSITIVE_INFINITY, 10n]],
    currency: ["a number (the currency stands on the field)", ["12.50", "12.50 EUR", { amount: 1 }]],
    percent: ["a number, as a fraction (0.25 is 25 %)", ["25%", false]],
    date: [
      "a date as YYYY-MM-DD",
      ["01.05.2026", "2026-02-30", "0000-01-01", "2026-5-1", "2026-05-01T00:00:00Z", 20260501],
    ],
    time: ["a time as HH:MM", ["24:00", "9:30", "18:30:00", "6 pm", "18.30"]],
    dateTime: [
      "an ISO 8601 date and time with an offset, such as 2026-05-01T18:30:00+02:00",
      [
        "2026-05-01T18:30:00",
        "2026-05-01",
        "2026-05-01 18:30:00Z",
        "2026-02-30T10:00:00Z",
        "2026-05-01T24:00:00Z",
        "2026-05-01T18:30:00+25:00",
        "2026-05-01T18:30:00+0200",
        "2026-05-01T18:30:00 Europe/Berlin",
        "Fri, 01 May 2026 18:30:00 GMT",
        1_777_653_000,
      ],
    ],
    url: [
      "an absolute http or https URL",
      ["example.com", "ftp://example.com", "https://", "https://example.com/a b", "javascript:alert(1)"],
    ],
    email: ["an e-mail address", ["zoë", "a@b", "a b@example.com", "@example.com", "a@@example.com"]],
    phone: ["a phone number: digits, spaces and + ( ) - . /", ["call me", "1", "+", "0800-PIZZA"]],
  };

  it.each(Object.entries(accepted) as [FieldType, unknown[]][])(
    "R056 takes right values of type %s",
    (type, values) => {
      const compiled = compiledOf({ fields: [field("value", type)] });
      for (const value of values) expect(checkValues(compiled, { value }), String(value)).toEqual([]);
    },
  );

  it.each(Object.entries(refused).map(([type, [expected, values]]) => [type as FieldType, expected, values] as const))(
    "R056 R223 refuses wrong values of type %s: expected %s",
    (type, expected, values) => {
      const compiled = compiledOf({ fields: [field("value", type)] });
      const issue = { pointer: "#/values/value", code: "wrong_type", detail: `expected ${expected}` };
      for (const value of values) expect(checkValues(compiled, { value }), String(value)).toEqual([issue]);
    },
  );

  it("R221 names every value that is wrong at once, with its place and reason", () => {
    const compiled = compiledOf({
      fields: [
        text("member", { required: true }),
        field("since", "dateTime", { required: true }),
        field("points", "number"),
        text("club", { value: "Docklands" }),
        text("tier", { expression: '"Gold"' }),
      ],
    });
    expect(
      checkValues(compiled, { since: "2026-05-01T18:30:00", points: "10", club: "Canal", tier: "Silver", "a/b~ü": 1 }),
    ).toEqual([
      {
        pointer: "#/values/since",
        code: "wrong_type",
        detail: "expected an ISO 8601 date and time with an offset, such as 2026-05-01T18:30:00+02:00",
      },
      { pointer: "#/values/points", code: "wrong_type", detail: "expected a number" },
      { pointer: "#/values/club", code: "not_settable", detail: "the field is static: passes do not bring its value" },
      {
        pointer: "#/values/tier",
        code: "not_settable",
        detail: "the field is computed: passes do not bring its value",
      },
      { pointer: "#/values/a~1b~0%C3%BC", code: "unknown_field", detail: "the template has no field of this key" },
      { pointer: "#/values/member", code: "missing_value", detail: "the field is required" },
    ]);
  });

  it.each(["constructor", "__proto__", "toString"])("knows no field %s that no template has", (key) => {
    const issues = checkValues(compiledOf(), JSON.parse(`{"${key}": 1}`) as Record<string, unknown>);
    expect(issues).toMatchObject([{ pointer: `#/values/${key}`, code: "unknown_field" }]);
  });

  it("reports a required value that is null once", () => {
    const compiled = compiledOf({ fields: [text("member", { required: true })] });
    expect(checkValues(compiled, { member: null }).map(({ code }) => code)).toEqual(["wrong_type"]);
  });
});

describe("barcode", () => {
  const fields = [text("booking"), field("seats", "number")];
  const barcodeOf = (barcode: DesignInput["barcode"], pass = passOf({ values: { booking: "7QK3ZD", seats: 2 } })) =>
    resolveOf({ fields, ...(barcode && { barcode }) }, pass).barcode;

  it.each([
    ["{{pass.id}}", "pass_1"],
    ["{{pass.serialNumber}}", "serial-1"],
    ["{{pass.externalId}}", "ext-1"],
    ["{{customer.id}}", "cust-1"],
    ["{{booking}}", "7QK3ZD"],
    ["{{seats}}", "2"],
    ["{{ booking }}/{{customer.id}}?n={{seats}}", "7QK3ZD/cust-1?n=2"],
    ["https://example.com/{booking}", "https://example.com/{booking}"],
    ["no placeholder", "no placeholder"],
  ])("R081 fills %s in", (message, filled) => {
    expect(barcodeOf({ format: "qr", message })).toEqual({
      format: "qr",
      message: filled,
      altText: null,
      encoding: "iso-8859-1",
    });
  });

  it("R081 does not fill in what a value says", () => {
    const pass = passOf({ values: { booking: "{{pass.id}}" } });
    expect(barcodeOf({ format: "qr", message: "{{booking}}" }, pass)?.message).toBe("{{pass.id}}");
  });

  it("R080 takes format and message of the pass in place of the template's", () => {
    const pass = passOf({}, { barcode: { format: "pdf417", message: "own-{{pass.id}}" } });
    expect(barcodeOf({ format: "qr", message: "template" }, pass)).toMatchObject({
      format: "pdf417",
      message: "own-pass_1",
    });
    expect(resolveOf({}, pass).barcode).toMatchObject({ format: "pdf417", message: "own-pass_1" });
  });

  it("R083 fills the alternative text in, and leaves an empty one out", () => {
    expect(barcodeOf({ format: "qr", message: "x", altText: "No. {{booking}}" })?.altText).toBe("No. 7QK3ZD");
    expect(barcodeOf({ format: "qr", message: "x", altText: "{{booking}}" }, passOf())?.altText).toBeNull();
  });

  it("chooses ISO 8859-1 where the message fits it, and UTF-8 elsewhere", () => {
    expect(barcodeOf({ format: "qr", message: "Zoë" })?.encoding).toBe("iso-8859-1");
    expect(barcodeOf({ format: "qr", message: "東京" })?.encoding).toBe("utf-8");
    expect(barcodeOf({ format: "qr", message: "Zoe", encoding: "us-ascii" })?.encoding).toBe("us-ascii");
  });

  it("has none if the design has none", () => {
    expect(barcodeOf(undefined)).toBeNull();
  });
});

describe("R051 R090 expiry", () => {
  const expiryOf = (expiration: NonNullable<DesignInput["expiration"]>, pass = passOf(), tenant = berlin) =>
    resolveOf({ expiration, fields: [field("day", "date"), field("at", "dateTime"), text("note")] }, pass, tenant)
      .expiresAt;

  it("is null without a rule", () => {
    expect(resolveOf({}).expiresAt).toBeNull();
  });

  it("is the fixed instant as it was written", () => {
    expect(expiryOf({ type: "fixed", at: "2027-01-01T00:00:00+01:00" })).toBe("2027-01-01T00:00:00+01:00");
  });

  it.each([
    ["P1D", "2026-03-28T12:00:00+01:00", "2026-03-29T10:00:00Z", "a day is a day, though one of 23 hours"],
    ["PT24H", "2026-03-28T12:00:00+01:00", "2026-03-29T11:00:00Z", "24 hours are 24 hours"],
    ["P1D", "2026-10-24T12:00:00+02:00", "2026-10-25T11:00:00Z", "a day is a day, though one of 25 hours"],
    ["P1D", "2026-03-28T02:30:00+01:00", "2026-03-29T01:30:00Z", "a wall clock that the change skips is read after it"],
    ["P6M", "2026-01-15T12:00:00+01:00", "2026-07-15T10:00:00Z", "months keep the wall clock"],
    ["P1M", "2026-01-31T12:00:00+01:00", "2026-02-28T11:00:00Z", "a month that is too short ends earlier"],
    ["P1Y", "2024-02-29T12:00:00+01:00", "2025-02-28T11:00:00Z", "a leap day becomes the last of February"],
    ["P2W", "2026-05-01T12:00:00+02:00", "2026-05-15T10:00:00Z", "weeks"],
    ["PT90M", "2026-05-01T12:00:00+02:00", "2026-05-01T11:30:00Z", "minutes"],
  ])("counts %s from %s in the tenant's zone: %s (%s)", (duration, issued, expected) => {
    expect(expiryOf({ type: "relative", duration }, passOf({ issuedAt: Date.parse(issued) }))).toBe(expected);
  });

  it("drops the milliseconds of the issue", () => {
    const pass = passOf({ issuedAt: Date.parse("2026-05-01T12:00:00.987Z") });
    expect(expiryOf({ type: "relative", duration: "PT1H" }, pass)).toBe("2026-05-01T13:00:00Z");
  });

  it.each([
    ["2026-05-01", berlin, "2026-05-01T21:59:59Z"],
    ["2026-12-31", berlin, "2026-12-31T22:59:59Z"],
    ["2026-03-29", berlin, "2026-03-29T21:59:59Z"],
    ["2026-12-31", newYork, "2027-01-01T04:59:59Z"],
    ["9999-12-31", berlin, "9999-12-31T22:59:59Z"],
    ["9999-12-31", newYork, "9999-12-31T23:59:59Z"],
    ["0001-01-01", berlin, "0001-01-01T23:06:31Z"],
  ])("a date field %s ends with its day in the tenant's zone", (day, tenant, expected) => {
    expect(expiryOf({ type: "field", field: "day" }, passOf({ values: { day } }), tenant)).toBe(expected);
  });

  it("a dateTime field is the instant", () => {
    const pass = passOf({ values: { at: "2026-05-01T18:30:00+02:00" } });
    expect(expiryOf({ type: "field", field: "at" }, pass)).toBe("2026-05-01T18:30:00+02:00");
  });

  it("a field without a value never expires", () => {
    expect(expiryOf({ type: "field", field: "day" })).toBeNull();
  });

  it("R090 the pass's own expiry wins over any rule", () => {
    const own = passOf({ values: { day: "2026-05-01" } }, { expiresAt: "2030-01-01T00:00:00Z" });
    expect(expiryOf({ type: "field", field: "day" }, own)).toBe("2030-01-01T00:00:00Z");
    expect(resolveOf({}, own).expiresAt).toBe("2030-01-01T00:00:00Z");
  });
});

describe("personalisation", () => {
  const colors = { background: "#111111", foreground: "#222222", label: "#333333" };

  it("R087 takes a slot whole from the pass, or else from the template", () => {
    const picture = (id: string) => ({ id, width: 1, height: 1, sha256: "00" });
    const [icon, thumbnail] = [{ "1x": picture("icon") }, { "1x": picture("one"), "2x": picture("two") }];
    const own = { thumbnail: { "1x": picture("mine") } };
    const result = resolvePass(compiledOf(), passOf({ images: own }), berlin, { icon, thumbnail });
    expect(result.ok && result.pass.images).toEqual({ icon, thumbnail: own.thumbnail });
  });

  it("R222 refuses a slot without any picture", () => {
    const issues = checkOverrides(compiledOf(), {
      images: { icon: {}, logo: "img_logo", strip: { "2x": "img_strip" } },
    });
    expect(issues).toMatchObject([{ pointer: "#/overrides/images/icon", code: "missing_image" }]);
  });

  it("R088 takes each colour from the pass, or else from the template", () => {
    expect(resolveOf({ colors }, passOf({}, { colors: { background: "rgb(255, 0, 0)" } })).colors).toEqual({
      ...colors,
      background: "#ff0000",
    });
    expect(resolveOf({}, passOf({}, { colors: { label: "#ABC" } })).colors).toEqual({
      background: null,
      foreground: null,
      label: "#aabbcc",
    });
  });

  it("R091 replaces the template's locations by the pass's, none included", () => {
    const design: DesignInput = { locations: [{ latitude: 52.5, longitude: 13.4, radius: 150, relevantText: "Here" }] };
    expect(resolveOf(design).locations).toEqual([
      { latitude: 52.5, longitude: 13.4, altitude: null, radius: 150, relevantText: "Here" },
    ]);
    expect(
      resolveOf(design, passOf({}, { locations: [{ latitude: 48, longitude: 11, altitude: 519 }] })).locations,
    ).toEqual([{ latitude: 48, longitude: 11, altitude: 519, radius: null, relevantText: null }]);
    expect(resolveOf(design, passOf({}, { locations: [] })).locations).toEqual([]);
  });

  it("R086 R089 takes the logo text and user info of the pass", () => {
    const design: DesignInput = { logoText: "Fern", userInfo: { tier: "basic" } };
    const pass = passOf({}, { logoText: "Gold member", userInfo: { tier: "gold" } });
    expect(resolveOf(design, pass)).toMatchObject({ logoText: "Gold member", userInfo: { tier: "gold" } });
    expect(resolveOf(design)).toMatchObject({ logoText: "Fern", userInfo: { tier: "basic" } });
  });

  it("adds the pass's semantic tags to the template's, and its own win", () => {
    const pass = passOf(
      { values: { gate: "A12" } },
      { semantics: { seats: [{ seatNumber: "4" }], departureGate: "{{gate}}" } },
    );
    const design: DesignInput = { fields: [text("gate")], semantics: { departureGate: "?", eventName: "Gala" } };
    expect(resolveOf(design, pass).semantics).toEqual({
      departureGate: "A12",
      eventName: "Gala",
      seats: [{ seatNumber: "4" }],
    });
  });
});

describe("R147 relevant dates", () => {
  const design: DesignInput = {
    fields: [field("departure", "dateTime")],
    relevantDates: [
      { date: "2026-05-01T18:30:00+02:00" },
      { startDate: "2026-05-02T10:00:00Z", endDate: "2026-05-03T10:00:00Z" },
      { field: "departure" },
    ],
  };

  it("are instants, intervals and the values of fields", () => {
    const pass = passOf({ values: { departure: "2026-06-01T08:00:00Z" } });
    expect(resolveOf(design, pass).relevantDates).toEqual([
      { date: "2026-05-01T18:30:00+02:00" },
      { startDate: "2026-05-02T10:00:00Z", endDate: "2026-05-03T10:00:00Z" },
      { date: "2026-06-01T08:00:00Z" },
    ]);
  });

  it("leave out a field without a value", () => {
    expect(resolveOf(design).relevantDates).toHaveLength(2);
  });

  it("of the pass replace the template's", () => {
    const pass = passOf({}, { relevantDates: [{ date: "2027-01-01T00:00:00Z" }] });
    expect(resolveOf(design, pass).relevantDates).toEqual([{ date: "2027-01-01T00:00:00Z" }]);
  });
});

describe("R070 R124 announcements", () => {
  const fields = [
    field("points", "number", { default: 1, changeMessage: "You now have %@ points" }),
    text("gate", { value: "A", changeMessage: "New gate" }),
    text("note", { value: "-" }),
  ];
  const messages = (pass = passOf()) =>
    Object.fromEntries(resolveOf({ fields }, pass).fields.map(({ key, changeMessage }) => [key, changeMessage]));

  it("completes a change message without %@, for Wallet shows no other", () => {
    expect(messages()).toEqual({ points: "You now have %@ points", gate: "New gate %@", note: null });
  });

  it("stands in place of the change messages of the fields that the update changed", () => {
    const announcement = { message: "Thank you: %@", keys: ["points", "note"] };
    expect(messages(passOf({ announcement }))).toEqual({
      points: "Thank you: %@",
      gate: "New gate %@",
      note: "Thank you: %@",
    });
  });

  it.each([
    ["Happy birthday!", "Happy birthday! %@"],
    ["", "%@"],
    ["%@ left", "%@ left"],
  ])("completes an announcement %j as %j", (message, completed) => {
    expect(messages(passOf({ announcement: { message, keys: ["points"] } })).points).toBe(completed);
  });
});

describe("placeholders in semantic tags and Apple's own keys", () => {
  const fields = [field("flightNumber", "number"), text("gate"), text("seat")];

  it("give a text that is nothing but one the type of the value", () => {
    const pass = passOf({ values: { flightNumber: 412, gate: "A12" } });
    const semantics = {
      flightNumber: "{{flightNumber}}",
      flightCode: "X0 {{flightNumber}}",
      departureGate: "{{gate}}",
    };
    expect(resolveOf({ fields, semantics }, pass).semantics).toEqual({
      flightNumber: 412,
      flightCode: "X0 412",
      departureGate: "A12",
    });
  });

  it("leave the member out whose only placeholder has no value, at any depth", () => {
    const semantics = {
      departureGate: "{{gate}}",
      seats: [{ seatNumber: "{{seat}}", seatRow: "4" }],
      flightCode: "X {{gate}}",
    };
    expect(resolveOf({ fields, semantics }).semantics).toEqual({ seats: [{ seatRow: "4" }], flightCode: "X " });
    const artists = { performerNames: ["{{gate}}", "Ada"] };
    expect(resolveOf({ fields, semantics: artists }).semantics).toEqual({ performerNames: ["Ada"] });
  });

  it("are filled in on fields, in apple and in the NFC message", () => {
    const encryptionPublicKey =
      "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEaxfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpZP40Li/hp/m47n60p8D54WK84zV2sxXs7LtkBoN79R9Q==";
    const resolved = resolveOf(
      {
        fields: [text("gate", { semantics: { departureGate: "{{gate}}" } })],
        apple: { eventLogoText: "Gate {{gate}}" },
        nfc: { message: "{{pass.id}}:{{gate}}", encryptionPublicKey },
      },
      passOf({ values: { gate: "A12" } }),
    );
    expect(resolved.fields[0]?.semantics).toEqual({ departureGate: "A12" });
    expect(resolved.apple).toEqual({ eventLogoText: "Gate A12" });
    expect(resolved.nfc).toEqual({ message: "pass_1:A12", encryptionPublicKey, requiresAuthentication: false });
  });
});

describe("R245 extremes", () => {
  it.each([
    ["emoji", "👩‍👩‍👧‍👦🎂🏳️‍🌈"],
    ["right to left", "שלום עולם مرحبا"],
    ["combining characters", "Z̸͎̈́o̵͕͂e̷̙͝"],
    ["controls and quotes", 'a\tb\nc"d\\e\u0000'],
    ["10,000 characters", "ü".repeat(10_000)],
    ["markup", "<b>&amp;</b>"],
  ])("text with %s comes through as it is", (_, value) => {
    const pass = passOf({ values: { note: value } });
    expect(checkValues(compiledOf({ fields: [text("note")] }), { note: value })).toEqual([]);
    expect(valuesOf(resolveOf({ fields: [text("note")] }, pass)).note).toBe(value);
  });

  it.each(["0001-01-01", "9999-12-31"])("the date %s is a date", (day) => {
    expect(valuesOf(resolveOf({ fields: [field("day", "date")] }, passOf({ values: { day } }))).day).toBe(day);
  });

  it("a pass without any optional member resolves to nulls and empty lists", () => {
    expect(resolveOf({}, passOf({ externalId: null, customerId: null }))).toEqual({
      id: "pass_1",
      serialNumber: "serial-1",
      externalId: null,
      templateId: "tmpl_1",
      templateVersion: 1,
      version: 1,
      style: "generic",
      transitType: null,
      organizationName: "Fern & Finch",
      description: "Membership card",
      logoText: null,
      colors: { background: null, foreground: null, label: null },
      fields: [],
      layout: [],
      barcode: null,
      expiresAt: null,
      voided: false,
      locations: [],
      beacons: [],
      relevantDates: [],
      groupingIdentifier: null,
      sharingProhibited: false,
      associatedStoreIdentifiers: [],
      appLaunchUrl: null,
      userInfo: null,
      semantics: {},
      nfc: null,
      personalization: null,
      apple: {},
      google: { vertical: null, class: {}, object: {} },
      localizations: {},
      images: {},
      templateImages: {},
      locale: "de-DE",
      timeZone: "Europe/Berlin",
    });
  });
});

describe("what can only be checked on the resolved pass", () => {
  const issuesOf = (design: DesignInput, pass = passOf()) => checkResolved(resolveOf(design, pass), pass.overrides);
  const withCode = (format: NonNullable<DesignInput["barcode"]>["format"], code: string) =>
    issuesOf({ fields: [text("code")], barcode: { format, message: "{{code}}" } }, passOf({ values: { code } }));

  it("R081 refuses a message that is empty once filled in, at the values or at the override", () => {
    const detail = "the message is empty once its placeholders are filled in";
    const design: DesignInput = { barcode: { format: "qr", message: "{{customer.id}}" } };
    const nobody = { customerId: null };
    expect(issuesOf(design, passOf(nobody))).toEqual([{ pointer: "#/values", code: "invalid_barcode", detail }]);
    const own = passOf(nobody, { barcode: { format: "qr", message: "{{customer.id}}" } });
    expect(issuesOf({}, own)).toEqual([{ pointer: "#/overrides/barcode/message", code: "invalid_barcode", detail }]);
  });

  it.each([
    ["ean13", "590123412345"],
    ["ean13", "5901234123457"],
    ["ean8", "9638507"],
    ["ean8", "96385074"],
    ["upcA", "03600029145"],
    ["upcA", "036000291452"],
    ["itf14", "1540014128876"],
    ["itf14", "15400141288763"],
    ["code39", "CODE-39 $/+%."],
    ["codabar", "A40156B"],
    ["code128", "ABC-abc 123\t"],
    ["dataMatrix", "東京"],
  ] as const)("R079 takes the %s message %s", (format, message) => {
    expect(withCode(format, message)).toEqual([]);
  });

  it.each([
    ["ean13", "5901234123450", "the check digit of this ean13 message would be 7"],
    ["ean8", "96385070", "the check digit of this ean8 message would be 4"],
    ["upcA", "036000291450", "the check digit of this upcA message would be 2"],
    ["itf14", "15400141288760", "the check digit of this itf14 message would be 3"],
    ["ean13", "12345", "a ean13 message needs 12 digits, or 13 with a right check digit"],
    ["ean8", "ABCDEFG", "a ean8 message needs 7 digits, or 8 with a right check digit"],
    ["upcA", "1".repeat(13), "a upcA message needs 11 digits, or 12 with a right check digit"],
    ["itf14", "1".repeat(12), "a itf14 message needs 13 digits, or 14 with a right check digit"],
    ["code39", "lower", "a code39 message needs at most 43 of A-Z, 0-9, space and - . $ / + %"],
    ["codabar", "40156", "a codabar message needs digits and - $ : / . +, between start and stop letters A to D"],
    ["code128", "Zoë", "a code128 message needs ASCII characters only, at most 80"],
    ["code128", "a".repeat(81), "a code128 message needs ASCII characters only, at most 80"],
  ] as const)("R079 refuses the %s message %s: %s", (format, message, detail) => {
    expect(withCode(format, message)).toEqual([{ pointer: "#/values", code: "invalid_barcode", detail }]);
  });

  it.each([
    ["us-ascii", "Zoë"],
    ["iso-8859-1", "東京"],
  ] as const)("refuses a message that does not fit the declared %s", (encoding, message) => {
    const pass = passOf({}, { barcode: { format: "qr", message, encoding } });
    const detail = `the barcode's message does not fit its encoding ${encoding}`;
    expect(issuesOf({}, pass)).toEqual([{ pointer: "#/overrides/barcode/message", code: "invalid_barcode", detail }]);
  });

  it("refuses an NFC message of more than 64 bytes, not characters", () => {
    const encryptionPublicKey =
      "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEaxfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpZP40Li/hp/m47n60p8D54WK84zV2sxXs7LtkBoN79R9Q==";
    const design: DesignInput = { fields: [text("code")], nfc: { message: "{{code}}", encryptionPublicKey } };
    const of = (code: string) => issuesOf(design, passOf({ values: { code } }));
    expect(of("a".repeat(64))).toEqual([]);
    expect(of("ü".repeat(32))).toEqual([]);
    const detail = "the NFC message is longer than 64 bytes once filled in";
    expect(of("a".repeat(65))).toEqual([{ pointer: "#/values", code: "nfc_message_too_long", detail }]);
    expect(of(`${"ü".repeat(32)}a`)).toEqual([{ pointer: "#/values", code: "nfc_message_too_long", detail }]);
  });

  it.each([
    ["2026-05-01T10:00:00Z", "2026-05-02T10:00:00Z", true],
    ["2026-05-01T10:00:00Z", "2026-05-02T12:00:00+02:00", true],
    ["2026-05-01T10:00:00Z", "2026-05-02T10:00:01Z", false],
    ["2026-05-01T10:00:00Z", "2026-05-01T10:00:00Z", false],
    ["2026-05-01T10:00:00Z", "2026-05-01T09:00:00Z", false],
  ])("R147 an interval from %s to %s is right: %s", (startDate, endDate, right) => {
    const pass = passOf({}, { relevantDates: [{ date: startDate }, { startDate, endDate }] });
    const detail = "an interval ends after it starts and lasts at most 24 hours";
    const issue = { pointer: "#/overrides/relevantDates/1", code: "invalid_interval", detail };
    expect(issuesOf({}, pass)).toEqual(right ? [] : [issue]);
  });

  it("refuses semantic tags that are wrong once filled in", () => {
    const design: DesignInput = { fields: [text("number")], semantics: { flightNumber: "{{number}}" } };
    expect(issuesOf(design, passOf({ values: { number: "X0" } }))).toMatchObject([
      { pointer: "#/values/flightNumber", code: "wrong_type" },
    ]);
  });

  it.each([
    [
      "the template's rule",
      { expiration: { type: "relative", duration: "P9999Y" } } as DesignInput,
      passOf(),
      "#/values",
    ],
    ["the pass", {}, passOf({}, { expiresAt: "9999-12-31T23:59:59-05:00" }), "#/overrides/expiresAt"],
    [
      "the pass, before the year 1",
      {},
      passOf({}, { expiresAt: "0001-01-01T00:00:00+01:00" }),
      "#/overrides/expiresAt",
    ],
  ])("R245 refuses an expiry by %s beyond four digits of year", (_, design, pass, pointer) => {
    const detail = "the expiry lies outside the years 0001 to 9999";
    expect(issuesOf(design, pass)).toEqual([{ pointer, code: "invalid_expiry", detail }]);
  });

  it("refuses null in the user info of a pass, for Wallet does not open it", () => {
    const pass = passOf({}, { userInfo: { seats: [{ row: null }] } });
    expect(issuesOf({}, pass)).toMatchObject([{ pointer: "#/overrides/userInfo/seats/0/row", code: "null_value" }]);
  });
});
