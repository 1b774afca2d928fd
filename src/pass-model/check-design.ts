import { barcodeComplaint, fitsEncoding } from "./barcode-rules";
import { checkPersonalization, lintPersonalization } from "./check-personalization";
import { announcing, compileDesign, type CompiledDesign } from "./compile-design";
import type { FieldDesign, TemplateDesign } from "./design";
import { celReservedWords } from "./expressions";
import { fieldTypeRules } from "./field-types";
import { nullIssues, type Issue } from "./issue";
import { jsonPlaceholderNames, passPlaceholders, placeholderNames } from "./placeholders";
import { checkRelevantDates, nfcComplaint } from "./resolve";
import type { JsonObject, Warning } from "./resolved-pass";
import { checkSemantics } from "./semantics";
import type { FieldType, PassStyle } from "./vocabulary";

/**
 * The rules of a design that no single member can check. Each rule is one function from the design to what
 * it found; to add one, write it and list it.
 */
export function checkDesign(design: TemplateDesign): {
  issues: Issue[];
  warnings: Warning[];
  compiled: CompiledDesign | null;
} {
  const issues = [...rules.flatMap((rule) => rule(design)), ...fieldRules.flatMap((rule) => eachField(design, rule))];
  const tags = checkSemantics((design.semantics ?? {}) as JsonObject, "#/semantics");
  const fieldTags = (design.fields ?? []).map((field, index) =>
    checkSemantics((field.semantics ?? {}) as JsonObject, `#/fields/${index}/semantics`),
  );
  for (const result of [tags, ...fieldTags]) issues.push(...result.issues);
  const compiled = compileDesign(design, "enforced");
  if (!compiled.ok) issues.push(...compiled.issues);
  const warnings = [tags, ...fieldTags].flatMap((result) => result.warnings);
  warnings.push(...lints.flatMap((lint) => lint(design)));
  return { issues, warnings, compiled: compiled.ok ? compiled.compiled : null };
}

type Rule = (design: TemplateDesign) => Issue[];
type FieldRule = (
  field: FieldDesign,
  design: TemplateDesign,
) => { member: string; code: string; detail: string } | null;

function eachField(design: TemplateDesign, rule: FieldRule): Issue[] {
  return (design.fields ?? []).flatMap((field, index) => {
    const found = rule(field, design);
    return found ? [{ pointer: `#/fields/${index}/${found.member}`, code: found.code, detail: found.detail }] : [];
  });
}

const groupingStyles: PassStyle[] = ["boardingPass", "eventTicket"];

const rules: Rule[] = [
  function transitTypeFitsStyle({ style, transitType }) {
    if (style === "boardingPass" && !transitType) {
      return [
        { pointer: "#/transitType", code: "missing_transit_type", detail: "a boarding pass needs a transitType" },
      ];
    }
    if (style !== "boardingPass" && transitType) {
      return [
        { pointer: "#/transitType", code: "unsupported_for_style", detail: "only a boarding pass has a transitType" },
      ];
    }
    return [];
  },
  function iconIsThere({ images }) {
    if (typeof images?.icon === "string" || Object.keys(images?.icon ?? {}).length > 0) return [];
    return [
      {
        pointer: "#/images/icon",
        code: "missing_icon",
        detail: "every pass needs an icon; without it Wallet does not open it",
      },
    ];
  },
  function keysAreUnique({ fields = [] }) {
    const seen = new Set<string>();
    return fields.flatMap(({ key }, index) => {
      if (!seen.has(key)) return seen.add(key) && [];
      return [{ pointer: `#/fields/${index}/key`, code: "duplicate_key", detail: `the key ${key} is used twice` }];
    });
  },
  function languagesDiffer({ localizations = {} }) {
    const seen = new Set<string>();
    return Object.keys(localizations).flatMap((language) => {
      const canonical = language.toLowerCase();
      if (!seen.has(canonical)) return seen.add(canonical) && [];
      return [
        { pointer: `#/localizations/${language}`, code: "duplicate_language", detail: `${language} is there twice` },
      ];
    });
  },
  function groupingFitsStyle({ style, groupingIdentifier }) {
    if (groupingIdentifier === undefined || groupingStyles.includes(style)) return [];
    const detail = "only boarding passes and event tickets are grouped";
    return [{ pointer: "#/groupingIdentifier", code: "unsupported_for_style", detail }];
  },
  function appLaunchNeedsApp({ appLaunchUrl, associatedStoreIdentifiers }) {
    if (appLaunchUrl === undefined) return [];
    if (!URL.canParse(appLaunchUrl) || /\s/.test(appLaunchUrl)) {
      return [{ pointer: "#/appLaunchUrl", code: "invalid_url", detail: "expected a URL; a custom scheme is allowed" }];
    }
    if (associatedStoreIdentifiers?.length) return [];
    return [
      { pointer: "#/appLaunchUrl", code: "missing_app", detail: "appLaunchUrl needs associatedStoreIdentifiers" },
    ];
  },
  function expirationFieldExists({ expiration, fields = [] }) {
    if (expiration?.type !== "field") return [];
    return fieldOfType(fields, expiration.field, ["date", "dateTime"], "#/expiration/field");
  },
  function relevantDatesAreSound({ relevantDates = [], fields = [] }) {
    const missing = relevantDates.flatMap((entry, index) =>
      "field" in entry ? fieldOfType(fields, entry.field, ["dateTime"], `#/relevantDates/${index}/field`) : [],
    );
    return [...missing, ...checkRelevantDates(relevantDates, "#/relevantDates")];
  },
  function placeholdersAreKnown({ barcode, nfc, semantics, apple, google, fields = [] }) {
    const known = new Set<string>([...passPlaceholders, ...fields.map((field) => field.key)]);
    const texts: [string, string[]][] = [
      ["#/barcode/message", placeholderNames(barcode?.message ?? "")],
      ["#/barcode/altText", placeholderNames(barcode?.altText ?? "")],
      ["#/nfc/message", placeholderNames(nfc?.message ?? "")],
      ["#/semantics", jsonPlaceholderNames((semantics ?? {}) as JsonObject)],
      ["#/apple", jsonPlaceholderNames((apple ?? {}) as JsonObject)],
      ["#/google/object", jsonPlaceholderNames((google?.object ?? {}) as JsonObject)],
      ...fields.map((field, index): [string, string[]] => [
        `#/fields/${index}/semantics`,
        jsonPlaceholderNames((field.semantics ?? {}) as JsonObject),
      ]),
    ];
    return texts.flatMap(([pointer, names]) =>
      names
        .filter((name) => !known.has(name))
        .map((name) => ({
          pointer,
          code: "unknown_placeholder",
          detail: `{{${name}}} is neither a field nor one of ${passPlaceholders.join(", ")}`,
        })),
    );
  },
  function staticBarcodeIsDrawable({ barcode }) {
    if (!barcode || barcode.message.includes("{{")) return [];
    const complaint =
      barcodeComplaint(barcode.format, barcode.message) ??
      (fitsEncoding(barcode.message, barcode.encoding ?? "utf-8")
        ? null
        : `the message does not fit ${barcode.encoding}`);
    return complaint ? [{ pointer: "#/barcode/message", code: "invalid_barcode", detail: complaint }] : [];
  },
  function userInfoHasNoNull({ userInfo }) {
    return userInfo === undefined ? [] : nullIssues(userInfo, "#/userInfo");
  },
  function staticNfcMessageFits({ nfc }) {
    const complaint = nfc && !nfc.message.includes("{{") ? nfcComplaint(nfc.message) : null;
    return complaint ? [{ pointer: "#/nfc/message", ...complaint }] : [];
  },
  function nfcKeyIsP256({ nfc }) {
    if (!nfc || isP256PublicKey(nfc.encryptionPublicKey)) return [];
    const detail = "expected the base64 X.509 SubjectPublicKeyInfo of a P-256 key";
    return [{ pointer: "#/nfc/encryptionPublicKey", code: "invalid_key", detail }];
  },
  checkPersonalization,
];

const dateTypes: FieldType[] = ["date", "dateTime"];
const zonedTypes: FieldType[] = ["time", "dateTime"];
const clockTypes: FieldType[] = ["date", "time", "dateTime"];
const numberTypes: FieldType[] = ["number", "percent", "currency"];

const onlyFor = (member: string, types: FieldType[]) => ({
  member,
  code: "unsupported_for_type",
  detail: `only a ${types.join(", ")} field has ${member}`,
});

const fieldRules: FieldRule[] = [
  // Passes and their values are plain objects in many a language: `constructor` is there before it is set.
  ({ key }) =>
    key in Object.prototype
      ? { member: "key", code: "reserved_key", detail: `${key} is a reserved word of JavaScript` }
      : null,
  ({ key }) =>
    celReservedWords.has(key)
      ? { member: "key", code: "reserved_key", detail: `${key} is a reserved word of CEL` }
      : null,
  ({ value, expression, default: byDefault, required }) => {
    const sources = [value, expression].filter((source) => source !== undefined).length;
    if (sources === 2)
      return { member: "expression", code: "two_sources", detail: "a field is static or computed, not both" };
    if (sources === 1 && (byDefault !== undefined || required)) {
      const detail = "a static or computed field has neither default nor required";
      return { member: byDefault === undefined ? "required" : "default", code: "two_sources", detail };
    }
    return null;
  },
  ({ type, value }) => mistyped("value", type, value),
  ({ type, default: byDefault }) => mistyped("default", type, byDefault),
  ({ type, currencyCode }) => {
    if (type === "currency" && currencyCode === undefined) {
      return { member: "currencyCode", code: "missing_currency", detail: "a currency field needs a currencyCode" };
    }
    return type !== "currency" && currencyCode !== undefined ? onlyFor("currencyCode", ["currency"]) : null;
  },
  ({ type, timeZone }) =>
    timeZone !== undefined && !zonedTypes.includes(type) ? onlyFor("timeZone", zonedTypes) : null,
  ({ type, relative }) => (relative && !dateTypes.includes(type) ? onlyFor("relative", dateTypes) : null),
  ({ type, dateStyle }) =>
    dateStyle !== undefined && !clockTypes.includes(type) ? onlyFor("dateStyle", clockTypes) : null,
  ({ type, timeStyle }) =>
    timeStyle !== undefined && !clockTypes.includes(type) ? onlyFor("timeStyle", clockTypes) : null,
  ({ type, numberStyle }) =>
    numberStyle !== undefined && !numberTypes.includes(type) ? onlyFor("numberStyle", numberTypes) : null,
  ({ row, position }, { style }) =>
    row !== undefined && !(style === "eventTicket" && position === "auxiliary")
      ? { member: "row", code: "unsupported_for_style", detail: "only auxiliary fields of an event ticket have a row" }
      : null,
  ({ position }, { style }) =>
    position === "additionalInfo" && style !== "eventTicket"
      ? { member: "position", code: "unsupported_for_style", detail: "only event tickets have additionalInfo fields" }
      : null,
  ({ position }, { apple }) =>
    position === "footer" && apple?.posterGeneric === undefined
      ? {
          member: "position",
          code: "unsupported_for_style",
          detail: "only a poster pass (apple.posterGeneric) has footer fields",
        }
      : null,
];

function mistyped(member: string, type: FieldType, value: unknown): ReturnType<FieldRule> {
  if (value === undefined || fieldTypeRules[type].accepts(value)) return null;
  return { member, code: "wrong_type", detail: `expected ${fieldTypeRules[type].expected}` };
}

function fieldOfType(fields: FieldDesign[], key: string, types: FieldType[], pointer: string): Issue[] {
  const field = fields.find((candidate) => candidate.key === key);
  if (field && types.includes(field.type)) return [];
  return [{ pointer, code: "unknown_field", detail: `expected the key of a ${types.join(" or ")} field` }];
}

/** SubjectPublicKeyInfo of a named curve has this fixed prefix (RFC 5480 §2.1.1), then a point of 33 or 65 bytes. */
function isP256PublicKey(base64: string): boolean {
  try {
    const der = Array.from(atob(base64), (character) => character.charCodeAt(0));
    const algorithm = [
      0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03,
      0x01, 0x07,
    ];
    return (
      der[0] === 0x30 && algorithm.every((byte, index) => der[index + 2] === byte) && [59, 91].includes(der.length)
    );
  } catch {
    return false;
  }
}

type Lint = (design: TemplateDesign) => Warning[];

const lints: Lint[] = [
  ({ fonts }) =>
    fonts
      ? [
          {
            code: "fonts_ignored",
            pointer: "#/fonts",
            detail: "no wallet honours fonts; they are used on pages and in mails",
          },
        ]
      : [],
  lintPersonalization,
  ({ fields = [] }) =>
    fields.flatMap(({ changeMessage }, index) =>
      changeMessage === undefined || changeMessage.includes("%@")
        ? []
        : [
            {
              code: "change_message_completed",
              pointer: `#/fields/${index}/changeMessage`,
              detail: `Wallet shows a change message only if it holds %@; it is sent as "${announcing(changeMessage)}"`,
            },
          ],
    ),
  ({ fields = [] }) =>
    fields.flatMap(({ currencyCode, numberStyle }, index) =>
      currencyCode !== undefined && numberStyle !== undefined
        ? [
            {
              code: "number_style_ignored",
              pointer: `#/fields/${index}/numberStyle`,
              detail: "a currency is shown as money; numberStyle is dropped",
            },
          ]
        : [],
    ),
  ({ fields = [] }) =>
    fields.flatMap(({ textAlignment, position }, index) =>
      textAlignment !== undefined && (position === "primary" || position === "back")
        ? [
            {
              code: "alignment_ignored",
              pointer: `#/fields/${index}/textAlignment`,
              detail: `Wallet does not align ${position} fields`,
            },
          ]
        : [],
    ),
];
