import { strToU8 } from "fflate";
import { densities, nfc, nfcMaterial, personalizationJson, png, type Spoiled } from "./passes";

const card = (change: (card: any) => void): Spoiled => ({ json: (pass) => change(pass.storeCard) });
const header = (field: object) => card(({ headerFields }) => Object.assign(headerFields[0], field));
export const strings = (content: string | Uint8Array, path = "en.lproj/pass.strings"): Spoiled => ({
  files: { [path]: typeof content === "string" ? strToU8(content) : content },
});
export const news = '"news_changed" = "News: %@";\n';
const fields = (count: number) => Array.from({ length: count }, (_, index) => ({ key: `extra${index}`, value: "x" }));

export const enrolment = (change: Partial<Spoiled> = {}, personalization: object = personalizationJson): Spoiled => ({
  material: nfcMaterial,
  json: (pass) => (pass.nfc = nfc),
  ...change,
  files: {
    "personalization.json": strToU8(JSON.stringify(personalization)),
    ...densities("personalizationLogo", 150, 40),
    ...change.files,
  },
});

const at = (pointer: string) => `pass.json#/storeCard/${pointer}`;
const jpeg = Uint8Array.from([0xff, 0xd8, 0xff, 0xe0, ...strToU8("JFIF and more of it")]);
/** A chunk of four bytes before IHDR; the pixels, which differ as well, are not looked at. */
const crushed = (file: Uint8Array) => {
  const chunk = [0, 0, 0, 4, ...strToU8("CgBI"), 0x50, 0, 0x20, 2, 0x2b, 0xd5, 0xb3, 0x7f];
  return Uint8Array.from([...file.subarray(0, 8), ...chunk, ...file.subarray(8)]);
};
const corrupt = png(160, 50).map((byte, index) => (index === 60 ? byte ^ 0xff : byte));

export const contentCases: [code: string, at: string, how: string, Spoiled][] = [
  ["field_without_key", at("headerFields/0/key"), "no key", card((each) => delete each.headerFields[0].key)],
  ["field_without_key", at("headerFields/0/key"), "an empty key", header({ key: "" })],
  ["field_without_value", at("headerFields/0/value"), "no value", card((each) => delete each.headerFields[0].value)],
  ["field_value_type", at("headerFields/0/value"), "a truth", header({ value: true })],
  [
    "field_value_type",
    at("primaryFields/0/value"),
    "text as money",
    card((each) => (each.primaryFields[0].value = "12.50")),
  ],
  ["field_member_invalid", at("headerFields/0/textAlignment"), "left", header({ textAlignment: "left" })],
  ["field_member_invalid", at("headerFields/0/label"), "a number", header({ label: 1 })],
  ["field_member_invalid", at("headerFields/0/row"), "row 2", header({ row: 2 })],
  [
    "field_member_invalid",
    at("primaryFields/0/currencyCode"),
    "no currency",
    card((each) => (each.primaryFields[0].currencyCode = "euro")),
  ],
  [
    "field_member_invalid",
    at("backFields/0/dataDetectorTypes"),
    "all",
    card((each) => (each.backFields[0].dataDetectorTypes = ["all"])),
  ],
  ["unknown_key", at("headerFields/0/colour"), "another member", header({ colour: "red" })],
  ["field_duplicate_key", at("backFields/0/key"), "one key twice", card((each) => (each.backFields[0].key = "points"))],
  ["too_many_fields", at("headerFields"), "four", card((each) => each.headerFields.push(...fields(3)))],
  ["too_many_fields", at("secondaryFields"), "two rows", card((each) => each.secondaryFields.push(...fields(4)))],
  ["change_message_placeholder", at("headerFields/0/changeMessage"), "no %@", header({ changeMessage: "New points" })],
  [
    "currency_and_number_style",
    at("primaryFields/0/numberStyle"),
    "both",
    card((each) => (each.primaryFields[0].numberStyle = "PKNumberStyleDecimal")),
  ],
  [
    "date_without_zone",
    at("secondaryFields/0/value"),
    "local time",
    card((each) => (each.secondaryFields[0].value = "2027-05-01T18:30")),
  ],
  [
    "date_invalid",
    at("secondaryFields/0/value"),
    "no date",
    card((each) => (each.secondaryFields[0].value = "in May")),
  ],
  [
    "attributed_value_markup",
    at("backFields/0/attributedValue"),
    "bold",
    card((each) => (each.backFields[0].attributedValue = "<b>Terms</b>")),
  ],
  [
    "icon_missing",
    "icon.png",
    "no icon at all",
    { files: { "icon.png": null, "icon@2x.png": null, "icon@3x.png": null } },
  ],
  ["icon_2x_missing", "icon@2x.png", "no icon@2x", { files: { "icon@2x.png": null } }],
  ["image_density_missing", "logo.png", "no logo@3x", { files: { "logo@3x.png": null } }],
  ["image_not_png", "logo.png", "a JPEG", { files: { "logo.png": jpeg } }],
  [
    "image_not_png",
    "icon.png",
    "an SVG",
    { files: { "icon.png": strToU8("<svg xmlns='http://www.w3.org/2000/svg'/>") } },
  ],
  ["image_corrupt", "logo.png", "a wrong checksum", { files: { "logo.png": corrupt } }],
  ["image_corrupt", "logo.png", "half a PNG", { files: { "logo.png": png(160, 50).subarray(0, 60) } }],
  ["image_crushed", "logo.png", "as Xcode writes it", { files: { "logo.png": crushed(png(160, 50)) } }],
  ["image_too_large", "logo.png", "wider than any screen", { files: { "logo.png": png(9000, 1) } }],
  ["image_size_odd", "logo.png", "too wide", { files: { "logo.png": png(200, 50) } }],
  ["image_size_odd", "icon@2x.png", "not square", { files: { "icon@2x.png": png(76, 70) } }],
  [
    "image_size_odd",
    "de.lproj/logo.png",
    "in a language",
    { files: { ...localized("de", densities("logo", 160, 50)), "de.lproj/logo.png": png(161, 50) } },
  ],
  ["image_not_shown", "thumbnail.png", "a thumbnail on a card", { files: densities("thumbnail", 90, 90) }],
  ["image_format_unsupported", "strip.svg", "an SVG by name", { files: { "strip.svg": strToU8("<svg/>") } }],
  ["image_format_unsupported", "logo.jpg", "a JPEG by name", { files: { "logo.jpg": jpeg } }],
  [
    "strings_encoding",
    "en.lproj/pass.strings",
    "Latin-1",
    {
      ...strings(Uint8Array.from([...strToU8('"a" = "'), 0xe9, ...strToU8('";')])),
      ...card((each) => delete each.backFields[1].changeMessage),
    },
  ],
  ["strings_syntax", "en.lproj/pass.strings", "no semicolon", strings(`${news}"a" = "b"`)],
  ["strings_syntax", "en.lproj/pass.strings", "an unescaped quote", strings(`${news}"a" = "say "b"";`)],
  ["strings_duplicate_key", "en.lproj/pass.strings", "one text twice", strings(`${news}"a" = "b";\n"a" = "c";`)],
  ["language_folder_invalid", "German.lproj", "a name", strings(news, "German.lproj/pass.strings")],
  [
    "personalization_invalid",
    "personalization.json",
    "no description",
    enrolment({}, { requiredPersonalizationFields: ["PKPassPersonalizationFieldName"] }),
  ],
  ["personalization_invalid", "personalization.json", "no fields", enrolment({}, { description: "Join" })],
  [
    "personalization_invalid",
    "personalization.json",
    "another field",
    enrolment({}, { ...personalizationJson, requiredPersonalizationFields: ["Name"] }),
  ],
  [
    "personalization_invalid",
    "personalization.json",
    "no JSON",
    enrolment({ files: { "personalization.json": strToU8("{") } }),
  ],
  [
    "personalization_logo_missing",
    "personalization.json",
    "no logo",
    enrolment({ files: { "personalizationLogo@2x.png": null } }),
  ],
  ["personalization_nfc_missing", "personalization.json", "no nfc", enrolment({ json: () => {} })],
  ["nfc_certificate_required", "personalization.json", "an ordinary certificate", enrolmentWithoutNfc()],
];

export function localized(language: string, files: Record<string, Uint8Array>): Record<string, Uint8Array> {
  return Object.fromEntries(Object.entries(files).map(([path, bytes]) => [`${language}.lproj/${path}`, bytes]));
}

function enrolmentWithoutNfc(): Spoiled {
  const { material: _, ...rest } = enrolment();
  return { ...rest, json: () => {} };
}
