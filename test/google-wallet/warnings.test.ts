import { describe, expect, it } from "vitest";
import type { ResolvedPass } from "../../src/pass-model/resolved-pass";
import type { DesignInput, FieldInput } from "../pass-model/make";
import { fakeImages, projectOf, type Sample } from "./designs";

const warningsOf = (design: DesignInput, more: Partial<ResolvedPass> = {}, values: Sample["values"] = {}) =>
  projectOf({ design: { style: "generic", ...design }, values }, { images: {}, templateImages: {}, ...more }).warnings;
const pairs = (...input: Parameters<typeof warningsOf>) =>
  warningsOf(...input).map(({ code, pointer }) => `${code} ${pointer}`);

const text = (key: string, value: string, more: Partial<FieldInput> = {}): FieldInput => ({
  key,
  type: "text",
  position: "back",
  value,
  ...more,
});

const encryptionPublicKey =
  "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEaxfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpZP40Li/hp/m47n60p8D54WK84zV2sxXs7LtkBoN79R9Q==";

describe("what Google lacks", () => {
  it("R021 nothing is said of a pass that it shows whole", () => {
    expect(warningsOf({ colors: { background: "#1a2b3c" }, fields: [text("note", "Hello")] })).toEqual([]);
  });

  it.each<[string, DesignInput, string[]]>([
    [
      "colours of texts",
      { colors: { foreground: "#ffffff", label: "#ffffff" } },
      ["google_color_dropped #/colors/foreground", "google_color_dropped #/colors/label"],
    ],
    [
      "radius and text of a place",
      { locations: [{ latitude: 1, longitude: 2, radius: 100, relevantText: "Here" }] },
      ["google_radius_dropped #/locations", "google_relevant_text_dropped #/locations"],
    ],
    ["a bare place", { locations: [{ latitude: 1, longitude: 2 }] }, []],
    [
      "beacons",
      { beacons: [{ proximityUuid: "f7826da6-4fa2-4e98-8024-bc5b71e0893e" }] },
      ["google_beacons_dropped #/beacons"],
    ],
    [
      "dates of its own",
      { relevantDates: [{ date: "2026-05-01T18:30:00+02:00" }] },
      ["google_relevant_dates_dropped #/relevantDates"],
    ],
    [
      "apps",
      { associatedStoreIdentifiers: [284882215], appLaunchUrl: "fernfinch://card" },
      ["google_apps_dropped #/associatedStoreIdentifiers", "google_app_link_dropped #/appLaunchUrl"],
    ],
    ["sharing", { sharingProhibited: true }, ["google_sharing_not_hidden #/sharingProhibited"]],
    ["NFC", { nfc: { message: "1", encryptionPublicKey } }, ["google_nfc_dropped #/nfc"]],
    [
      "NFC with Smart Tap",
      { nfc: { message: "1", encryptionPublicKey }, google: { object: { smartTapRedemptionValue: "1" } } },
      [],
    ],
    [
      "a countdown",
      {
        fields: [
          text("first", "1"),
          text("ends", "2026-12-31", { type: "date", relative: true }),
          text("also", "2026-12-31", { type: "date", relative: true }),
        ],
      },
      ["google_relative_date_fixed #/fields/1/relative"],
    ],
    [
      "a member that another kind of pass has",
      { google: { vertical: "generic", object: { accountId: "1" } } },
      ["google_member_left_out #/google/object/accountId"],
    ],
  ])("R021 is told: %s", (_, design, expected) => {
    expect(pairs(design)).toEqual(expected);
  });

  it("R021 a link into an app is a button", () => {
    const { output, warnings } = projectOf({
      design: { style: "generic", associatedStoreIdentifiers: [1], appLaunchUrl: "https://fernfinch.example/card" },
    });
    expect(output.class).toMatchObject({
      appLinkData: { webAppLinkInfo: { appTarget: { targetUri: { uri: "https://fernfinch.example/card" } } } },
    });
    expect(warnings.map(({ code }) => code)).not.toContain("google_app_link_dropped");
  });

  it("R021 the text of the logo is told where no place is for it", () => {
    const card = { style: "storeCard", logoText: "Fern", organizationName: "Fern & Finch" } as const;
    const images = fakeImages("icon");
    expect(pairs(card, { images, templateImages: images })).toContain("google_logo_text_dropped #/logoText");
    expect(pairs({ ...card, style: "generic" })).toEqual([]);
    expect(pairs({ ...card, logoText: "Fern & Finch" })).not.toContain("google_logo_text_dropped #/logoText");
  });

  it("R021 an event is told of a venue without an address, and of further seats", () => {
    const semantics = { eventName: "Night", venueName: "Meadow", seats: [{ seatRow: "1" }, { seatRow: "2" }] };
    expect(pairs({ style: "eventTicket", semantics })).toEqual([
      "google_venue_incomplete #/semantics",
      "google_one_seat #/semantics/seats",
    ]);
    expect(pairs({ style: "eventTicket", semantics, fields: [text("address", "Lake Road")] })).toEqual([
      "google_one_seat #/semantics/seats",
    ]);
  });

  it("R021 asking the holder is told until the holder has answered", () => {
    const personalization = {
      description: "Join",
      requiredFields: ["name" as const],
      termsAndConditions: null,
      done: false,
    };
    expect(pairs({}, { personalization })).toEqual(["google_personalization_dropped #/personalization"]);
    expect(pairs({}, { personalization: { ...personalization, done: true } })).toEqual([]);
  });
});

describe("pictures", () => {
  const large = (id: string, width: number, height: number) => ({ "3x": { id, width, height, sha256: "00" } });
  const logo = large("img_logo", 660, 660);

  it("R021 that Google has no place for are told", () => {
    const images = {
      icon: logo,
      logo,
      strip: large("s", 1125, 432),
      background: large("b", 1035, 1515),
      venueMap: large("v", 900, 900),
      personalizationLogo: logo,
    };
    expect(pairs({}, { images, templateImages: images })).toEqual([
      "google_image_not_shown #/images/background",
      "google_image_not_shown #/images/venueMap",
    ]);
  });

  it("R021 that are too small are told, one warning for each use", () => {
    const images = { logo: large("l", 150, 150), strip: large("s", 375, 144) };
    expect(warningsOf({}, { images, templateImages: images })).toEqual([
      {
        code: "google_image_small",
        pointer: "#/images/logo",
        detail: "Google wants 660×660 pixels for the logo image; the logo has 150×150",
      },
      {
        code: "google_image_small",
        pointer: "#/images/strip",
        detail: "Google wants 1032×336 pixels for the hero image; the strip has 375×144",
      },
    ]);
  });

  it("R021 a logo of one pass is told where all passes share one", () => {
    const own = { images: { logo: large("own", 660, 660) }, templateImages: { logo } };
    expect(pairs({ style: "storeCard" }, own)).toEqual(["google_image_not_shown #/images/logo"]);
    expect(pairs({ style: "generic" }, own)).toEqual([]);
  });
});

describe("lengths", () => {
  const long = (length: number) => "x".repeat(length);

  it("R021 are told once for each kind of text", () => {
    const fields = [
      text("one", long(501)),
      text("two", "short", { label: long(36) }),
      text("wide", long(16), { position: "secondary" }),
      text("beside", "short", { position: "secondary" }),
      text("alone", long(30), { position: "auxiliary" }),
      text("site", "https://example.com/", { type: "url", label: long(21) }),
    ];
    expect(pairs({ fields })).toEqual([
      "google_text_cut #/fields/2",
      "google_text_long #/fields/0",
      "google_text_long #/fields/5",
    ]);
    const [, modules] = warningsOf({ fields });
    expect(modules!.detail).toMatch(/: one, two$/);
  });

  it("R021 are told for names, by the member of the template", () => {
    const images = fakeImages("icon");
    const offer = warningsOf(
      { style: "coupon", organizationName: long(21), description: long(61), logoText: long(21) },
      { images, templateImages: images },
    ).filter(({ code }) => code === "google_text_long");
    expect(offer.map(({ pointer }) => pointer).sort()).toEqual(["#/description", "#/logoText", "#/organizationName"]);
    expect(offer.find(({ pointer }) => pointer === "#/organizationName")!.detail).toMatch(/issuerName.*provider/);
  });

  it("R021 count characters, not units", () => {
    expect(pairs({ fields: [text("note", "short", { label: "🎂".repeat(35) })] })).toEqual([]);
  });

  it("R021 ten texts and ten links are shown", () => {
    const texts = Array.from({ length: 11 }, (_, index) => text(`t${index}`, "x"));
    const links = Array.from({ length: 12 }, (_, index) =>
      text(`l${index}`, "https://example.com/", { type: "url", label: "x" }),
    );
    expect(pairs({ fields: [...texts, ...links] })).toEqual([
      "google_too_many_fields #/fields/10",
      "google_too_many_links #/fields/21",
    ]);
  });
});

describe("members in Google's own words", () => {
  it("R021 take the place of ours, with placeholders filled in as their type wants", () => {
    const { output } = projectOf(
      {
        design: {
          style: "storeCard",
          images: { icon: "img" },
          fields: [text("points", "", { type: "number", value: 800 })],
          google: {
            class: { hexBackgroundColor: "#123456", countryCode: "DE" },
            object: { accountId: "{{points}}", groupingInfo: { groupingId: "g", sortIndex: 1 }, state: "COMPLETED" },
          },
        },
      },
      { groupingIdentifier: "ours" },
    );
    expect(output.class).toMatchObject({ hexBackgroundColor: "#123456", countryCode: "DE" });
    expect(output.object).toMatchObject({
      accountId: "800",
      groupingInfo: { groupingId: "g", sortIndex: 1 },
      // What WePass keeps in its own hands.
      state: "ACTIVE",
    });
  });
});
