import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../src/pass-model/resolved-pass";
import { googleVerticals } from "../../../src/pass-model/vocabulary";
import { cardColors } from "../../../src/simulators/google-wallet/card-colors";
import { cardView } from "../../../src/simulators/google-wallet/card-view";
import type { SavedCard } from "../../../src/simulators/google-wallet/contract";
import { contrast } from "../../../src/pages/colors";
import { cardOf, field, localized, now, text } from "./cards";

const view = (card: SavedCard, language = "en") => cardView(card, { language, now });
const pairs = (row: { label: string | null; value: string }[]) => row.map(({ label, value }) => [label, value]);
const template = (...cardRowTemplateInfos: JsonObject[]): JsonObject => ({
  classTemplateInfo: { cardTemplateOverride: { cardRowTemplateInfos } },
});

describe("the card of Google Wallet", () => {
  it("R021 draws each vertical with logo, issuer, title or journey, rows and code", async () => {
    const seen = await Promise.all(
      googleVerticals.map(async (vertical) => {
        const { issuer, title, journey, rows, code, logo, state } = await view(cardOf(vertical));
        expect(logo?.url).toMatch(/^https:/);
        expect(state).toBe("ACTIVE");
        expect(code?.svg).toMatch(/^<svg/);
        return [vertical, issuer, title ?? journey?.from.code, rows.length, code?.format];
      }),
    );
    expect(seen).toEqual([
      ["eventTicket", "Harbour Festival", "Night of the Lighthouses", 2, "aztec"],
      ["flight", "Solvane Air", "BER", 3, "pdf417"],
      ["generic", "City Library", "Noor Haddad", 2, "code39"],
      ["giftCard", "Lantern Books", "€34.56", 1, "code128"],
      ["loyalty", "Fern & Finch Coffee", "Finch Club", 2, "qr"],
      ["offer", "Plant Room", "20% off every fern", 1, "ean13"],
      ["transit", "Nordbahn", "HAM", 3, "dataMatrix"],
    ]);
  });

  it("R021 draws a journey from place to place", async () => {
    const { journey } = await view(cardOf("flight"), "de");
    expect(journey).toEqual({
      from: { code: "BER", name: "Berlin" },
      to: { code: "LIS", name: "Lissabon" },
      transitType: "air",
    });
    const legs = { ticketLeg: {}, ticketLegs: [{ originName: localized("Ulm"), destinationStationCode: "AUG" }] };
    const several = cardOf("transit", { class: { transitType: "ferry" }, object: legs });
    expect((await view(several)).journey).toEqual({
      from: { code: null, name: "Ulm" },
      to: { code: "AUG", name: null },
      transitType: "boat",
    });
  });

  it("R065 speaks the reader's language, or the default one", async () => {
    const german = await view(cardOf("loyalty"), "de-DE");
    expect(german.rows.map(pairs)).toEqual([
      [
        ["Punkte", "1.250"],
        ["Stufe", "Gold"],
      ],
      [
        ["Mitglied", "Mara Lindqvist"],
        ["Karte", "FF-4711"],
      ],
    ]);
    expect(german.details.links.map((link) => link.text)).toEqual(["Our cafés", "Anrufen"]);
    expect((await view(cardOf("eventTicket"), "de")).title).toBe("Nacht der Leuchttürme");
    expect((await view(cardOf("eventTicket"), "fr")).title).toBe("Night of the Lighthouses");
    expect((await view(cardOf("giftCard"), "de")).title).toBe("34,56\u00a0€");
    const exact = localized("color", { "pt-PT": "cor (pt)", "pt-BR": "cor (br)" });
    const brazilian = cardOf("generic", { object: { header: exact } });
    expect((await view(brazilian, "pt-BR")).title).toBe("cor (br)");
    expect((await view(brazilian, "pt")).title).toBe("cor (pt)");
    expect((await view(brazilian, "not a language")).title).toBe("color");
  });

  it("R065 writes dates as the template says, in the local time of the place", async () => {
    const formats = [
      "DATE_TIME",
      "DATE_ONLY",
      "TIME_ONLY",
      "DATE_TIME_YEAR",
      "DATE_YEAR",
      "YEAR_MONTH",
      "yearMonthDay",
    ];
    const written = await Promise.all(
      formats.map(async (dateFormat) => {
        const item = { firstValue: field("class.dateTime.start", { dateFormat }) };
        const { rows } = await view(cardOf("eventTicket", { class: template({ oneItem: { item } }) }));
        return rows[0]?.[0]?.value.replaceAll("\u202f", " ");
      }),
    );
    expect(written).toEqual([
      "Sep 5, 8:00 PM",
      "Sep 5",
      "8:00 PM",
      "Sep 5, 2026, 8:00 PM",
      "Sep 5, 2026",
      "2026-09",
      "2026-09-05",
    ]);
  });
});

describe("the template of a card", () => {
  const rowsOf = async (item: JsonObject, rest: Partial<SavedCard> = {}) => {
    const { class: body, ...others } = rest;
    return (await view(cardOf("generic", { class: { ...template({ oneItem: { item } }), ...body }, ...others }))).rows;
  };

  it("R021 has its rows in the order of the class", async () => {
    const rows = [
      { threeItems: { startItem: text("level"), middleItem: text("gone"), endItem: text("since") } },
      { oneItem: { item: text("gone") } },
      { twoItems: { startItem: text("access") } },
    ];
    expect((await view(cardOf("generic", { class: template(...rows) }))).rows.map(pairs)).toEqual([
      [
        ["Level", "Researcher"],
        ["Since", "2019"],
      ],
      [["Access", "Reading rooms and map archive"]],
    ]);
  });

  it("R021 joins two values by a slash, and takes the first field that has one", async () => {
    const both = { firstValue: text("level")["firstValue"]!, secondValue: text("since")["firstValue"]! };
    expect(pairs((await rowsOf(both))[0]!)).toEqual([["Level / Since", "Researcher / 2019"]]);
    const fields = [
      { fieldPath: "object.textModulesData['gone']" },
      { fieldPath: 'object.textModulesData["since"].body' },
    ];
    expect(pairs((await rowsOf({ firstValue: { fields } }))[0]!)).toEqual([[null, "2019"]]);
  });

  it("R021 knows links, points, money and what Google composes", async () => {
    const link = { firstValue: field("object.linksModuleData.uris['site']") };
    const uris = [{ id: "site", uri: "https://example.com/", description: "Site" }];
    const object = { linksModuleData: { uris } };
    expect(await rowsOf(link, { object })).toEqual([[{ label: null, value: "Site", href: "https://example.com/" }]]);
    const points = { firstValue: field("object.loyaltyPoints.balance") };
    const loyalty = cardOf("loyalty", { class: template({ oneItem: { item: points } }) });
    expect(pairs((await view(loyalty)).rows[0]!)).toEqual([["Points", "1,250"]]);
    const flight = template({
      twoItems: {
        startItem: { predefinedItem: "FLIGHT_NUMBER_AND_OPERATING_FLIGHT_NUMBER" },
        endItem: { predefinedItem: "frequentFlyerProgramNameAndNumber" },
      },
    });
    expect(pairs((await view(cardOf("flight", { class: flight }))).rows[0]!)).toEqual([
      ["Flight", "X0 412 / Y1 9412"],
      ["Solvane Miles", "88120"],
    ]);
  });

  it("R021 reads nothing but the card by a path", async () => {
    const paths = [
      "object.constructor",
      "class.__proto__.x",
      "saved",
      "object",
      "object.textModulesData['toString']",
      "x.y",
      "",
    ];
    for (const fieldPath of paths) expect(await rowsOf({ firstValue: field(fieldPath) }), fieldPath).toEqual([]);
    expect(await rowsOf({ predefinedItem: "constructor" })).toEqual([]);
  });
});

describe("the details of a card", () => {
  it("R021 lists the vertical's own fields, then the text modules of object and class", async () => {
    const { details } = await view(cardOf("loyalty"));
    expect(pairs(details.items).map(([label, value]) => [label, value?.replaceAll("\u202f", " ")])).toEqual([
      ["Member", "Mara Lindqvist"],
      ["Card", "FF-4711"],
      ["Tier", "Gold"],
      ["How it works", "Ten stamps are a drink of your choice."],
      ["Valid until", "Aug 20, 2027, 11:59 PM"],
    ]);
    expect(details.messages).toEqual([{ header: "Summer menu", body: "Cold brew is back." }]);
    expect(details.locations).toEqual([{ latitude: 52.52, longitude: 13.405 }]);
  });

  it("R021 lists what the class's template says instead", async () => {
    const override = {
      detailsTemplateOverride: { detailsItemInfos: [{ item: text("since") }, { item: text("gone") }] },
    };
    const { details } = await view(cardOf("generic", { class: { classTemplateInfo: override } }));
    expect(pairs(details.items)).toEqual([["Since", "2019"]]);
    expect(details.links).toEqual([]);
  });

  it("R021 shows ten text modules of each side, one image, and no link that runs code", async () => {
    const textModulesData = Array.from({ length: 12 }, (_, index) => ({
      id: `m${index}`,
      header: "H",
      body: `${index}`,
    }));
    const image = (uri: string) => ({ mainImage: { sourceUri: { uri } } });
    const { details } = await view(
      cardOf("generic", {
        object: {
          textModulesData,
          imageModulesData: [
            image("javascript:alert(1)"),
            image("https://example.com/a.png"),
            image("https://example.com/b.png"),
          ],
          linksModuleData: { uris: [{ uri: "javascript:alert(1)", description: "Tap" }] },
        },
      }),
    );
    expect(details.items).toHaveLength(10);
    expect(details.images.map(({ url }) => url)).toEqual(["https://example.com/a.png"]);
    expect(details.links).toEqual([{ text: "Tap", href: null }]);
  });

  it("R121 shows a message only in its time", async () => {
    const between = (start: string, end: string) => ({
      header: start,
      body: end,
      displayInterval: { start: { date: start }, end: { date: end } },
    });
    const messages = [
      between("2026-08-20T07:00:00Z", "2026-08-20T09:00:00Z"),
      between("2026-08-20T09:00:00Z", "2026-08-21T09:00:00Z"),
      between("2026-08-19T07:00:00Z", "2026-08-20T07:00:00Z"),
    ];
    const { details } = await view(cardOf("generic", { object: { messages } }));
    expect(details.messages.map(({ header }) => header)).toEqual(["2026-08-20T07:00:00Z"]);
  });
});

describe("the state of a card", () => {
  it("R021 is the issuer's, or expired when its time is over", async () => {
    const stateOf = async (object: JsonObject) => (await view(cardOf("offer", { object }))).state;
    const validTimeInterval = { end: { date: "2026-08-20T09:59:59+02:00" } };
    expect(await stateOf({ state: "INACTIVE" })).toBe("INACTIVE");
    expect(await stateOf({ state: "completed" })).toBe("COMPLETED");
    expect(await stateOf({ state: "ACTIVE", validTimeInterval })).toBe("EXPIRED");
    expect(await stateOf({ state: "INACTIVE", validTimeInterval })).toBe("INACTIVE");
  });
});

describe("the code of a card", () => {
  const codeOf = async (object: JsonObject) => (await view(cardOf("loyalty", { object }))).code;

  it("R021 takes Google's names, the deprecated ones too, and text alone", async () => {
    expect(await codeOf({ barcode: { type: "qrCode", value: "x" } })).toMatchObject({ format: "qr", shape: "square" });
    expect(await codeOf({ barcode: { type: "pdf417", value: "x" } })).toMatchObject({
      format: "pdf417",
      shape: "wide",
    });
    const alone = { format: "text", svg: null, text: "4711" };
    expect(await codeOf({ barcode: { type: "TEXT_ONLY", value: "4711" } })).toMatchObject(alone);
    expect(await codeOf({ barcode: { type: "EAN_13", value: "no digits" } })).toMatchObject({ svg: null });
    expect(await codeOf({ barcode: { type: "NO_CODE", value: "x" } })).toBeNull();
  });

  it("R021 shows a loyalty number where the code has no value", async () => {
    const [given, fallen] = [{ value: "FF-4711" }, {}].map((rest) => ({ barcode: { type: "QR_CODE", ...rest } }));
    expect((await codeOf(fallen!))?.svg).toBe((await codeOf(given!))?.svg);
  });

  it("R021 shows details above and below the code", async () => {
    const detail = (key: string) => ({ fieldSelector: field(`object.textModulesData['${key}']`) });
    const cardBarcodeSectionDetails = { firstTopDetail: detail("level"), firstBottomDetail: detail("since") };
    const { code } = await view(cardOf("generic", { class: { classTemplateInfo: { cardBarcodeSectionDetails } } }));
    expect([pairs(code!.above), pairs(code!.below)]).toEqual([[["Level", "Researcher"]], [["Since", "2019"]]]);
  });

  it("R021 shows the operator's value of this moment where a code rotates", async () => {
    const rotating = (values: string[]) => ({
      barcode: { type: "QR_CODE", value: "static" },
      rotatingBarcode: {
        type: "AZTEC",
        initialRotatingBarcodeValues: { startDateTime: "2026-08-20T07:59:50Z", periodMillis: "10000", values },
      },
    });
    expect(await codeOf(rotating(["a", "b"]))).toMatchObject({ format: "aztec", periodSeconds: 10 });
    expect(await codeOf(rotating(["a"]))).toMatchObject({ format: "qr", periodSeconds: null });
  });
});

describe("a code that rotates", () => {
  const rotatingBarcode = (valuePattern: string, rest: JsonObject = {}): JsonObject => ({
    type: "QR_CODE",
    valuePattern,
    totpDetails: {
      algorithm: "TOTP_SHA1",
      periodMillis: "30000",
      parameters: [{ key: "3132333435363738393031323334353637383930", valueLength: 8 }],
    },
    ...rest,
  });
  const codeAt = async (object: JsonObject, at: number) =>
    (await cardView(cardOf("generic", { object }), { language: "en", now: at })).code;

  it("R021 shows the password of this moment (RFC 6238, appendix B)", async () => {
    const shown = await codeAt({ rotatingBarcode: rotatingBarcode("T{totp_value_0}") }, 59_000);
    const same = await codeAt({ barcode: { type: "QR_CODE", value: "T94287082" } }, 59_000);
    expect(shown).toMatchObject({ format: "qr", periodSeconds: 30, svg: same?.svg });
  });

  it("R021 shows the code that stays where no password can be made", async () => {
    const object = { rotatingBarcode: rotatingBarcode("{totp_value_3}"), barcode: { type: "AZTEC", value: "static" } };
    expect(await codeAt(object, now)).toMatchObject({ format: "aztec", periodSeconds: null });
    expect(await codeAt({ ...object, rotatingBarcode: { type: "QR_CODE" } }, now)).toMatchObject({ format: "aztec" });
  });
});

describe("the colours of a card", () => {
  it("R021 can be read on every background", () => {
    for (let step = 0; step < 4096; step += 7) {
      const { background, foreground } = cardColors(`#${step.toString(16).padStart(3, "0")}`);
      expect(contrast(background, foreground), background).toBeGreaterThanOrEqual(4.5);
    }
    expect(cardColors("#1D5F4D")).toEqual({ background: "#1d5f4d", foreground: "#ffffff" });
    expect(cardColors("red;background:url(x)")).toEqual(cardColors(null));
  });
});
