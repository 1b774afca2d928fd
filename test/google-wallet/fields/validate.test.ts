import { describe, expect, it } from "vitest";
import { exclusiveMembers } from "../../../src/google-wallet/fields/exclusive-members";
import { googleJsonSchema } from "../../../src/google-wallet/fields/json-schema";
import { googleTable, type GoogleTypeName, type GoogleTypes } from "../../../src/google-wallet/fields/types";
import { validateGoogle } from "../../../src/google-wallet/fields/validate";
import { verticalsOfStyle, verticalTypes } from "../../../src/google-wallet/fields/verticals";
import { googleVerticals, passStyles } from "../../../src/pass-model/vocabulary";
import { payloads } from "../payloads";

const sample = <Name extends GoogleTypeName>(type: Name): GoogleTypes[Name] =>
  structuredClone(payloads.find((payload) => payload.name === `sample ${type}`)!.json) as GoogleTypes[Name];

/** The paths that are refused of a sample with other members; `undefined` takes one away. */
function refused(type: GoogleTypeName, changes: Record<string, unknown>): string[] {
  const changed = Object.entries({ ...sample(type), ...changes }).filter(([, value]) => value !== undefined);
  return validateGoogle(type, Object.fromEntries(changed)).map(({ path, code }) => `${path} ${code}`);
}

type Refused = [name: string, type: GoogleTypeName, changes: Record<string, unknown>, expected: string[]];

const localized = (value: string) => ({ defaultValue: { language: "en", value } });
const interval = (start: string, end: string) => ({ start: { date: start }, end: { date: end } });
const place = { latitude: 52.5, longitude: 13.4 };
/** Pairs that were tried. */
const exclusive = new Set<string>();
const item = { firstValue: { fields: [{ fieldPath: "object.header" }] } };

describe("R021 the field table", () => {
  it.each(payloads.map(({ name, type, json }) => [name, type, json] as const))("accepts the %s", (_, type, json) => {
    expect(validateGoogle(type, JSON.parse(JSON.stringify(json)))).toEqual([]);
  });

  it("has a class, an object and their lists for every kind of pass", () => {
    for (const vertical of googleVerticals) {
      const { class: classType, object, payload, path } = verticalTypes[vertical];
      expect([path.class, path.object]).toEqual([`${vertical}Class`, `${vertical}Object`]);
      expect([payload.classes, payload.objects]).toEqual([`${vertical}Classes`, `${vertical}Objects`]);
      expect(Object.keys(googleTable.Resources)).toEqual(expect.arrayContaining(Object.values(payload)));
      for (const name of [classType, object, `${classType}ListResponse`, `${object}AddMessageResponse`]) {
        expect(Object.keys(googleTable)).toContain(name);
      }
    }
    expect(passStyles.map((style) => verticalsOfStyle[style].at(-1))).toEqual(passStyles.map(() => "generic"));
  });

  it("makes one JSON Schema per isolate", () => {
    expect(googleJsonSchema()).toBe(googleJsonSchema());
    expect(googleJsonSchema().$defs.AirportInfo).toEqual({
      type: "object",
      properties: {
        airportIataCode: { type: "string" },
        airportNameOverride: { $ref: "#/$defs/LocalizedString" },
        terminal: { type: "string" },
        gate: { type: "string" },
        kind: { type: "string", deprecated: true },
      },
      additionalProperties: false,
      required: ["airportIataCode"],
    });
  });
});

describe("R021 validateGoogle, of the shape", () => {
  it("says where, what was expected, and how it is wrong", () => {
    const { programName: _programName, ...wrong } = {
      ...sample("LoyaltyClass"),
      localizedProgramName: undefined,
      programColour: "red",
      messages: [{ messageType: "SHOUT" }],
      enableSmartTap: "yes",
      merchantLocations: { latitude: 1 },
      programLogo: "https://example.com/logo.png",
    };
    const { localizedProgramName: _localizedProgramName, ...json } = wrong;
    const told = validateGoogle("LoyaltyClass", json).map(({ path, code, message }) => `${path} ${code}: ${message}`);
    expect(told.sort()).toEqual([
      "enableSmartTap wrong_type: expected true or false",
      "merchantLocations wrong_type: expected a list",
      "messages[0].messageType invalid_value: expected one of TEXT, EXPIRATION_NOTIFICATION, TEXT_AND_NOTIFY",
      "programColour unknown_member: is no member that Google knows",
      "programLogo wrong_type: expected an object (Image)",
      "programName required: is required",
    ]);
    expect(validateGoogle("LoyaltyClass", [])).toEqual([
      { path: "", steps: [], code: "wrong_type", message: "expected an object (LoyaltyClass)" },
    ]);
    expect(validateGoogle("LoyaltyClass", undefined)).toMatchObject([{ path: "", code: "required" }]);
    expect(validateGoogle("LoyaltyClass", null)).toMatchObject([{ path: "", code: "wrong_type" }]);
  });

  it.each([
    ["EventTicketClass", "issuerName", "localizedIssuerName"],
    ["LoyaltyClass", "programName", "localizedProgramName"],
    ["OfferClass", "title", "localizedTitle"],
    ["OfferClass", "provider", "localizedProvider"],
  ] as const)("lets a translation stand in: %s.%s", (type, member, standIn) => {
    expect(refused(type, { [member]: undefined, [standIn]: localized("Name") })).toEqual([]);
    expect(refused(type, { [member]: undefined, [standIn]: undefined })).toEqual([`${member} required`]);
  });

  it("reads the deprecated spellings of enums, and int64 as a number or a text", () => {
    expect(refused("OfferObject", { state: "active", barcode: { type: "qrcode", value: "1" } })).toEqual([]);
    expect(refused("LoyaltyClass", { reviewStatus: "underReview", kind: "walletobjects#loyaltyClass" })).toEqual([]);
    expect(refused("LoyaltyClass", { redemptionIssuers: ["3388", 3388] })).toEqual([]);
    expect(refused("LoyaltyClass", { redemptionIssuers: ["33 88", 1.5] })).toEqual([
      "redemptionIssuers[0] invalid_value",
      "redemptionIssuers[1] wrong_type",
    ]);
    expect(refused("GiftCardObject", { balance: { micros: "34.56", currencyCode: "EUR" } })).toEqual([
      "balance.micros invalid_value",
    ]);
  });

  it("lets a part lack what the whole needs, but not the values in it", () => {
    expect(validateGoogle("TransitObject", { ticketNumber: "1" }, { partial: true })).toEqual([]);
    expect(
      validateGoogle("EventTicketClass", { venue: { name: localized("Arena") } }, { partial: true }),
    ).toMatchObject([{ path: "venue.address", code: "required" }]);
  });

  it("takes a placeholder for a text, a number or a value of an enum", () => {
    const json = {
      state: "{{state}}",
      accountId: "{{pass.id}}",
      loyaltyPoints: { balance: { int: "{{points}}" } },
      validTimeInterval: interval("{{from}}", "2027-01-01T00:00:00Z"),
      smartTapRedemptionValue: "é{{pass.id}}",
    };
    const options = { partial: true, placeholders: true };
    expect(validateGoogle("LoyaltyObject", json, options)).toEqual([]);
    expect(validateGoogle("LoyaltyObject", json, { partial: true })).not.toEqual([]);
    expect(validateGoogle("LoyaltyObject", { hasUsers: "{{points}}" }, options)).toMatchObject([{ path: "hasUsers" }]);
    expect(validateGoogle("LoyaltyObject", { barcode: "{{points}}" }, options)).toMatchObject([{ path: "barcode" }]);
    expect(validateGoogle("LoyaltyObject", { messages: "{{points}}" }, options)).toMatchObject([{ path: "messages" }]);
  });

  it("survives what nobody means", () => {
    const many = { messages: Array.from({ length: 200_000 }, () => 1) };
    expect(validateGoogle("LoyaltyObject", many, { partial: true })).toMatchObject([{ path: "messages[0]" }]);
    expect(validateGoogle("LoyaltyObject", { "\ud800": 4 }, { partial: true })).toMatchObject([
      { code: "unknown_member" },
    ]);
    const names = JSON.parse('{"__proto__": 1, "a/b~c %": 2, "constructor": 3}') as object;
    const paths = validateGoogle("LoyaltyObject", names, { partial: true }).map(({ path }) => path);
    expect(paths).toEqual(expect.arrayContaining(["__proto__", "a/b~c %", "constructor"]));
    let deep: object = {};
    for (let level = 0; level < 50_000; level += 1) deep = { deep };
    expect(validateGoogle("LoyaltyObject", { deep }, { partial: true })).toMatchObject([{ path: "deep" }]);
  });
});

describe("R021 validateGoogle, of what types cannot say", () => {
  it.each<Refused>([
    ["an id without an issuer", "GenericClass", { id: "parking" }, ["id invalid_value"]],
    ["an id with a blank", "GenericObject", { id: "3388.a b" }, ["id invalid_value"]],
    ["a class id without a suffix", "GenericObject", { classId: "3388." }, ["classId invalid_value"]],
    ["a linked id", "OfferObject", { linkedObjectIds: ["3388.a", "b"] }, ["linkedObjectIds[1] invalid_value"]],
    ["a colour by name", "GenericObject", { hexBackgroundColor: "red" }, ["hexBackgroundColor invalid_value"]],
    ["a link without a scheme", "OfferClass", { helpUri: { uri: "example.com" } }, ["helpUri.uri invalid_value"]],
    [
      "a picture without a scheme",
      "OfferClass",
      { heroImage: { sourceUri: { uri: "a.png" } } },
      ["heroImage.sourceUri.uri invalid_value"],
    ],
    [
      "a callback without a scheme",
      "OfferClass",
      { callbackOptions: { url: "a.example/callback" } },
      ["callbackOptions.url invalid_value"],
    ],
    ["a picture of nothing", "OfferClass", { titleImage: {} }, ["titleImage required"]],
    [
      "a picture of two",
      "OfferClass",
      { titleImage: { sourceUri: { uri: "https://a.example/a.png" }, privateImageId: "1" } },
      ["titleImage invalid_value"],
    ],
    ["eleven places", "OfferObject", { merchantLocations: Array(11).fill(place) }, ["merchantLocations invalid_value"]],
    [
      "a place beyond the pole",
      "OfferObject",
      { merchantLocations: [{ latitude: 90.1, longitude: -180 }] },
      ["merchantLocations[0].latitude invalid_value"],
    ],
    [
      "a place around the world",
      "OfferObject",
      { merchantLocations: [{ latitude: -90, longitude: 180.5 }] },
      ["merchantLocations[0].longitude invalid_value"],
    ],
    ["eleven messages", "OfferObject", { messages: Array(11).fill({ body: "a" }) }, ["messages invalid_value"]],
    [
      "a text module with a dot in its id",
      "OfferObject",
      { textModulesData: [{ id: "a" }, { id: "a.b" }] },
      ["textModulesData[1].id invalid_value"],
    ],
    [
      "a long label of an app's link",
      "OfferObject",
      { appLinkData: { displayText: localized("x".repeat(31)) } },
      ["appLinkData.displayText invalid_value"],
    ],
    [
      "four rows",
      "GenericClass",
      { classTemplateInfo: { cardTemplateOverride: { cardRowTemplateInfos: Array(4).fill({ oneItem: { item } }) } } },
      ["classTemplateInfo.cardTemplateOverride.cardRowTemplateInfos invalid_value"],
    ],
    [
      "a row of one and of two",
      "GenericClass",
      {
        classTemplateInfo: {
          cardTemplateOverride: { cardRowTemplateInfos: [{ oneItem: { item }, twoItems: { startItem: item } }] },
        },
      },
      ["classTemplateInfo.cardTemplateOverride.cardRowTemplateInfos[0] invalid_value"],
    ],
    [
      "an empty row",
      "GenericClass",
      { classTemplateInfo: { cardTemplateOverride: { cardRowTemplateInfos: [{}] } } },
      ["classTemplateInfo.cardTemplateOverride.cardRowTemplateInfos[0] required"],
    ],
    [
      "a second value alone",
      "GenericClass",
      {
        classTemplateInfo: {
          detailsTemplateOverride: { detailsItemInfos: [{ item: { secondValue: item.firstValue } }] },
        },
      },
      ["classTemplateInfo.detailsTemplateOverride.detailsItemInfos[0].item.secondValue invalid_value"],
    ],
    [
      "an offset at one end",
      "OfferObject",
      { validTimeInterval: interval("2027-01-01T00:00:00", "2027-02-01T00:00:00Z") },
      ["validTimeInterval invalid_value"],
    ],
    [
      "a day alone",
      "OfferObject",
      { validTimeInterval: { end: { date: "2027-02-01" } } },
      ["validTimeInterval.end.date invalid_value"],
    ],
    [
      "a balance of no known hour",
      "GiftCardObject",
      { balanceUpdateTime: { date: "2027-03-04T11:12:13" } },
      ["balanceUpdateTime.date invalid_value"],
    ],
    [
      "a departure with an offset",
      "FlightClass",
      { localScheduledDepartureDateTime: "2027-07-02T15:30:00Z" },
      ["localScheduledDepartureDateTime invalid_value"],
    ],
    ["a long event id", "EventTicketClass", { eventId: "é".repeat(65) }, ["eventId invalid_value"]],
    [
      "a venue without an address",
      "EventTicketClass",
      { venue: { name: localized("Arena") } },
      ["venue.address required"],
    ],
    [
      "a carrier with two codes",
      "FlightClass",
      { flightHeader: { carrier: { carrierIataCode: "LH", carrierIcaoCode: "DLH" }, flightNumber: "123" } },
      ["flightHeader.carrier invalid_value"],
    ],
    [
      "a carrier without a code",
      "FlightClass",
      { flightHeader: { carrier: {}, flightNumber: "123" } },
      ["flightHeader.carrier required"],
    ],
    [
      "a flight number with its carrier",
      "FlightClass",
      { flightHeader: { carrier: { carrierIataCode: "LH" }, flightNumber: "LH123" } },
      ["flightHeader.flightNumber invalid_value"],
    ],
    [
      "points in two forms",
      "LoyaltyObject",
      { loyaltyPoints: { balance: { int: 1, string: "1" } } },
      ["loyaltyPoints.balance invalid_value"],
    ],
    ["points in no form", "LoyaltyObject", { loyaltyPoints: { balance: {} } }, ["loyaltyPoints.balance required"]],
    [
      "more points than int32 holds",
      "LoyaltyObject",
      { loyaltyPoints: { balance: { int: 2 ** 31 } } },
      ["loyaltyPoints.balance.int invalid_value"],
    ],
    ["a leg from nowhere", "TransitObject", { ticketLeg: { destinationStationCode: "HH" } }, ["ticketLeg required"]],
    [
      "a journey at no time",
      "TransitObject",
      { validTimeInterval: undefined, ticketLeg: { originStationCode: "BE" } },
      [" required"],
    ],
    [
      "Smart Tap beyond ASCII",
      "LoyaltyObject",
      { smartTapRedemptionValue: "é" },
      ["smartTapRedemptionValue invalid_value"],
    ],
    [
      "a TOTP key in Base32",
      "LoyaltyObject",
      { rotatingBarcode: { totpDetails: { parameters: [{ key: "GEZDGNBV", valueLength: 6 }] } } },
      ["rotatingBarcode.totpDetails.parameters[0].key invalid_value"],
    ],
    [
      "a TOTP that never turns",
      "LoyaltyObject",
      { rotatingBarcode: { totpDetails: { periodMillis: "0" } } },
      ["rotatingBarcode.totpDetails.periodMillis invalid_value"],
    ],
    ["no rotating values", "RotatingBarcodeValues", { values: [] }, ["values invalid_value"]],
    [
      "an interval that ends before it starts, each at its own offset",
      "OfferObject",
      { validTimeInterval: interval("2027-01-01T12:00:00+01:00", "2027-01-01T12:30:00+02:00") },
      ["validTimeInterval.end invalid_value"],
    ],
    [
      "a message that ends before it starts, of no known offset",
      "OfferObject",
      { messages: [{ body: "a", displayInterval: interval("2027-01-01T12:00:00", "2027-01-01T11:59") }] },
      ["messages[0].displayInterval.end invalid_value"],
    ],
    ...["sfo", "SF", "KSFO", "SF1"].map((airportIataCode): Refused => [
      `the airport ${airportIataCode}`,
      "FlightClass",
      { origin: { airportIataCode } },
      ["origin.airportIataCode invalid_value"],
    ]),
    ...["lh", "L", "DLH", "L-"].map((carrierIataCode): Refused => [
      `the airline ${carrierIataCode}, as IATA writes it`,
      "FlightClass",
      { flightHeader: { carrier: { carrierIataCode }, flightNumber: "123" } },
      ["flightHeader.carrier.carrierIataCode invalid_value"],
    ]),
    ...["dlh", "LH", "DLHX"].map((carrierIcaoCode): Refused => [
      `the airline ${carrierIcaoCode}, as ICAO writes it`,
      "FlightClass",
      { flightHeader: { carrier: { carrierIcaoCode }, flightNumber: "123" } },
      ["flightHeader.carrier.carrierIcaoCode invalid_value"],
    ]),
    ...["eur", "€", "EURO"].map((currencyCode): Refused => [
      `the currency ${currencyCode}`,
      "GiftCardObject",
      { balance: { micros: "1", currencyCode } },
      ["balance.currencyCode invalid_value"],
    ]),
    ["nothing to validate", "JwtValidateRequest", { jwtResource: undefined }, [" required"]],
    ["two things to validate", "JwtValidateRequest", { jsonResource: { json: "{}" } }, [" invalid_value"]],
  ])("refuses %s", (_, type, changes, expected) => {
    expect(refused(type, changes)).toEqual(expected);
  });

  const seat = { ticketSeat: { seat: "1" } };
  const leg = { originStationCode: "BE", departureDateTime: "2027-04-12T16:20:50" };
  it.each<[GoogleTypeName, string, unknown, string, unknown]>([
    ["EventTicketClass", "confirmationCodeLabel", "ORDER_NUMBER", "customConfirmationCodeLabel", localized("Code")],
    ["EventTicketClass", "gateLabel", "DOOR", "customGateLabel", localized("Portal")],
    ["EventTicketClass", "rowLabel", "ROW", "customRowLabel", localized("Bench")],
    ["EventTicketClass", "seatLabel", "SEAT", "customSeatLabel", localized("Chair")],
    ["EventTicketClass", "sectionLabel", "THEATER", "customSectionLabel", localized("Block")],
    ["EventDateTime", "doorsOpenLabel", "GATES_OPEN", "customDoorsOpenLabel", localized("Admission")],
    ["TemplateItem", "firstValue", item.firstValue, "predefinedItem", "FLIGHT_NUMBER_AND_OPERATING_FLIGHT_NUMBER"],
    ["TicketLeg", "ticketSeat", seat.ticketSeat, "ticketSeats", [seat.ticketSeat]],
    ["TicketSeat", "fareClass", "FIRST", "customFareClass", localized("Quiet")],
    ["TransitObject", "concessionCategory", "ADULT", "customConcessionCategory", localized("Nurse")],
    ["TransitObject", "ticketLeg", leg, "ticketLegs", [leg]],
    ["TransitObject", "ticketStatus", "USED", "customTicketStatus", localized("Clipped")],
  ])("refuses of %s both %s and %s", (type, one, first, other, second) => {
    const base = type === "TicketLeg" ? { originStationCode: "BE" } : {};
    const told = (json: object) =>
      validateGoogle(type, { ...base, ...json }, { partial: true }).map(({ path, code }) => `${path} ${code}`);
    expect(told({ [one]: first, [other]: second })).toEqual([`${other} invalid_value`]);
    expect([told({ [one]: first }), told({ [other]: second })]).toEqual([[], []]);
    exclusive.add(`${type}.${one}.${other}`);
  });

  it("names every pair of members that exclude each other", () => {
    const pairs = Object.entries(exclusiveMembers).flatMap(([type, each]) => each.map((pair) => [type, ...pair]));
    expect([...exclusive].sort()).toEqual(pairs.map((names) => names.join(".")).sort());
  });

  it("accepts what is right at the border", () => {
    expect(refused("TransitObject", { ticketLeg: leg, ticketLegs: [] })).toEqual([]);
    expect(
      refused("TransitObject", { ticketStatus: "TICKET_STATUS_UNSPECIFIED", customTicketStatus: localized("Clipped") }),
    ).toEqual([]);
    expect(
      refused("OfferObject", { validTimeInterval: interval("2027-01-01T12:00:00+02:00", "2027-01-01T10:00:00Z") }),
    ).toEqual([]);
    const carrier = { carrierIcaoCode: "DLH" };
    expect(refused("FlightClass", { flightHeader: { carrier, flightNumber: "123" } })).toEqual([]);
    expect(
      refused("OfferObject", {
        messages: Array(10).fill({ body: "a" }),
        merchantLocations: Array(10).fill({ latitude: -90, longitude: 180 }),
        validTimeInterval: interval("2027-01-01T00:00:00", "2027-02-01T00:00"),
        appLinkData: { displayText: localized("😀".repeat(30)) },
      }),
    ).toEqual([]);
    expect(
      refused("TransitObject", {
        validTimeInterval: undefined,
        ticketLeg: undefined,
        ticketLegs: [{ originStationCode: "BE", departureDateTime: "2027-04-12T16:20:50" }],
      }),
    ).toEqual([]);
    expect(refused("OfferClass", { titleImage: { privateImageId: "1" } })).toEqual([]);
  });
});
