import { describe, expect, it } from "vitest";
import type { Json, JsonObject, ResolvedImage, ResolvedImages, ResolvedPass } from "../../src/pass-model/resolved-pass";
import type { ImageSlot, PassStyle } from "../../src/pass-model/vocabulary";
import { projectPassJson, type AppleIdentity } from "../../src/pkpass/project";
import { passOf, resolveOf, type DesignInput, type FieldInput } from "../pass-model/make";

const identity: AppleIdentity = {
  passTypeIdentifier: "pass.com.example.fern",
  teamIdentifier: "A1B2C3D4E5",
  webServiceUrl: "https://api.example.com/apple/tenant01",
  authenticationToken: "0123456789abcdef0123456789abcdef",
};

const project = (design: DesignInput, pass = passOf(), images: ResolvedImages = {}) =>
  projectPassJson({ ...resolveOf(design, pass), images }, identity);
const jsonOf = (design: DesignInput, pass = passOf()) => project(design, pass).output;
const warningsOf = (design: DesignInput, pass = passOf()) => project(design, pass).warnings;

/** The one field of a pass, as Apple gets it. */
function fieldOf(more: Partial<FieldInput>): Json | undefined {
  const { generic } = jsonOf({ fields: [{ key: "f", type: "text", position: "back", ...more }] });
  return (generic as { backFields?: Json[] }).backFields?.[0];
}

function places(json: Json, wanted: (value: Json) => boolean, path = "#"): string[] {
  if (wanted(json)) return [path];
  if (json === null || typeof json !== "object") return [];
  return Object.entries(json).flatMap(([key, member]) => places(member, wanted, `${path}/${key}`));
}

const rich: Record<PassStyle, { design: DesignInput; pass: ReturnType<typeof passOf> }> = {
  boardingPass: {
    design: {
      style: "boardingPass",
      transitType: "train",
      organizationName: "Solvane Rail",
      description: "Ticket Berlin to Prague",
      logoText: "Solvane",
      colors: { background: "#0d2b4e", foreground: "#ffffff", label: "#9fcdf2" },
      fields: [
        { key: "platform", label: "Platform", type: "text", position: "header", changeMessage: "Platform %@" },
        { key: "from", label: "Berlin Hbf", type: "text", position: "primary", value: "BER" },
        { key: "to", label: "Praha hl.n.", type: "text", position: "primary", value: "PRG" },
        {
          key: "departure",
          label: "Departs",
          type: "dateTime",
          position: "secondary",
          timeZone: "Europe/Berlin",
          dateStyle: "short",
          timeStyle: "short",
          textAlignment: "right",
          semantics: { originalDepartureDate: "{{departure}}" },
        },
        {
          key: "seat",
          label: "Seat",
          type: "text",
          position: "auxiliary",
          semantics: { seats: [{ seatNumber: "{{seat}}" }] },
        },
      ],
      barcode: { format: "aztec", message: "{{pass.externalId}}", altText: "{{pass.externalId}}" },
      relevantDates: [{ field: "departure" }],
      expiration: { type: "field", field: "departure" },
      groupingIdentifier: "trip-1",
      semantics: { transitProvider: "Solvane Rail", originalDepartureDate: "{{departure}}", duration: 15_300 },
    },
    pass: passOf({ values: { platform: "7", departure: "2026-05-01T08:00:30.250Z", seat: "61" } }),
  },
  coupon: {
    design: {
      style: "coupon",
      description: "20 % off",
      fields: [
        { key: "discount", label: "Off", type: "percent", position: "primary", default: 0.2 },
        { key: "minimum", label: "From", type: "currency", currencyCode: "EUR", position: "secondary", default: 25 },
        {
          key: "terms",
          label: "Terms",
          type: "text",
          position: "back",
          value: "Once per person",
          dataDetectorTypes: [],
        },
      ],
      barcode: { format: "code128", message: "{{pass.externalId}}" },
      expiration: { type: "relative", duration: "P30D" },
    },
    pass: passOf({ voided: true }),
  },
  eventTicket: {
    design: {
      style: "eventTicket",
      description: "Ticket",
      fields: [
        { key: "event", label: "Event", type: "text", position: "primary", value: "Summer Night" },
        { key: "doors", label: "Doors", type: "time", position: "secondary", value: "18:30" },
        { key: "section", label: "Section", type: "text", position: "auxiliary", row: 0, value: "B" },
        { key: "row", label: "Row", type: "text", position: "auxiliary", row: 1, value: "7" },
        { key: "bag", label: "Bags", type: "text", position: "additionalInfo", value: "Up to A4" },
        { key: "map", label: "Map", type: "url", position: "back", value: "https://example.com/map" },
      ],
      barcode: { format: "pdf417", message: "Zoë" },
      locations: [{ latitude: 52.4043, longitude: 13.0236, altitude: 34, radius: 500, relevantText: "Welcome" }],
      beacons: [{ proximityUuid: "f7826da6-4fa2-4e98-8024-bc5b71e0893e", major: 1, minor: 7, relevantText: "Gate 7" }],
      relevantDates: [{ startDate: "2026-08-01T16:00:00+02:00", endDate: "2026-08-01T23:30:00+02:00" }],
      semantics: {
        eventName: "Summer Night",
        eventType: "PKEventTypeLivePerformance",
        seats: [{ seatSectionColor: "#ff0000" }],
      },
      apple: { preferredStyleSchemes: ["posterEventTicket", "eventTicket"], footerBackgroundColor: "#1f2937" },
    },
    pass: passOf(),
  },
  generic: {
    design: {
      style: "generic",
      fields: [
        { key: "member", label: "Member", type: "text", position: "primary", default: "Zoë 🎂" },
        { key: "since", label: "Since", type: "date", position: "secondary", value: "2024-02-29" },
        { key: "visits", label: "Visits", type: "number", position: "auxiliary", default: 86 },
        {
          key: "phone",
          label: "Desk",
          type: "phone",
          position: "back",
          value: "+493012345",
          dataDetectorTypes: ["phoneNumber"],
        },
        { key: "mail", label: "E-mail", type: "email", position: "back", value: "a@example.com" },
        { key: "note", label: "Note", type: "text", position: "back" },
      ],
      barcode: { format: "qr", message: "{{pass.id}}", altText: "No. {{pass.externalId}}" },
      nfc: {
        message: "{{pass.id}}",
        encryptionPublicKey:
          "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEaxfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpZP40Li/hp/m47n60p8D54WK84zV2sxXs7LtkBoN79R9Q==",
        requiresAuthentication: true,
      },
      sharingProhibited: true,
      associatedStoreIdentifiers: [284882215],
      appLaunchUrl: "fernfinch://card",
      userInfo: { tier: "gold" },
    },
    pass: passOf({}, { expiresAt: "2030-01-01T00:00Z" }),
  },
  storeCard: {
    design: {
      style: "storeCard",
      fields: [
        {
          key: "balance",
          label: "Balance",
          type: "currency",
          currencyCode: "EUR",
          numberStyle: "decimal",
          position: "header",
          default: 12.5,
        },
        {
          key: "points",
          label: "Points",
          type: "number",
          position: "primary",
          default: 120,
          changeMessage: "%@ points",
        },
        {
          key: "tier",
          label: "Tier",
          type: "text",
          position: "secondary",
          expression: 'points >= 100.0 ? "Gold" : "Silver"',
        },
      ],
      barcode: { format: "ean13", message: "5901234123457" },
      apple: { suppressStripShine: true, stripColor: "#123" },
    },
    pass: passOf({ announcement: { message: "Thank you", keys: ["points"] } }),
  },
};

describe("a whole pass.json", () => {
  it("R011 of a boarding pass", () => {
    expect(jsonOf(rich.boardingPass.design, rich.boardingPass.pass)).toMatchInlineSnapshot(`
      {
        "authenticationToken": "0123456789abcdef0123456789abcdef",
        "backgroundColor": "rgb(13, 43, 78)",
        "barcode": {
          "altText": "ext-1",
          "format": "PKBarcodeFormatAztec",
          "message": "ext-1",
          "messageEncoding": "iso-8859-1",
        },
        "barcodes": [
          {
            "altText": "ext-1",
            "format": "PKBarcodeFormatAztec",
            "message": "ext-1",
            "messageEncoding": "iso-8859-1",
          },
        ],
        "boardingPass": {
          "auxiliaryFields": [
            {
              "key": "seat",
              "label": "Seat",
              "semantics": {
                "seats": [
                  {
                    "seatNumber": "61",
                  },
                ],
              },
              "value": "61",
            },
          ],
          "headerFields": [
            {
              "changeMessage": "Platform %@",
              "key": "platform",
              "label": "Platform",
              "value": "7",
            },
          ],
          "primaryFields": [
            {
              "key": "from",
              "label": "Berlin Hbf",
              "value": "BER",
            },
            {
              "key": "to",
              "label": "Praha hl.n.",
              "value": "PRG",
            },
          ],
          "secondaryFields": [
            {
              "dateStyle": "PKDateStyleShort",
              "ignoresTimeZone": true,
              "key": "departure",
              "label": "Departs",
              "semantics": {
                "originalDepartureDate": "2026-05-01T08:00:30Z",
              },
              "textAlignment": "PKTextAlignmentRight",
              "timeStyle": "PKDateStyleShort",
              "value": "2026-05-01T10:00:30+02:00",
            },
          ],
          "transitType": "PKTransitTypeTrain",
        },
        "description": "Ticket Berlin to Prague",
        "expirationDate": "2026-05-01T08:00:30Z",
        "foregroundColor": "rgb(255, 255, 255)",
        "formatVersion": 1,
        "groupingIdentifier": "trip-1",
        "labelColor": "rgb(159, 205, 242)",
        "logoText": "Solvane",
        "organizationName": "Solvane Rail",
        "passTypeIdentifier": "pass.com.example.fern",
        "relevantDate": "2026-05-01T08:00:30Z",
        "relevantDates": [
          {
            "date": "2026-05-01T08:00:30Z",
            "relevantDate": "2026-05-01T08:00:30Z",
          },
        ],
        "semantics": {
          "duration": 15300,
          "originalDepartureDate": "2026-05-01T08:00:30Z",
          "transitProvider": "Solvane Rail",
        },
        "serialNumber": "serial-1",
        "teamIdentifier": "A1B2C3D4E5",
        "webServiceURL": "https://api.example.com/apple/tenant01",
      }
    `);
  });

  it("R012 of a voided coupon", () => {
    expect(jsonOf(rich.coupon.design, rich.coupon.pass)).toMatchInlineSnapshot(`
      {
        "authenticationToken": "0123456789abcdef0123456789abcdef",
        "barcodes": [
          {
            "format": "PKBarcodeFormatCode128",
            "message": "ext-1",
            "messageEncoding": "iso-8859-1",
          },
        ],
        "coupon": {
          "backFields": [
            {
              "dataDetectorTypes": [],
              "key": "terms",
              "label": "Terms",
              "value": "Once per person",
            },
          ],
          "primaryFields": [
            {
              "key": "discount",
              "label": "Off",
              "numberStyle": "PKNumberStylePercent",
              "value": 0.2,
            },
          ],
          "secondaryFields": [
            {
              "currencyCode": "EUR",
              "key": "minimum",
              "label": "From",
              "value": 25,
            },
          ],
        },
        "description": "20 % off",
        "expirationDate": "2026-05-31T12:00:00Z",
        "formatVersion": 1,
        "organizationName": "Fern & Finch",
        "passTypeIdentifier": "pass.com.example.fern",
        "serialNumber": "serial-1",
        "teamIdentifier": "A1B2C3D4E5",
        "voided": true,
        "webServiceURL": "https://api.example.com/apple/tenant01",
      }
    `);
  });

  it("R010 of an event ticket", () => {
    expect(jsonOf(rich.eventTicket.design, rich.eventTicket.pass)).toMatchInlineSnapshot(`
      {
        "authenticationToken": "0123456789abcdef0123456789abcdef",
        "barcode": {
          "format": "PKBarcodeFormatPDF417",
          "message": "Zoë",
          "messageEncoding": "iso-8859-1",
        },
        "barcodes": [
          {
            "format": "PKBarcodeFormatPDF417",
            "message": "Zoë",
            "messageEncoding": "iso-8859-1",
          },
        ],
        "beacons": [
          {
            "major": 1,
            "minor": 7,
            "proximityUUID": "f7826da6-4fa2-4e98-8024-bc5b71e0893e",
            "relevantText": "Gate 7",
          },
        ],
        "description": "Ticket",
        "eventTicket": {
          "additionalInfoFields": [
            {
              "key": "bag",
              "label": "Bags",
              "value": "Up to A4",
            },
          ],
          "auxiliaryFields": [
            {
              "key": "section",
              "label": "Section",
              "row": 0,
              "value": "B",
            },
            {
              "key": "row",
              "label": "Row",
              "row": 1,
              "value": "7",
            },
          ],
          "backFields": [
            {
              "key": "map",
              "label": "Map",
              "value": "https://example.com/map",
            },
          ],
          "primaryFields": [
            {
              "key": "event",
              "label": "Event",
              "value": "Summer Night",
            },
          ],
          "secondaryFields": [
            {
              "dateStyle": "PKDateStyleNone",
              "ignoresTimeZone": true,
              "key": "doors",
              "label": "Doors",
              "timeStyle": "PKDateStyleShort",
              "value": "2000-01-01T18:30:00Z",
            },
          ],
        },
        "footerBackgroundColor": "rgb(31, 41, 55)",
        "formatVersion": 1,
        "locations": [
          {
            "altitude": 34,
            "latitude": 52.4043,
            "longitude": 13.0236,
            "relevantText": "Welcome",
          },
        ],
        "maxDistance": 500,
        "organizationName": "Fern & Finch",
        "passTypeIdentifier": "pass.com.example.fern",
        "preferredStyleSchemes": [
          "posterEventTicket",
          "eventTicket",
        ],
        "relevantDate": "2026-08-01T16:00:00+02:00",
        "relevantDates": [
          {
            "endDate": "2026-08-01T23:30:00+02:00",
            "startDate": "2026-08-01T16:00:00+02:00",
          },
        ],
        "semantics": {
          "eventName": "Summer Night",
          "eventType": "PKEventTypeLivePerformance",
          "seats": [
            {
              "seatSectionColor": "rgb(255, 0, 0)",
            },
          ],
        },
        "serialNumber": "serial-1",
        "teamIdentifier": "A1B2C3D4E5",
        "webServiceURL": "https://api.example.com/apple/tenant01",
      }
    `);
  });

  it("R014 of a generic pass", () => {
    expect(jsonOf(rich.generic.design, rich.generic.pass)).toMatchInlineSnapshot(`
      {
        "appLaunchURL": "fernfinch://card",
        "associatedStoreIdentifiers": [
          284882215,
        ],
        "authenticationToken": "0123456789abcdef0123456789abcdef",
        "barcode": {
          "altText": "No. ext-1",
          "format": "PKBarcodeFormatQR",
          "message": "pass_1",
          "messageEncoding": "iso-8859-1",
        },
        "barcodes": [
          {
            "altText": "No. ext-1",
            "format": "PKBarcodeFormatQR",
            "message": "pass_1",
            "messageEncoding": "iso-8859-1",
          },
        ],
        "description": "Membership card",
        "expirationDate": "2030-01-01T00:00:00Z",
        "formatVersion": 1,
        "generic": {
          "auxiliaryFields": [
            {
              "key": "visits",
              "label": "Visits",
              "numberStyle": "PKNumberStyleDecimal",
              "value": 86,
            },
          ],
          "backFields": [
            {
              "dataDetectorTypes": [
                "PKDataDetectorTypePhoneNumber",
              ],
              "key": "phone",
              "label": "Desk",
              "value": "+493012345",
            },
            {
              "key": "mail",
              "label": "E-mail",
              "value": "a@example.com",
            },
          ],
          "primaryFields": [
            {
              "key": "member",
              "label": "Member",
              "value": "Zoë 🎂",
            },
          ],
          "secondaryFields": [
            {
              "dateStyle": "PKDateStyleMedium",
              "ignoresTimeZone": true,
              "key": "since",
              "label": "Since",
              "timeStyle": "PKDateStyleNone",
              "value": "2024-02-29T00:00:00Z",
            },
          ],
        },
        "nfc": {
          "encryptionPublicKey": "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEaxfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpZP40Li/hp/m47n60p8D54WK84zV2sxXs7LtkBoN79R9Q==",
          "message": "pass_1",
          "requiresAuthentication": true,
        },
        "organizationName": "Fern & Finch",
        "passTypeIdentifier": "pass.com.example.fern",
        "serialNumber": "serial-1",
        "sharingProhibited": true,
        "teamIdentifier": "A1B2C3D4E5",
        "userInfo": {
          "tier": "gold",
        },
        "webServiceURL": "https://api.example.com/apple/tenant01",
      }
    `);
  });

  it("R013 of a store card", () => {
    expect(jsonOf(rich.storeCard.design, rich.storeCard.pass)).toMatchInlineSnapshot(`
      {
        "authenticationToken": "0123456789abcdef0123456789abcdef",
        "barcodes": [
          {
            "format": "PKBarcodeFormatEAN13",
            "message": "5901234123457",
            "messageEncoding": "iso-8859-1",
          },
          {
            "format": "PKBarcodeFormatCode128",
            "message": "5901234123457",
            "messageEncoding": "iso-8859-1",
          },
        ],
        "description": "Membership card",
        "formatVersion": 1,
        "organizationName": "Fern & Finch",
        "passTypeIdentifier": "pass.com.example.fern",
        "serialNumber": "serial-1",
        "storeCard": {
          "headerFields": [
            {
              "currencyCode": "EUR",
              "key": "balance",
              "label": "Balance",
              "value": 12.5,
            },
          ],
          "primaryFields": [
            {
              "changeMessage": "Thank you %@",
              "key": "points",
              "label": "Points",
              "numberStyle": "PKNumberStyleDecimal",
              "value": 120,
            },
          ],
          "secondaryFields": [
            {
              "key": "tier",
              "label": "Tier",
              "value": "Gold",
            },
          ],
        },
        "stripColor": "rgb(17, 34, 51)",
        "suppressStripShine": true,
        "teamIdentifier": "A1B2C3D4E5",
        "webServiceURL": "https://api.example.com/apple/tenant01",
      }
    `);
  });

  it.each(Object.entries(rich))(
    "holds no null and no undefined in a %s, for Wallet would not open it",
    (_, { design, pass }) => {
      const { output } = project(design, pass);
      expect(places(output, (value) => value === null || value === undefined)).toEqual([]);
      expect(JSON.parse(JSON.stringify(output))).toEqual(output);
    },
  );

  it.each(Object.entries(rich))("says in a %s where to ask for updates, and with what", (_, { design, pass }) => {
    expect(jsonOf(design, pass)).toMatchObject({
      formatVersion: 1,
      passTypeIdentifier: identity.passTypeIdentifier,
      teamIdentifier: identity.teamIdentifier,
      serialNumber: "serial-1",
      webServiceURL: identity.webServiceUrl,
      authenticationToken: identity.authenticationToken,
    });
  });

  it("holds nothing but what is needed for the smallest pass", () => {
    expect(jsonOf({})).toEqual({
      formatVersion: 1,
      passTypeIdentifier: identity.passTypeIdentifier,
      serialNumber: "serial-1",
      teamIdentifier: identity.teamIdentifier,
      organizationName: "Fern & Finch",
      description: "Membership card",
      webServiceURL: identity.webServiceUrl,
      authenticationToken: identity.authenticationToken,
      generic: {},
    });
  });
});

describe("fields", () => {
  it.each<[string, Partial<FieldInput>, JsonObject]>([
    ["R061 text", { value: "Zoë" }, { value: "Zoë" }],
    ["R061 empty text", { value: "" }, { value: "" }],
    ["a url", { type: "url", value: "https://example.com/" }, { value: "https://example.com/" }],
    ["an e-mail address", { type: "email", value: "a@example.com" }, { value: "a@example.com" }],
    ["a phone number", { type: "phone", value: "112" }, { value: "112" }],
    ["R062 a number", { type: "number", value: 1234.5 }, { value: 1234.5, numberStyle: "PKNumberStyleDecimal" }],
    ["R062 zero", { type: "number", value: 0 }, { value: 0, numberStyle: "PKNumberStyleDecimal" }],
    [
      "R062 a number in words",
      { type: "number", value: 3, numberStyle: "spellOut" },
      { value: 3, numberStyle: "PKNumberStyleSpellOut" },
    ],
    [
      "R062 a number in scientific notation",
      { type: "number", value: 3, numberStyle: "scientific" },
      { value: 3, numberStyle: "PKNumberStyleScientific" },
    ],
    ["a percentage", { type: "percent", value: 0.25 }, { value: 0.25, numberStyle: "PKNumberStylePercent" }],
    [
      "a fraction shown as one",
      { type: "percent", value: 0.25, numberStyle: "decimal" },
      { value: 0.25, numberStyle: "PKNumberStyleDecimal" },
    ],
    ["R063 money", { type: "currency", currencyCode: "EUR", value: 12.5 }, { value: 12.5, currencyCode: "EUR" }],
    [
      "R063 money without its number style",
      { type: "currency", currencyCode: "JPY", value: 100, numberStyle: "decimal" },
      { value: 100, currencyCode: "JPY" },
    ],
    [
      "R064 a date, the same everywhere",
      { type: "date", value: "2026-05-01" },
      {
        value: "2026-05-01T00:00:00Z",
        dateStyle: "PKDateStyleMedium",
        timeStyle: "PKDateStyleNone",
        ignoresTimeZone: true,
      },
    ],
    [
      "R064 a relative date",
      { type: "date", value: "2026-05-01", relative: true, dateStyle: "full" },
      {
        value: "2026-05-01T00:00:00Z",
        dateStyle: "PKDateStyleFull",
        timeStyle: "PKDateStyleNone",
        ignoresTimeZone: true,
        isRelative: true,
      },
    ],
    [
      "R064 a time, the same everywhere",
      { type: "time", value: "18:30" },
      {
        value: "2000-01-01T18:30:00Z",
        dateStyle: "PKDateStyleNone",
        timeStyle: "PKDateStyleShort",
        ignoresTimeZone: true,
      },
    ],
    [
      "R064 a dateTime in the reader's zone, with seconds and no fraction",
      { type: "dateTime", value: "2026-05-01T18:30:15.987+02:00" },
      { value: "2026-05-01T18:30:15+02:00", dateStyle: "PKDateStyleMedium", timeStyle: "PKDateStyleShort" },
    ],
    [
      "R064 a dateTime without seconds",
      { type: "dateTime", value: "2026-05-01T18:30Z", dateStyle: "none", timeStyle: "long" },
      { value: "2026-05-01T18:30:00Z", dateStyle: "PKDateStyleNone", timeStyle: "PKDateStyleLong" },
    ],
    [
      "R064 a dateTime in the field's zone",
      { type: "dateTime", value: "2026-05-01T18:30:00Z", timeZone: "America/New_York" },
      {
        value: "2026-05-01T14:30:00-04:00",
        dateStyle: "PKDateStyleMedium",
        timeStyle: "PKDateStyleShort",
        ignoresTimeZone: true,
      },
    ],
    [
      "R064 a dateTime in the field's zone in winter",
      { type: "dateTime", value: "2026-12-01T18:30:00Z", timeZone: "America/New_York", relative: true },
      {
        value: "2026-12-01T13:30:00-05:00",
        dateStyle: "PKDateStyleMedium",
        timeStyle: "PKDateStyleShort",
        ignoresTimeZone: true,
        isRelative: true,
      },
    ],
    [
      "R245 a dateTime whose year would get a fifth digit in the field's zone",
      { type: "dateTime", value: "9999-12-31T23:59:59Z", timeZone: "Asia/Tokyo" },
      {
        value: "9999-12-31T23:59:59Z",
        dateStyle: "PKDateStyleMedium",
        timeStyle: "PKDateStyleShort",
        ignoresTimeZone: true,
      },
    ],
    [
      "all that goes with a value",
      {
        value: "x",
        label: "Label",
        changeMessage: "Now %@",
        textAlignment: "center",
        dataDetectorTypes: ["phoneNumber", "link", "address", "calendarEvent"],
        semantics: { eventStartDate: "2026-05-01T18:30Z" },
      },
      {
        value: "x",
        label: "Label",
        changeMessage: "Now %@",
        textAlignment: "PKTextAlignmentCenter",
        dataDetectorTypes: [
          "PKDataDetectorTypePhoneNumber",
          "PKDataDetectorTypeLink",
          "PKDataDetectorTypeAddress",
          "PKDataDetectorTypeCalendarEvent",
        ],
        semantics: { eventStartDate: "2026-05-01T18:30:00Z" },
      },
    ],
  ])("%s", (_, more, expected) => {
    expect(fieldOf(more)).toEqual({ key: "f", ...expected });
  });

  it("leaves a field without a value out, and the group with it", () => {
    expect(jsonOf({ fields: [{ key: "f", type: "text", position: "back" }] }).generic).toEqual({});
  });

  it("R066 puts each position into its group", () => {
    const positions = ["header", "primary", "secondary", "auxiliary", "back", "additionalInfo"] as const;
    const fields: FieldInput[] = positions.map((position) => ({ key: position, type: "text", position, value: "x" }));
    const { eventTicket } = jsonOf({ style: "eventTicket", fields });
    expect(Object.entries(eventTicket as JsonObject)).toEqual(
      positions.map((position) => [`${position}Fields`, [{ key: position, value: "x" }]]),
    );
  });

  it("puts footer fields beside the groups of the poster", () => {
    const fields: FieldInput[] = [{ key: "foot", type: "text", position: "footer", value: "x" }];
    const poster = { headerFields: [{ key: "head", value: "y" }] };
    expect(jsonOf({ fields, apple: { posterGeneric: poster } })).toMatchObject({
      generic: {},
      posterGeneric: { ...poster, footerFields: [{ key: "foot", value: "x" }] },
    });
  });

  it.each<[PassStyle, FieldInput["position"], number]>([
    ["storeCard", "header", 3],
    ["storeCard", "primary", 1],
    ["boardingPass", "primary", 2],
    ["storeCard", "secondary", 4],
    ["eventTicket", "secondary", 4],
    ["boardingPass", "auxiliary", 5],
    ["generic", "auxiliary", 4],
  ])("R066 warns of a %s with more %s fields than %i, and keeps them", (style, position, atMost) => {
    const transit = style === "boardingPass" && ({ transitType: "bus" } as const);
    const of = (count: number): DesignInput => ({
      style,
      ...transit,
      fields: Array.from({ length: count }, (_, index) => ({ key: `f${index}`, type: "text", position, value: "x" })),
    });
    expect(warningsOf(of(atMost))).toEqual([]);
    const { output, warnings } = project(of(atMost + 1));
    expect(warnings).toMatchObject([
      {
        code: "too_many_fields",
        pointer: `#/fields/${atMost}`,
        detail: expect.stringMatching(new RegExp(`at most ${atMost} .*: f${atMost}$`)),
      },
    ]);
    expect((output[style] as JsonObject)[`${position}Fields`]).toHaveLength(atMost + 1);
  });

  it("R066 counts secondary and auxiliary fields together where they share a row", () => {
    const fields: FieldInput[] = ["secondary", "secondary", "secondary", "auxiliary", "auxiliary"].map(
      (position, index) => ({
        key: `f${index}`,
        type: "text",
        position: position as FieldInput["position"],
        value: "x",
      }),
    );
    expect(warningsOf({ style: "coupon", fields })).toMatchObject([{ code: "too_many_fields", pointer: "#/fields/4" }]);
    expect(warningsOf({ fields, barcode: { format: "qr", message: "x" } })).toMatchObject([
      { code: "too_many_fields" },
    ]);
    expect(warningsOf({ fields, barcode: { format: "pdf417", message: "x" } })).toEqual([]);
    expect(warningsOf({ style: "eventTicket", fields })).toEqual([]);
  });

  it("R010 counts each row of an event ticket for itself", () => {
    const row = (number: 0 | 1, count: number): FieldInput[] =>
      Array.from({ length: count }, (_, index) => ({
        key: `r${number}${index}`,
        type: "text",
        position: "auxiliary",
        row: number,
        value: "x",
      }));
    expect(warningsOf({ style: "eventTicket", fields: [...row(0, 4), ...row(1, 4)] })).toEqual([]);
    expect(warningsOf({ style: "eventTicket", fields: [...row(0, 1), ...row(1, 5)] })).toMatchObject([
      { code: "too_many_fields", detail: expect.stringContaining("second-row auxiliary fields; not shown: r14") },
    ]);
  });
});

describe("barcodes", () => {
  const barcodeOf = (barcode: NonNullable<DesignInput["barcode"]>) => {
    const { output, warnings } = project({ barcode });
    return { barcodes: output.barcodes, barcode: output.barcode, warnings: warnings.map(({ code }) => code) };
  };

  it.each([
    ["qr", "PKBarcodeFormatQR"],
    ["pdf417", "PKBarcodeFormatPDF417"],
    ["aztec", "PKBarcodeFormatAztec"],
  ] as const)("R020 writes %s for every system: `barcodes`, and `barcode` for iOS 8", (format, apple) => {
    const entry = { format: apple, message: "Zoë", messageEncoding: "iso-8859-1", altText: "alt" };
    expect(barcodeOf({ format, message: "Zoë", altText: "alt" })).toEqual({
      barcodes: [entry],
      barcode: entry,
      warnings: [],
    });
  });

  it("R020 writes Code 128 without `barcode`, which does not know it", () => {
    const entry = { format: "PKBarcodeFormatCode128", message: "ABC", messageEncoding: "iso-8859-1" };
    expect(barcodeOf({ format: "code128", message: "ABC" })).toEqual({
      barcodes: [entry],
      barcode: undefined,
      warnings: [],
    });
  });

  it.each([
    ["ean13", "PKBarcodeFormatEAN13", "5901234123457", "5901234123457"],
    ["code39", "PKBarcodeFormatCode39", "CODE 39", "CODE 39"],
    ["codabar", "PKBarcodeFormatCodabar", "A40156B", "A40156B"],
    ["itf14", "PKBarcodeFormatI2of5", "15400141288763", "15400141288763"],
    ["upcA", "PKBarcodeFormatEAN13", "036000291452", "0036000291452"],
  ] as const)(
    "R022 writes %s for iOS 27 and Code 128 for the others, and says so",
    (format, apple, message, written) => {
      const code = { messageEncoding: "iso-8859-1" };
      expect(barcodeOf({ format, message })).toEqual({
        barcodes: [
          { format: apple, message: written, ...code },
          { format: "PKBarcodeFormatCode128", message, ...code },
        ],
        barcode: undefined,
        warnings: ["barcode_fallback"],
      });
    },
  );

  it.each([
    ["dataMatrix", "x"],
    ["ean8", "96385074"],
  ] as const)("R022 leaves %s out, which Wallet cannot draw, and says so", (format, message) => {
    const { output, warnings } = project({ barcode: { format, message } });
    expect(output).not.toHaveProperty("barcodes");
    expect(output).not.toHaveProperty("barcode");
    expect(warnings).toEqual([
      {
        code: "barcode_unsupported",
        pointer: "#/barcode/format",
        detail: `Wallet has no ${format} barcode; the pass is made without one`,
      },
    ]);
  });

  it("names the encoding of a message that is not Latin", () => {
    expect(barcodeOf({ format: "qr", message: "東京" }).barcodes).toMatchObject([{ messageEncoding: "utf-8" }]);
  });
});

describe("relevance", () => {
  const place = { latitude: 52.5, longitude: 13.4 };

  it("R143 uses the largest radius for the whole pass, and says so", () => {
    const { output, warnings } = project({ locations: [{ ...place, radius: 100 }, { ...place, radius: 500 }, place] });
    expect(output.maxDistance).toBe(500);
    expect(output.locations).toEqual([place, place, place]);
    expect(warnings).toMatchObject([
      { code: "radius_pass_wide", pointer: "#/locations", detail: expect.stringContaining("500 m") },
    ]);
  });

  it("R143 says nothing where no place has a radius", () => {
    const { output, warnings } = project({ locations: [place] });
    expect(output).not.toHaveProperty("maxDistance");
    expect(warnings).toEqual([]);
  });

  it("R144 gives each place its own text", () => {
    const locations = [
      { ...place, relevantText: "Here" },
      { ...place, altitude: 0, relevantText: "There" },
    ];
    expect(jsonOf({ locations }).locations).toEqual(locations);
  });

  it("R150 writes beacons, whose zero is a number like any other", () => {
    const proximityUuid = "f7826da6-4fa2-4e98-8024-bc5b71e0893e";
    expect(
      jsonOf({ beacons: [{ proximityUuid, major: 0, minor: 65_535, relevantText: "Gate" }, { proximityUuid }] })
        .beacons,
    ).toEqual([
      { proximityUUID: proximityUuid, major: 0, minor: 65_535, relevantText: "Gate" },
      { proximityUUID: proximityUuid },
    ]);
  });

  it("R147 writes dates for iOS 26, for iOS 18 and, the first, for older systems", () => {
    const relevantDates = [{ date: "2026-05-01T18:30:00.5+02:00" }, { date: "2026-05-02T18:30Z" }];
    expect(jsonOf({ relevantDates })).toMatchObject({
      relevantDates: [
        { date: "2026-05-01T18:30:00+02:00", relevantDate: "2026-05-01T18:30:00+02:00" },
        { date: "2026-05-02T18:30:00Z", relevantDate: "2026-05-02T18:30:00Z" },
      ],
      relevantDate: "2026-05-01T18:30:00+02:00",
    });
  });

  it("R147 writes an interval, and its start for older systems", () => {
    const interval = { startDate: "2026-05-01T18:30:00Z", endDate: "2026-05-01T23:30:00Z" };
    expect(jsonOf({ relevantDates: [interval] })).toMatchObject({
      relevantDates: [interval],
      relevantDate: interval.startDate,
    });
  });

  it("R090 writes the expiry with seconds, without a fraction, and with its offset", () => {
    const of = (expiresAt: string) => jsonOf({}, passOf({}, { expiresAt })).expirationDate;
    expect(of("2026-05-01T18:30+02:00")).toBe("2026-05-01T18:30:00+02:00");
    expect(of("2026-05-01T18:30:59.999Z")).toBe("2026-05-01T18:30:59Z");
  });
});

describe("images", () => {
  const image: ResolvedImage = { id: "img_1", width: 38, height: 38, sha256: "0".repeat(64) };
  const slots: ImageSlot[] = [
    "icon",
    "logo",
    "strip",
    "background",
    "thumbnail",
    "footer",
    "artwork",
    "primaryLogo",
    "secondaryLogo",
    "venueMap",
  ];
  const hidden = (pass: Partial<ResolvedPass>, images: ImageSlot[]) => {
    const resolved = {
      ...resolveOf({}),
      ...pass,
      images: Object.fromEntries(images.map((slot) => [slot, { "2x": image }])),
    };
    const { warnings } = projectPassJson(resolved, identity);
    return warnings.map(({ code, pointer }) => (code === "image_not_shown" ? pointer.replace("#/images/", "") : code));
  };

  it.each<[PassStyle, ImageSlot[]]>([
    ["boardingPass", ["icon", "logo", "footer"]],
    ["coupon", ["icon", "logo", "strip"]],
    ["eventTicket", ["icon", "logo", "background", "thumbnail"]],
    ["generic", ["icon", "logo", "thumbnail"]],
    ["storeCard", ["icon", "logo", "strip"]],
  ])("R047 a %s shows %j and warns of all others", (style, shown) => {
    expect(hidden({ style }, shown)).toEqual([]);
    const others = slots.filter((slot) => !shown.includes(slot) && slot !== "strip");
    expect(hidden({ style }, [...shown, ...others])).toEqual(others);
  });

  it("R047 an event ticket shows a strip, or background and thumbnail", () => {
    expect(hidden({ style: "eventTicket" }, ["icon", "strip"])).toEqual([]);
    expect(hidden({ style: "eventTicket" }, ["icon", "strip", "background"])).toEqual(["background"]);
  });

  it("R047 a poster shows its own pictures, too", () => {
    const apple = { preferredStyleSchemes: ["posterEventTicket", "eventTicket"] };
    const poster: ImageSlot[] = ["icon", "strip", "background", "artwork", "primaryLogo", "secondaryLogo", "venueMap"];
    expect(hidden({ style: "eventTicket", apple }, poster)).toEqual([]);
    expect(hidden({ style: "eventTicket", apple }, ["footer"])).toEqual(["footer"]);
  });
});
