import { describe, expect, it } from "vitest";
import { checkGoogleKeys, type GoogleKeys } from "../../src/google-wallet/check-google-keys";
import type { PassStyle } from "../../src/pass-model/vocabulary";

const nothing = { issues: [], warnings: [] };

/** Pointers with codes, issues and warnings apart. */
function told(google: GoogleKeys, style: PassStyle = "storeCard") {
  const { issues, warnings } = checkGoogleKeys(google, { style });
  const line = ({ pointer, code }: { pointer: string; code: string }) => `${pointer} ${code}`;
  return { issues: issues.map(line), warnings: warnings.map(line) };
}

describe("R021 checkGoogleKeys", () => {
  it("accepts what Google's class and object have, each in its part", () => {
    expect(checkGoogleKeys({}, { style: "generic" })).toEqual(nothing);
    const google: GoogleKeys = {
      vertical: "loyalty",
      class: {
        countryCode: "DE",
        enableSmartTap: true,
        redemptionIssuers: ["3388000000012345678"],
        discoverableProgram: { state: "LIVE" },
        messages: [{ header: "Hello", body: "Good to see you" }],
      },
      object: {
        smartTapRedemptionValue: "{{pass.id}}",
        passConstraints: { screenshotEligibility: "INELIGIBLE" },
        groupingInfo: { groupingId: "family", sortIndex: 1 },
      },
    };
    expect(checkGoogleKeys(google, { style: "storeCard" })).toEqual(nothing);
  });

  it("refuses what WePass writes itself, and says what to use", () => {
    const { issues } = checkGoogleKeys(
      {
        class: { id: "1.a", reviewStatus: "DRAFT", callbackOptions: {}, review: {} },
        object: {
          id: "1.a",
          classId: "1.a",
          state: "ACTIVE",
          hasUsers: true,
          classReference: {},
          hasLinkedDevice: true,
        },
      },
      { style: "storeCard" },
    );
    expect(issues.map(({ pointer }) => pointer)).toEqual([
      "#/google/class/id",
      "#/google/class/reviewStatus",
      "#/google/class/callbackOptions",
      "#/google/class/review",
      "#/google/object/id",
      "#/google/object/classId",
      "#/google/object/state",
      "#/google/object/hasUsers",
      "#/google/object/classReference",
      "#/google/object/hasLinkedDevice",
    ]);
    expect(new Set(issues.map(({ code }) => code))).toEqual(new Set(["modelled_key"]));
    expect(issues.map(({ detail }) => detail)).toContain(
      "object.state: does not belong into object; it follows from the pass: void it, or use expiration",
    );
  });

  it("warns of members that Google does not know, at any depth, and checks the rest of them", () => {
    const google = {
      class: { colour: "red", constructor: {} },
      object: {
        accountColor: 1,
        merchantLocations: [
          { latitude: 1, longitude: 2, radius: 3 },
          { latitude: 91, name: "a" },
        ],
      },
    };
    expect(told(google)).toEqual({
      issues: ["#/google/object/merchantLocations/1/latitude invalid_value"],
      warnings: [
        "#/google/class/colour unknown_google_member",
        "#/google/class/constructor unknown_google_member",
        "#/google/object/accountColor unknown_google_member",
        "#/google/object/merchantLocations/0/radius unknown_google_member",
        "#/google/object/merchantLocations/1/name unknown_google_member",
      ],
    });
    expect(checkGoogleKeys({ class: { colour: "red" } }, { style: "coupon" }).warnings[0]!.detail).toBe(
      "class.colour: no OfferClass or GenericClass has it at Google, so it is left out",
    );
  });

  it("names the place of each wrong value", () => {
    const google = {
      class: { enableSmartTap: "yes", textModulesData: [{ id: "a.b" }], linksModuleData: { uris: { uri: "a" } } },
      object: {
        barcode: { type: "qr" },
        rotatingBarcode: { totpDetails: { parameters: [{ key: "0f", valueLength: "long" }] } },
        heroImage: {},
        saveRestrictions: { restrictToEmailSha256: null },
      },
    };
    expect(told(google).issues).toEqual([
      "#/google/class/enableSmartTap wrong_type",
      "#/google/class/textModulesData/0/id invalid_value",
      "#/google/class/linksModuleData/uris wrong_type",
      "#/google/object/saveRestrictions/restrictToEmailSha256 null_value",
      "#/google/object/barcode/type invalid_value",
      "#/google/object/rotatingBarcode/totpDetails/parameters/0/valueLength wrong_type",
      "#/google/object/heroImage required",
    ]);
    expect(
      checkGoogleKeys({ object: { state: "X", barcode: { type: "qr" } } }, { style: "coupon" }).issues[1]!.detail,
    ).toBe(
      "object.barcode.type: expected one of AZTEC, CODE_39, CODE_128, CODABAR, DATA_MATRIX, EAN_8, EAN_13, ITF_14, " +
        "PDF_417, QR_CODE, UPC_A, TEXT_ONLY",
    );
  });

  it("refuses two members of which Google takes one, wherever they stand", () => {
    const label = { defaultValue: { language: "en", value: "Portal" } };
    const dateTime = { doorsOpenLabel: "GATES_OPEN", customDoorsOpenLabel: label };
    const google = { class: { gateLabel: "GATE", customGateLabel: label, dateTime } };
    expect(told(google, "eventTicket").issues).toEqual([
      "#/google/class/dateTime/customDoorsOpenLabel invalid_value",
      "#/google/class/customGateLabel invalid_value",
    ]);
    expect(checkGoogleKeys(google, { style: "eventTicket" }).issues[1]!.detail).toBe(
      "class.customGateLabel: does not go with gateLabel: Google takes one of the two",
    );
    const object = { ticketStatus: "{{status}}", customTicketStatus: label };
    expect(told({ object }, "boardingPass").issues).toEqual(["#/google/object/customTicketStatus invalid_value"]);
    expect(told({ class: { customGateLabel: label } }, "eventTicket")).toEqual(nothing);
  });

  it("requires nothing of a class or object as such, but what its values need", () => {
    expect(told({ class: { venue: {} }, object: { ticketNumber: "1" } }, "eventTicket").issues).toEqual([
      "#/google/class/venue/name required",
      "#/google/class/venue/address required",
    ]);
    expect(told({ vertical: "transit", object: { tripId: "ICE 72" } }, "boardingPass")).toEqual(nothing);
  });

  it("takes placeholders in the object for texts, numbers and values of enums, and none in the class", () => {
    const object = {
      accountId: "{{pass.id}}",
      loyaltyPoints: { label: "Points of {{tier}}", balance: { int: "{{points}}" } },
      barcode: { type: "{{format}}", value: "{{pass.id}}" },
      validTimeInterval: { start: { date: "{{from}}" }, end: { date: "2027-01-01T00:00:00Z" } },
    };
    expect(checkGoogleKeys({ object }, { style: "storeCard" })).toEqual(nothing);
    expect(told({ object: { disableExpirationNotification: "{{points}}", messages: "{{points}}" } }).issues).toEqual([
      "#/google/object/disableExpirationNotification wrong_type",
      "#/google/object/messages wrong_type",
    ]);
    expect(told({ class: { countryCode: "{{country}}" } }).issues).toEqual([
      "#/google/class/countryCode placeholder_not_allowed",
    ]);
  });

  it("holds members to every kind that the style can become, or to the declared one alone", () => {
    const boarding = { class: { transitType: "RAIL", flightStatus: "SCHEDULED" }, object: { notifications: {} } };
    expect(told(boarding, "boardingPass")).toEqual(nothing);
    expect(told({ ...boarding, vertical: "flight" }, "boardingPass").warnings).toEqual([
      "#/google/class/transitType unknown_google_member",
      "#/google/object/notifications unknown_google_member",
    ]);
    // A title is a text of an offer; no other kind that a coupon can become has one.
    expect(told({ class: { title: { value: "x" } } }, "coupon").issues).toEqual(["#/google/class/title wrong_type"]);
  });

  it("warns of deprecated members", () => {
    expect(told({ class: { locations: [{ latitude: 1, longitude: 2 }], wordMark: {} } })).toEqual({
      issues: ["#/google/class/wordMark required"],
      warnings: [
        "#/google/class/locations deprecated_google_member",
        "#/google/class/wordMark deprecated_google_member",
      ],
    });
  });

  it("ends early with what is wrong in bulk", () => {
    const object = Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`member${index}`, 1]));
    const messages = Array.from({ length: 50_000 }, () => ({ body: 1, tone: "warm" }));
    const { issues, warnings } = checkGoogleKeys({ class: { messages }, object }, { style: "generic" });
    expect([issues.length, warnings.length]).toEqual([1, 50]);
  });
});
