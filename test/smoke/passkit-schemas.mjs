import assert from "node:assert/strict";
import { resolve } from "node:path";
import { describe, it } from "node:test";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { demoTemplates } from "../../scripts/seed/templates.mjs";

/**
 * R015, with other people's eyes: the pass.json of every style, as we make it, against the Joi schemas of
 * passkit-generator, which follow Apple's documentation up to iOS 27. Unlike its own code, which strips what
 * it does not know, this refuses it.
 */

const { PassProps } = await import(
  pathToFileURL(resolve("node_modules/passkit-generator/lib/esm/schemas/index.js")).href
);

const bundle = await build({
  stdin: {
    contents: `
      export { checkDesign } from "./src/pass-model/check-design";
      export { templateDesign } from "./src/pass-model/design";
      export { passOverrides } from "./src/pass-model/overrides";
      export { checkResolved, checkValues, resolvePass } from "./src/pass-model/resolve";
      export { projectPassJson } from "./src/pkpass/project";
    `,
    resolveDir: process.cwd(),
    loader: "ts",
  },
  bundle: true,
  format: "esm",
  platform: "node",
  write: false,
});
const source = Buffer.from(bundle.outputFiles[0].contents).toString("base64");
const ours = await import(`data:text/javascript;base64,${source}`);

const identity = {
  passTypeIdentifier: "pass.com.example.wepass",
  teamIdentifier: "A1B2C3D4E5",
  webServiceUrl: "https://api.example.com/apple/tenant01",
  authenticationToken: "0123456789abcdef0123456789abcdef",
};
const now = Date.parse("2026-05-01T12:00:00Z");

/** The pass.json of a design, as it goes into the file: through JSON. */
function passJson(template, { values = {}, overrides = {}, externalId = null, customer, voided = false } = {}) {
  const { name: _, images, ...members } = template;
  const design = ours.templateDesign.parse({ ...members, images: { icon: images?.icon ?? { "1x": "img_icon" } } });
  const { issues, compiled } = ours.checkDesign(design);
  assert.deepEqual(issues, []);
  assert.deepEqual(ours.checkValues(compiled, values), []);
  const record = {
    id: "pass_01JGFJJZ00CEXQ1RD5D6W0KQYV",
    serialNumber: "01JGFJJZ00CEXQ1RD5D6W0KQYV",
    externalId,
    customerId: customer?.id ?? null,
    templateId: "tmpl_01JGFJJZ00CEXQ1RD5D6W0KQYV",
    templateVersion: 1,
    version: 1,
    values,
    overrides: ours.passOverrides.parse(overrides),
    images: {},
    announcement: null,
    issuedAt: now,
    voided,
    personalized: false,
  };
  const resolved = ours.resolvePass(compiled, record, { locale: "de-DE", timeZone: "Europe/Berlin" }, {});
  assert.ok(resolved.ok, JSON.stringify(resolved.issues));
  assert.deepEqual(ours.checkResolved(resolved.pass, record.overrides), []);
  return JSON.parse(JSON.stringify(ours.projectPassJson(resolved.pass, identity).output));
}

/**
 * What the schemas say. `barcode` is left out of the comparison: Apple deprecated it with iOS 9 and the
 * library writes `barcodes` only, while R020 asks for both.
 */
function complaints({ barcode, ...json }) {
  if (barcode !== undefined) assert.deepEqual(barcode, json.barcodes[0]);
  const { error } = PassProps.validate(json, { abortEarly: false, allowUnknown: false });
  return error?.details.map(({ message }) => message) ?? [];
}

describe("R015 passkit-generator's schemas", () => {
  const demos = demoTemplates({ now });

  it("are asked about all five styles", () => {
    const styles = demos.map(({ template }) => template.style).toSorted();
    assert.deepEqual(styles, ["boardingPass", "coupon", "eventTicket", "generic", "storeCard"]);
  });

  for (const { template, pass } of demos) {
    it(`accept the ${template.style} ${template.name}`, () => {
      assert.deepEqual(complaints(passJson(template, pass)), []);
    });

    it(`accept the ${template.style} with what a pass can change of it`, () => {
      const overrides = {
        logoText: "Gold",
        colors: { background: "#7c2d12", foreground: "#fff", label: "rgb(1, 2, 3)" },
        barcode: { format: "qr", message: "東京 {{pass.id}}", altText: "alt" },
        expiresAt: "2027-01-01T00:00:00.5+01:00",
        locations: [{ latitude: 48.137154, longitude: 11.576124, altitude: 519, radius: 50, relevantText: "Here" }],
        relevantDates: [
          { date: "2026-05-01T18:30Z" },
          { startDate: "2026-05-01T18:30:00Z", endDate: "2026-05-02T18:30:00Z" },
        ],
        semantics: { seats: [{ seatSection: "A", seatSectionColor: "#ff0000" }], silenceRequested: true },
        userInfo: { memberSince: 2024 },
      };
      assert.deepEqual(complaints(passJson(template, { ...pass, overrides, voided: true })), []);
    });
  }

  for (const [format, message] of Object.entries({
    code39: "CODE 39",
    codabar: "A1B",
    ean13: "5901234123457",
    itf14: "15400141288763",
    upcA: "036000291452",
    dataMatrix: "x",
  })) {
    it(`accept what becomes of a ${format} barcode`, () => {
      const [{ template, pass }] = demos;
      assert.deepEqual(complaints(passJson(template, { ...pass, overrides: { barcode: { format, message } } })), []);
    });
  }

  it("accept every type and format of field, beacons, NFC and an app", () => {
    const field = (key, type, more) => ({ key, type, position: "back", ...more });
    const template = {
      style: "eventTicket",
      organizationName: "Example",
      description: "Everything",
      fields: [
        field("text", "text", { value: "", label: "", dataDetectorTypes: ["link", "address"], changeMessage: "Now" }),
        field("number", "number", { value: 0, numberStyle: "scientific" }),
        field("currency", "currency", { value: 1.5, currencyCode: "EUR", numberStyle: "decimal" }),
        field("percent", "percent", { value: 0.2 }),
        field("date", "date", { value: "0001-01-01", relative: true }),
        field("time", "time", { value: "18:30" }),
        field("dateTime", "dateTime", { value: "9999-12-31T23:59:59Z", timeZone: "Asia/Tokyo" }),
        field("url", "url", { value: "https://example.com/" }),
        field("email", "email", { value: "a@example.com" }),
        field("phone", "phone", { value: "112" }),
        field("row", "text", { value: "x", position: "auxiliary", row: 1, textAlignment: "center" }),
        field("info", "text", { value: "x", position: "additionalInfo" }),
      ],
      beacons: [{ proximityUuid: "f7826da6-4fa2-4e98-8024-bc5b71e0893e", major: 0, minor: 65535, relevantText: "x" }],
      nfc: {
        message: "{{pass.id}}",
        encryptionPublicKey:
          "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEaxfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpZP40Li/hp/m47n60p8D54WK84zV2sxXs7LtkBoN79R9Q==",
        requiresAuthentication: true,
      },
      groupingIdentifier: "x",
      sharingProhibited: true,
      associatedStoreIdentifiers: [284882215],
      appLaunchUrl: "fernfinch://card",
      userInfo: [1, "a"],
      apple: { preferredStyleSchemes: ["posterEventTicket", "eventTicket"], footerBackgroundColor: "#123" },
    };
    assert.deepEqual(complaints(passJson(template)), []);
  });

  it("would notice what is wrong", () => {
    const [{ template, pass }] = demos;
    const json = passJson(template, pass);
    assert.equal(complaints({ ...json, expirationDate: "soon" }).length, 1);
    assert.equal(complaints({ ...json, colour: "red" }).length, 1);
    assert.equal(complaints({ ...json, storeCard: { headerFields: [{ key: "x" }] } }).length, 1);
    assert.equal(complaints({ ...json, logoText: null }).length, 1);
  });
});
