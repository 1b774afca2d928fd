import { describe, expect, it } from "vitest";
import type { ResolvedBarcode, ResolvedField, ResolvedImage, ResolvedPass } from "../../src/pass-model/resolved-pass";
import {
  type BarcodeFormat,
  barcodeFormats,
  type FieldPosition,
  fieldPositions,
  passStyles,
  transitTypes,
} from "../../src/pass-model/vocabulary";
import { barcodeSvg } from "../../src/pages/barcode";
import { gonePage } from "../../src/pages/gone-page";
import { homePage } from "../../src/pages/home-page";
import { passPage, previewPage } from "../../src/pages/pass-page";
import { type PreviewOptions, projectPreview } from "../../src/pages/preview";
import { problemPage } from "../../src/pages/problem-page";

const now = Date.parse("2026-08-20T10:00:00Z");

function field(position: FieldPosition, value: string | number, rest: Partial<ResolvedField> = {}): ResolvedField {
  return {
    key: `${position}_${value}`,
    label: "Label",
    type: "text",
    position,
    value,
    currencyCode: null,
    timeZone: null,
    relative: false,
    dateStyle: null,
    timeStyle: null,
    numberStyle: null,
    textAlignment: null,
    dataDetectorTypes: null,
    changeMessage: null,
    row: null,
    semantics: null,
    ...rest,
  };
}

const image = (id: string, width: number, height: number): ResolvedImage => ({
  id,
  width,
  height,
  sha256: "00",
});

const barcode = (format: BarcodeFormat, message: string, rest: Partial<ResolvedBarcode> = {}): ResolvedBarcode => ({
  format,
  message,
  altText: null,
  encoding: "iso-8859-1",
  ...rest,
});

function pass(rest: Partial<ResolvedPass> = {}): ResolvedPass {
  return {
    id: "pass_1",
    serialNumber: "1",
    externalId: null,
    templateId: "tmpl_1",
    templateVersion: 1,
    version: 1,
    style: "generic",
    transitType: null,
    organizationName: "City Library",
    description: "Library card",
    logoText: null,
    colors: { background: null, foreground: null, label: null },
    fields: [],
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
    layout: [],
    google: { vertical: null, class: {}, object: {} },
    localizations: {},
    images: {},
    templateImages: {},
    locale: "en-US",
    timeZone: "UTC",
    ...rest,
  };
}

const project = (resolved: ResolvedPass, options: Partial<PreviewOptions> = {}) =>
  projectPreview(resolved, { now, imageUrl: ({ id }) => `/i/${id}`, ...options });

async function draw(resolved: ResolvedPass, language = "en"): Promise<string> {
  return String(await previewPage({ preview: project(resolved, { language }).output, language }));
}

const many = (position: FieldPosition, count: number) =>
  Array.from({ length: count }, (_, at) => field(position, `${position}${at + 1}`));

const texts = (fields: { text: string }[]) => fields.map(({ text }) => text);

describe("areas", () => {
  it("R066 puts every field where its position says", () => {
    const { output } = project(pass({ style: "eventTicket", fields: fieldPositions.map((each) => field(each, each)) }));
    expect(texts(output.header)).toEqual(["header"]);
    expect(texts(output.primary)).toEqual(["primary"]);
    expect(output.rows.map(texts)).toEqual([["secondary"], ["auxiliary"]]);
    expect(texts(output.back)).toEqual(["back", "additionalInfo"]);
  });

  it("R066 shows what Wallet shows and warns once for each group that overflows", () => {
    const fields = [...many("header", 5), ...many("primary", 3), ...many("auxiliary", 7)];
    const { output, warnings } = project(pass({ style: "boardingPass", transitType: "air", fields }));
    expect(texts(output.header)).toEqual(["header1", "header2", "header3"]);
    expect(texts(output.primary)).toEqual(["primary1", "primary2"]);
    expect(output.rows.map((row) => row.length)).toEqual([5]);
    expect(warnings.map(({ code, pointer }) => [code, pointer])).toEqual([
      ["too_many_fields", "#/fields/3"],
      ["too_many_fields", "#/fields/7"],
      ["too_many_fields", "#/fields/13"],
    ]);
  });

  it.each(["coupon", "storeCard"] as const)(
    "gives a %s one row of four for secondary and auxiliary fields",
    (style) => {
      const { output, warnings } = project(pass({ style, fields: [...many("auxiliary", 3), ...many("secondary", 2)] }));
      expect(output.rows.map(texts)).toEqual([["secondary1", "secondary2", "auxiliary1", "auxiliary2"]]);
      expect(warnings).toHaveLength(1);
    },
  );

  it("gives a generic pass one row only when its barcode is square", () => {
    const fields = [...many("secondary", 2), ...many("auxiliary", 2)];
    expect(project(pass({ fields, barcode: barcode("pdf417", "1") })).output.rows).toHaveLength(2);
    expect(project(pass({ fields, barcode: barcode("qr", "1") })).output.rows).toHaveLength(1);
  });

  it("splits the auxiliary fields of an event ticket by their row", () => {
    const fields = [field("auxiliary", "gate", { row: 1 }), field("auxiliary", "seat", { row: 0 })];
    expect(project(pass({ style: "eventTicket", fields })).output.rows.map(texts)).toEqual([["seat"], ["gate"]]);
  });

  it("warns of an area that the style does not have", () => {
    const { output, warnings } = project(pass({ fields: [field("additionalInfo", "x"), field("footer", "y")] }));
    expect(output.back).toEqual([]);
    expect(warnings.map(({ code }) => code)).toEqual(["fields_not_shown"]);
  });
});

describe("texts", () => {
  const localizations = {
    de: { Member: "Mitglied", "Library card": "Büchereiausweis", Adult: "Erwachsen" },
  };
  const resolved = pass({
    localizations,
    fields: [
      field("primary", "Adult", { label: "Member" }),
      field("secondary", 1234.5, { type: "number" }),
      field("auxiliary", "2026-12-31", { type: "date" }),
    ],
  });

  it("R061 translates labels and texts, by the nearest table of the language", () => {
    for (const language of ["de", "de-CH", "DE"]) {
      const { output } = project(resolved, { language });
      expect(output.description).toBe("Büchereiausweis");
      expect(output.primary[0]).toMatchObject({ label: "Mitglied", text: "Erwachsen" });
    }
    expect(project(resolved, { language: "fr" }).output.description).toBe("Library card");
    expect(project(resolved).output.primary[0]).toMatchObject({ label: "Member", text: "Adult" });
  });

  it("takes only the table's own entries for translations", () => {
    const odd = pass({
      localizations: { en: {} },
      fields: [field("primary", "constructor", { label: "toString" })],
    });
    expect(project(odd, { language: "en" }).output.primary[0]).toMatchObject({
      label: "toString",
      text: "constructor",
    });
  });

  it("R065 formats values in the reader's language", () => {
    expect(project(resolved, { language: "de" }).output.rows.map(texts)).toEqual([["1.234,5"], ["31.12.2026"]]);
    expect(project(resolved).output.rows.map(texts)).toEqual([["1,234.5"], ["Dec 31, 2026"]]);
  });

  it("R224 draws every script, and right to left where the language is", async () => {
    const fields = [field("primary", "日本語 🎂"), field("back", "שלום")];
    const html = await draw(pass({ fields, logoText: "مقهى النور" }), "ar");
    for (const text of ["日本語 🎂", "שלום", "مقهى النور"]) expect(html).toContain(text);
    expect(html).toContain('<html lang="ar" dir="rtl">');
    expect(html).toMatch(/<article[^>]* dir="rtl"/);
  });
});

describe("look", () => {
  it("chooses readable colours where the pass has none", () => {
    const colors = (background: string) =>
      project(pass({ colors: { background, foreground: null, label: null } })).output.colors;
    expect(colors("#102030").foreground).toBe("#ffffff");
    expect(colors("#ffe66d").foreground).toBe("#1c1c1e");
    expect(project(pass()).output.colors).toEqual({
      background: "#ffffff",
      foreground: "#1c1c1e",
      label: "#5c5c5d",
    });
  });

  it("takes nothing but a colour for a colour", () => {
    const colors = { background: "red;background:url(//evil)", foreground: "#FFFFFF", label: null };
    expect(project(pass({ colors })).output.colors).toMatchObject({
      background: "#ffffff",
      foreground: "#ffffff",
    });
  });

  it("picks the sharpest density of each image the style shows", () => {
    const { output } = project(
      pass({
        images: {
          logo: { "1x": image("l1", 100, 30), "2x": image("l2", 200, 60) },
          thumbnail: { "3x": image("t3", 270, 270) },
          strip: { "1x": image("s1", 375, 144) },
        },
      }),
    );
    expect(output.images).toEqual({
      logo: { url: "/i/l2", width: 100, height: 30 },
      thumbnail: { url: "/i/t3", width: 90, height: 90 },
    });
  });

  it("lets the strip of an event ticket take the place of background and thumbnail", () => {
    const slots = { strip: { "1x": image("s", 375, 98) }, thumbnail: { "1x": image("t", 90, 90) } };
    const { output } = project(pass({ style: "eventTicket", images: slots }));
    expect(Object.keys(output.images)).toEqual(["strip"]);
  });

  it("marks a voided pass and an expired one", async () => {
    expect(project(pass({ voided: true, expiresAt: "2020-01-01T00:00:00Z" })).output.state).toBe("voided");
    expect(project(pass({ expiresAt: "2026-08-20T12:00:00+02:00" })).output.state).toBe("expired");
    expect(project(pass({ expiresAt: "2026-08-20T12:00:01+02:00" })).output.state).toBe("active");
    expect(await draw(pass({ voided: true }))).toMatch(/class="pass-stamp"[^>]*>Void</);
    expect(await draw(pass({ expiresAt: "2020-01-01T00:00:00Z" }), "de")).toMatch(
      /class="pass-stamp"[^>]*>Abgelaufen</,
    );
    expect(await draw(pass())).not.toContain('class="pass-stamp"');
  });
});

describe("the five styles", () => {
  it("R010 draws an event ticket with its seat, its code and its background behind the thumbnail", async () => {
    const html = await draw(
      pass({
        style: "eventTicket",
        images: {
          background: { "1x": image("bg", 345, 505) },
          thumbnail: { "1x": image("th", 90, 90) },
        },
        fields: [
          field("primary", "Aurora Live"),
          field("secondary", "Halle 7"),
          field("auxiliary", "12", { label: "Seat" }),
        ],
        barcode: barcode("qr", "T-1", { altText: "T-1" }),
      }),
    );
    expect(html).toMatch(/style-eventTicket.*pass-backdrop.*Aurora Live.*Halle 7.*pass-thumbnail.*Seat.*<svg.*T-1/s);
  });

  it.each(transitTypes)(
    "R011 draws a boarding pass with the symbol for %s between its two places",
    async (transitType) => {
      const fields = [field("primary", "GVA"), field("primary", "LIS"), field("auxiliary", "A14", { label: "Gate" })];
      const html = await draw(pass({ style: "boardingPass", transitType, fields }));
      expect(html).toMatch(/style-boardingPass.*GVA.*class="pass-transit".*LIS.*Gate.*A14/s);
    },
  );

  it("R012 draws a coupon with its offer over the strip and its last day", async () => {
    const html = await draw(
      pass({
        style: "coupon",
        images: { strip: { "1x": image("strip", 375, 144) } },
        fields: [field("primary", 0.2, { type: "percent" }), field("auxiliary", "2026-12-31", { type: "date" })],
      }),
    );
    expect(html).toMatch(/style-coupon.*pass-strip.*\/i\/strip.*20%.*Dec 31, 2026/s);
  });

  it("R013 draws a store card with its balance and its level", async () => {
    const fields = [
      field("primary", 21.75, { type: "currency", currencyCode: "EUR" }),
      field("secondary", "Gold", { label: "Level" }),
    ];
    expect(await draw(pass({ style: "storeCard", fields }))).toMatch(/style-storeCard.*€21\.75.*Level.*Gold/s);
  });

  it("R014 draws a generic pass with its holder", async () => {
    const html = await draw(pass({ fields: [field("primary", "Jonas Lindqvist", { label: "Member" })] }));
    expect(html).toMatch(/style-generic.*Member.*Jonas Lindqvist/s);
  });

  it("R245 draws every style with nothing optional on it", async () => {
    for (const style of passStyles) {
      const html = await draw(pass({ style, transitType: style === "boardingPass" ? "air" : null }));
      expect(html).toContain(`style-${style}`);
      expect(html).not.toMatch(/undefined|null|NaN|\[object/);
    }
  });
});

describe("barcodes", () => {
  const messages: Record<BarcodeFormat, string> = {
    qr: "https://example.com/t/1",
    pdf417: "M1DUBOIS/AMELIE       EABC123",
    aztec: "TGV9768-12-64",
    code128: "KRUME-20-881",
    code39: "ABC-123",
    codabar: "1234567",
    ean13: "4006381333931",
    itf14: "15400141288763",
    ean8: "96385074",
    upcA: "036000291452",
    dataMatrix: "LIB-20118",
  };

  it.each(barcodeFormats)("R082 renders %s as a standalone SVG", (format) => {
    const svg = barcodeSvg(barcode(format, messages[format]));
    expect(svg).toMatch(/^<svg [^>]*viewBox="0 0 \d+ \d+"[^>]*>[\s\S]*<\/svg>\s*$/);
    expect(svg).not.toContain("<script");
  });

  it("R082 R224 renders a message of any script in utf-8", () => {
    for (const format of ["qr", "pdf417", "aztec", "dataMatrix"] as const) {
      expect(barcodeSvg(barcode(format, "日本 🎂", { encoding: "utf-8" }))).toContain("<svg");
    }
  });

  it.each([
    ["a character the encoding lacks", barcode("qr", "日本")],
    ["a character the format lacks", barcode("code39", "lower case")],
    ["a wrong check digit", barcode("ean13", "4006381333930")],
    ["a wrong length", barcode("itf14", "123")],
    ["too much data", barcode("qr", "x".repeat(5000))],
    ["an empty message", barcode("qr", "")],
  ])("refuses %s", (_, refused) => {
    expect(barcodeSvg(refused)).toBeNull();
    const { output, warnings } = project(pass({ barcode: refused }));
    expect(output.barcode?.svg).toBeNull();
    expect(warnings.map(({ code }) => code)).toEqual(["barcode_not_encodable"]);
  });
});

describe("pages", () => {
  const nasty = `"><script>alert(1)</script>`;

  it("escapes every text of the pass", async () => {
    const html = await draw(
      pass({
        organizationName: nasty,
        description: nasty,
        logoText: nasty,
        fields: fieldPositions.map((each) => field(each, nasty, { label: nasty })),
        barcode: barcode("qr", nasty, { altText: nasty }),
      }),
    );
    expect(html).not.toContain("<script");
    expect(html).toContain("&lt;script&gt;");
  });

  it("links pages, addresses and numbers, and nothing that runs", () => {
    const href = (type: ResolvedField["type"], value: string) =>
      project(pass({ fields: [field("back", value, { type })] })).output.back[0]?.href;
    expect(href("url", "https://example.com/a")).toBe("https://example.com/a");
    expect(href("email", "help@example.com")).toBe("mailto:help@example.com");
    expect(href("phone", "+41 (22) 555-01-00")).toBe("tel:+41225550100");
    for (const value of ["javascript:alert(1)", "data:text/html,x", " JaVaScRiPt:alert(1)", "//example.com"]) {
      expect(href("url", value)).toBeNull();
    }
    expect(href("email", "a@b.example?bcc=c@d.example")).toBeNull();
    expect(href("phone", "call me")).toBeNull();
    expect(href("text", "https://example.com")).toBeNull();
  });

  it("loads no script and nothing from another host, and asks search engines to stay away", async () => {
    const { output } = project(pass({ barcode: barcode("qr", "1") }));
    const html = String(await passPage({ preview: output, language: "en", appleUrl: null, googleUrl: null }));
    expect(html).toMatch(/^<!DOCTYPE html><html lang="en" dir="ltr">/);
    expect(html).toContain('<meta name="robots" content="noindex"/>');
    expect(html).not.toMatch(/<script|<link|@import|url\(|src="http/);
  });

  it("offers the wallets that have a link", async () => {
    const { output } = project(pass());
    const page = async (appleUrl: string | null, googleUrl: string | null) =>
      String(await passPage({ preview: output, language: "en", appleUrl, googleUrl }));
    const both = await page("/p/t/apple", "/p/t/google");
    expect(both).toMatch(/href="\/p\/t\/apple"[^>]*>Add to Apple Wallet</);
    expect(both).toMatch(/href="\/p\/t\/google"[^>]*>Add to Google Wallet</);
    expect(await page(null, "/p/t/google")).not.toContain("Add to Apple Wallet");
    expect(await page(null, null)).not.toContain('class="button"');
  });

  it("tells why a link leads nowhere, in the reader's language", async () => {
    expect(String(await gonePage("revoked"))).toContain("This link no longer works");
    expect(String(await gonePage("expired", "fr-CA"))).toContain("Ce lien a expiré");
    expect(String(await gonePage("unknown", "xx"))).toContain("There is no pass here");
  });

  it("explains a problem", async () => {
    const problem = {
      code: "not_found",
      title: "Not found",
      status: 404,
      meaning: "Nothing.",
      remedy: "Check the id.",
    };
    expect(String(await problemPage(problem))).toMatch(/HTTP 404.*not_found.*Nothing\..*Check the id\./s);
  });

  it("shows the sandbox's passes and the line that issues another", async () => {
    const { output } = project(pass({ fields: [field("primary", "Jonas")] }));
    const html = String(
      await homePage({
        publicUrl: "http://localhost:8787",
        docsUrl: "http://localhost:8787/docs",
        passes: [{ title: "Library card", style: "generic", url: "/p/token", preview: output }],
        curl: `curl -d '{"a":1}'`,
      }),
    );
    expect(html).toMatch(/href="\/p\/token".*Jonas.*Library card/s);
    expect(html).toContain("http://localhost:8787/v2/openapi.json");
    expect(html).toContain("curl -d &#39;{&quot;a&quot;:1}&#39;");
  });
});
