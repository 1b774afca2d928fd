import { describe, expect, it } from "vitest";
import { validateGoogle } from "../../src/google-wallet/fields/validate";
import { classIdOf } from "../../src/google-wallet/project";
import { barcodeFormats, googleVerticals } from "../../src/pass-model/vocabulary";
import type { DesignInput, FieldInput } from "../pass-model/make";
import { fakeImages, now, projectOf, resolvedOf, samples, type Sample } from "./designs";
import { projectedPayloads } from "./projected-payloads";

const generic = (design: DesignInput, values: Sample["values"] = {}): Sample => ({
  design: { style: "generic", ...design },
  values,
});
const objectOf = (...input: Parameters<typeof projectOf>): any => projectOf(...input).output.object;
const classOf = (...input: Parameters<typeof projectOf>): any => projectOf(...input).output.class;
const codesOf = (...input: Parameters<typeof projectOf>) => projectOf(...input).warnings.map(({ code }) => code);
const sample = (name: string): Sample => samples.get(name)!;

describe("class and object of a pass", () => {
  it.each(projectedPayloads().map(({ name, type, json }) => [name, type, json] as const))(
    "R021 are what Google takes: %s",
    (_, type, json) => {
      expect(validateGoogle(type, json)).toEqual([]);
    },
  );

  it("R021 cover every kind of pass", () => {
    const kinds = new Set([...samples.values()].map((one) => projectOf(one).output.vertical));
    expect([...kinds].sort()).toEqual([...googleVerticals].sort());
  });

  it("R021 carry every text of the pass once, in the order of the design", () => {
    for (const [name, one] of samples) {
      const pass = resolvedOf(one);
      const { textModulesData = [], linksModuleData = { uris: [] } } = objectOf(one);
      const ids = [...textModulesData, ...linksModuleData.uris].map(({ id }: { id: string }) => id);
      expect([...ids].sort(), name).toEqual(pass.fields.map(({ key }) => key).sort());
      const order = pass.fields
        .map(({ key }) => key)
        .filter((key) => textModulesData.some((one: any) => one.id === key));
      expect(
        textModulesData.map(({ id }: { id: string }) => id),
        name,
      ).toEqual(order);
    }
  });
});

describe("the name of a class", () => {
  const nameOf = async (one: Sample) => {
    const { vertical, class: body } = projectOf(one).output;
    return classIdOf("3388", resolvedOf(one), vertical, body!);
  };

  it("R021 is the same for passes that share what lives in the class", async () => {
    const coffee = sample("Fern & Finch loyalty card");
    const name = await nameOf(coffee);
    expect(name).toMatch(/^3388\.tmpl_1\.1\.[0-9a-f]{20}$/);
    expect(await nameOf({ ...coffee, values: { member: "Ada", points: 7 }, externalId: null })).toBe(name);
    const festival = sample("Hollowlight Open Air ticket");
    const elsewhere = { ...festival.values, seat: "22", attendee: "Ada" };
    expect(await nameOf({ ...festival, values: elsewhere as Record<string, string> })).toBe(await nameOf(festival));
  });

  it("R021 is another for another flight, start or colour, so that no holder sees what is not theirs", async () => {
    const flight = sample("Solvane Air boarding pass BER-LIS");
    expect(await nameOf({ ...flight, values: { ...flight.values, gate: "B7" } })).not.toBe(await nameOf(flight));
    const festival = sample("Hollowlight Open Air ticket");
    const later = { ...festival.values, showtime: "2026-06-01T18:30:00+02:00" };
    expect(await nameOf({ ...festival, values: later })).not.toBe(await nameOf(festival));
    const coffee = sample("Fern & Finch loyalty card");
    const red = { ...coffee, overrides: { colors: { background: "#ff0000" } } };
    expect(await nameOf(red)).not.toBe(await nameOf(coffee));
  });

  it("R021 does not depend on the order of members", async () => {
    const pass = { templateId: "tmpl_1", templateVersion: 2 };
    const one = await classIdOf("1", pass, "loyalty", { a: 1, b: [{ c: 2, d: 3 }] });
    expect(await classIdOf("1", pass, "loyalty", { b: [{ d: 3, c: 2 }], a: 1 })).toBe(one);
    expect(await classIdOf("1", pass, "loyalty", { a: 1, b: [{ c: 3, d: 2 }] })).not.toBe(one);
    expect(await classIdOf("1", pass, "offer", { a: 1, b: [{ c: 2, d: 3 }] })).not.toBe(one);
  });
});

const field = (key: string, position: FieldInput["position"], more: Partial<FieldInput> = {}): FieldInput => ({
  key,
  label: key,
  type: "text",
  position,
  value: key,
  ...more,
});

/** Keys in rows and details, as the class names them. */
function placesOf(one: Sample) {
  const { cardTemplateOverride, detailsTemplateOverride } = classOf(one).classTemplateInfo;
  const keyOf = (item: any): string => /'(.*)'/.exec(item.firstValue.fields[0].fieldPath)![1]!;
  const rows = (cardTemplateOverride?.cardRowTemplateInfos ?? []).map((row: any) =>
    (Object.values(row)[0] as any).item
      ? [keyOf((row.oneItem as any).item)]
      : Object.values(Object.values(row)[0] as object).map(keyOf),
  );
  const details = detailsTemplateOverride.detailsItemInfos.map(({ item }: any) => keyOf(item));
  return { rows, details: details.filter((key: string) => key !== "photo") };
}

describe("the card", () => {
  it("R021 has a row for each area of the front, if three are enough", () => {
    const fields = [
      field("h1", "header"),
      field("s1", "secondary"),
      field("s2", "secondary"),
      field("a1", "auxiliary"),
      field("b1", "back"),
    ];
    expect(placesOf(generic({ fields }))).toEqual({ rows: [["h1"], ["s1", "s2"], ["a1"]], details: ["b1"] });
  });

  it("R021 fills three rows of three where areas need more, and tells what goes to the details", () => {
    const fields = [
      field("b1", "back"),
      field("a0", "auxiliary"),
      ...["h1", "h2"].map((key) => field(key, "header")),
      ...["s1", "s2", "s3", "s4"].map((key) => field(key, "secondary")),
      ...["a1", "a2", "a3"].map((key) => field(key, "auxiliary")),
    ];
    const one = generic({ fields });
    expect(placesOf(one)).toEqual({
      rows: [
        ["h1", "h2", "s1"],
        ["s2", "s3", "s4"],
        ["a0", "a1", "a2"],
      ],
      details: ["a3", "b1"],
    });
    const warning = projectOf(one).warnings.find(({ code }) => code === "google_front_overflow");
    expect(warning).toMatchObject({ pointer: "#/fields/10", detail: expect.stringContaining("a3") });
  });

  it("R021 shows nothing twice: what its head shows is in no row", () => {
    for (const [name, head] of [
      ["Kettle & Chalk membership", ["member"]],
      ["Hollowlight Open Air ticket", ["event", "venue"]],
      ["Solvane Air boarding pass BER-LIS", ["origin", "destination"]],
      ["train", ["from", "to"]],
      ["gift card", ["balance"]],
      ["Fern & Finch loyalty card", []],
    ] as const) {
      const { rows, details } = placesOf(sample(name));
      const all = resolvedOf(sample(name)).layout.map(({ key }) => key);
      expect([...rows.flat(), ...details, ...head].sort(), name).toEqual(all.sort());
    }
  });

  it("R021 keeps a field in its row whose text is another than that of the head", () => {
    const festival = sample("Hollowlight Open Air ticket");
    const fields = festival.design.fields!.map((one) => (one.key === "event" ? { ...one, value: "Day two" } : one));
    expect(placesOf({ ...festival, design: { ...festival.design, fields } }).rows.flat()).toContain("event");
  });

  it("R021 is laid out by Google where there are no fields", () => {
    expect(classOf(generic({}))).not.toHaveProperty("classTemplateInfo");
  });
});

describe("links", () => {
  it("R117 are made of URLs, addresses and numbers of the back, and nothing else", () => {
    const back = (key: string, type: FieldInput["type"], value: string) => field(key, "back", { type, value });
    const { linksModuleData, textModulesData } = objectOf(
      generic({
        fields: [
          back("site", "url", "https://example.com/a?b=c"),
          back("mail", "email", "a+b@example.com"),
          back("call", "phone", "+49 (30) 123-456"),
          field("front", "secondary", { type: "url", value: "https://example.com/" }),
        ],
      }),
    );
    expect(linksModuleData.uris).toEqual([
      { id: "site", uri: "https://example.com/a?b=c", description: "site" },
      { id: "mail", uri: "mailto:a%2Bb@example.com", description: "mail" },
      { id: "call", uri: "tel:+4930123456", description: "call" },
    ]);
    expect(textModulesData.map(({ id }: { id: string }) => id)).toEqual(["front"]);
  });
});

describe("languages", () => {
  const fields: FieldInput[] = [
    field("points", "header", { type: "number", label: "Points", value: 1240.5 }),
    field("price", "header", { type: "currency", currencyCode: "EUR", label: "Price", value: 18.6 }),
    field("until", "back", { type: "date", label: "Until", value: "2026-12-31", dateStyle: "long" }),
    field("name", "back", { label: "Name", value: "Ada" }),
  ];
  const design: DesignInput = { fields, localizations: { de: { Points: "Punkte" }, ar: { Points: "نقاط" } } };
  const inLanguage = (one: any, language: string) =>
    one.translatedValues.find((each: any) => each.language === language).value.replaceAll(/[\u00a0\u202f\u200f]/g, " ");

  it("R065 each get labels from their tables, and values as they write them", () => {
    const [points, price, until, name] = objectOf(generic(design), { locale: "en-US" }).textModulesData;
    expect(points).toMatchObject({ header: "Points", body: "1,240.5" });
    expect(inLanguage(points.localizedHeader, "de")).toBe("Punkte");
    expect(inLanguage(points.localizedHeader, "ar")).toBe("نقاط");
    expect(points.localizedHeader.defaultValue).toEqual({ language: "en-US", value: "Points" });
    expect(inLanguage(points.localizedBody, "de")).toBe("1.240,5");
    expect(price.body).toBe("€18.60");
    expect(inLanguage(price.localizedBody, "de")).toBe("18,60 €");
    expect(until.body).toBe("December 31, 2026");
    expect(inLanguage(until.localizedBody, "de")).toBe("31. Dezember 2026");
    // The same everywhere needs no translation.
    expect(name).toEqual({ id: "name", header: "Name", body: "Ada" });
  });

  it("R065 take the table of the account's language for the default", () => {
    const [points] = objectOf(generic(design), { locale: "de-AT" }).textModulesData;
    expect(points.header).toBe("Punkte");
    expect(points.localizedHeader.defaultValue).toEqual({ language: "de-AT", value: "Punkte" });
  });

  it("R065 write dates in the zone of the field, else of the account, and never relative to now", () => {
    const at = (more: Partial<FieldInput>) => {
      const one = field("at", "back", { type: "dateTime", value: "2026-05-01T23:30:00Z", dateStyle: "short", ...more });
      return objectOf(generic({ fields: [one] }), { locale: "de", timeZone: "Asia/Tokyo" }).textModulesData[0].body;
    };
    expect(at({})).toBe("02.05.26, 08:30");
    expect(at({ timeZone: "Europe/Lisbon" })).toBe("02.05.26, 00:30");
    expect(at({ relative: true })).toBe("02.05.26, 08:30");
  });
});

describe("code, state and time", () => {
  const withCode = (barcode: DesignInput["barcode"], google: DesignInput["google"] = {}) =>
    generic({ barcode, google });

  it("R021 every format is drawn", () => {
    const messages: Record<string, string> = {
      ean13: "590123412345",
      ean8: "1234567",
      upcA: "12345678901",
      itf14: "1234567890123",
      codabar: "A123B",
    };
    const types = barcodeFormats.map((format) => {
      const message = messages[format] ?? "ABC";
      const { barcode } = objectOf(withCode({ format, message, altText: "No. 1" }));
      expect(barcode).toMatchObject({ value: expect.stringContaining(message), alternateText: "No. 1" });
      return barcode.type;
    });
    expect(new Set(types).size).toBe(barcodeFormats.length);
  });

  it("R021 says how letters are encoded, where that matters", () => {
    expect(objectOf(withCode({ format: "qr", message: "日本" })).barcode.renderEncoding).toBe("UTF_8");
    expect(objectOf(withCode({ format: "qr", message: "plain" })).barcode).not.toHaveProperty("renderEncoding");
    expect(codesOf(withCode({ format: "qr", message: "Zoë" }))).toContain("google_barcode_encoding");
    expect(codesOf(withCode({ format: "qr", message: "plain" }))).not.toContain("google_barcode_encoding");
  });

  it("R021 a rotating code replaces the static one, unless the design wants both", () => {
    const { rotatingBarcode } = sample("forced vertical").design.google!.object as any;
    const barcode = { format: "qr", message: "{{pass.id}}" } as const;
    const alone = withCode(barcode, { object: { rotatingBarcode } });
    expect(objectOf(alone)).not.toHaveProperty("barcode");
    expect(objectOf(alone).rotatingBarcode.valuePattern).toBe("pass_1-{totp_value_0}");
    expect(codesOf(alone)).toContain("google_static_barcode_left_out");
    const both = withCode(barcode, { object: { rotatingBarcode, barcode: { type: "QR_CODE", value: "safe" } } });
    expect(objectOf(both).barcode.value).toBe("safe");
    expect(codesOf(both)).not.toContain("google_static_barcode_left_out");
  });

  it("R120 the state follows from the pass and the clock", () => {
    const at = (expiresAt: string | null, voided = false) => objectOf(generic({}), { expiresAt, voided });
    expect(at(null).state).toBe("ACTIVE");
    expect(at("2026-05-01T12:00:01Z").state).toBe("ACTIVE");
    expect(at("2026-05-01T12:00:00Z").state).toBe("EXPIRED");
    expect(at(null, true).state).toBe("INACTIVE");
    expect(at("2026-05-01T12:00Z").validTimeInterval).toEqual({ end: { date: "2026-05-01T14:00:00+02:00" } });
    // One with an offset of its own is written as it was.
    expect(at("2026-05-01T12:00:00-04:00").validTimeInterval).toEqual({ end: { date: "2026-05-01T12:00:00-04:00" } });
    expect(at(null)).not.toHaveProperty("validTimeInterval");
    expect(now).toBe(Date.parse("2026-05-01T12:00:00Z"));
  });

  it("R021 a pass is valid from a field that says so, at midnight in the account's zone", () => {
    const from = (value: string) =>
      objectOf(generic({ fields: [field("validFrom", "back", { type: "date", value })] }), {
        expiresAt: "2026-06-01T00:00:00Z",
      }).validTimeInterval;
    expect(from("2026-05-10")).toEqual({
      start: { date: "2026-05-10T00:00:00+02:00" },
      end: { date: "2026-06-01T02:00:00+02:00" },
    });
    expect(from("2027-05-10")).toEqual({ end: { date: "2026-06-01T02:00:00+02:00" } });
  });
});

describe("pictures", () => {
  const strip = (id: string) => ({ "3x": { id, width: 1125, height: 432, sha256: "00" } });

  it("R021 of the template stand in the class, those of one pass in its object", () => {
    const one: Sample = { design: { style: "storeCard", images: { icon: "x", logo: "x", strip: "x" } } };
    const templateImages = fakeImages("icon", "logo", "strip");
    const images = { ...templateImages, strip: strip("img_own") };
    expect(classOf(one, { images, templateImages })).toEqual(classOf(one, { images: templateImages, templateImages }));
    expect(objectOf(one, { images, templateImages }).heroImage.sourceUri.uri).toContain("img_own");
    expect(objectOf(one, { images: templateImages, templateImages })).not.toHaveProperty("heroImage");
  });

  it("R021 a wide logo takes the wide place, and the icon the round one", () => {
    const logo = { "2x": { id: "img_wide", width: 320, height: 100, sha256: "00", variant: "logo@2x" } };
    const images = { ...fakeImages("icon"), logo };
    const body = classOf({ design: { style: "storeCard" } }, { images, templateImages: images });
    expect(body.wideProgramLogo.sourceUri.uri).toContain("img_wide/logo@2x");
    expect(body.programLogo.sourceUri.uri).toContain("img_icon3");
  });

  it("R021 an original is taken for a logo, and not for a strip, which was cut for the pass", () => {
    const original = { id: "img_original", width: 2000, height: 2000, sha256: "00" };
    const images = { logo: { original, ...strip("img_cut") }, strip: { original, ...strip("img_cut") } };
    const { logo, heroImage } = objectOf(generic({}), { images, templateImages: images });
    expect(logo.sourceUri.uri).toContain("img_original");
    expect(heroImage.sourceUri.uri).toContain("img_cut");
  });

  it("R021 a photo stands in the details", () => {
    const one = generic({ images: { icon: "x", thumbnail: "x" } });
    expect(objectOf(one).imageModulesData[0].mainImage.sourceUri.uri).toContain("img_thumbnail3");
  });
});
