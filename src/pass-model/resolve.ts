import { barcodeComplaint, fitsEncoding, withCheckDigit } from "./barcode-rules";
import { announcing, type CompiledDesign } from "./compile-design";
import type { BarcodeDesign, ExpirationDesign, RelevantDateDesign } from "./design";
import type { Values } from "./expressions";
import { fieldTypeRules } from "./field-types";
import { nullIssues, pointerTo, type Issue } from "./issue";
import type { PassOverrides } from "./overrides";
import { substitute, substituteJson, type PlaceholderValues } from "./placeholders";
import type { JsonObject, ResolvedBarcode, ResolvedImages, ResolvedPass, ResolvedRelevantDate } from "./resolved-pass";
import { checkSemantics } from "./semantics";
import { addDuration, epochOf } from "./time-zone";

/** One pass as it is stored, without its template. */
export interface PassRecord {
  id: string;
  serialNumber: string;
  externalId: string | null;
  customerId: string | null;
  templateId: string;
  templateVersion: number;
  version: number;
  values: Values;
  overrides: PassOverrides;
  /** The pictures of `overrides`, by slot. */
  images: ResolvedImages;
  /** Text for the fields that the latest update changed, in place of their own. */
  announcement: { message: string; keys: string[] } | null;
  /** Epoch milliseconds. */
  issuedAt: number;
  voided: boolean;
  /** Whether the holder answered what the template asks. */
  personalized: boolean;
}

export interface TenantIdentity {
  locale: string;
  timeZone: string;
}

/** Lists every way in which `values` does not fit the template; pointers begin `#/values`. */
export function checkValues({ fields }: CompiledDesign, values: Record<string, unknown>): Issue[] {
  const byKey = new Map(fields.map((field) => [field.key, field]));
  const issues: Issue[] = [];
  for (const [key, value] of Object.entries(values)) {
    const field = byKey.get(key);
    const pointer = pointerTo("#/values", [key]);
    if (!field) {
      issues.push({ pointer, code: "unknown_field", detail: "the template has no field of this key" });
    } else if (field.value !== undefined || field.expression !== undefined) {
      const kind = field.value === undefined ? "computed" : "static";
      issues.push({ pointer, code: "not_settable", detail: `the field is ${kind}: passes do not bring its value` });
    } else if (!fieldTypeRules[field.type].accepts(value)) {
      issues.push({ pointer, code: "wrong_type", detail: `expected ${fieldTypeRules[field.type].expected}` });
    }
  }
  for (const field of fields) {
    if (field.required && values[field.key] === undefined) {
      issues.push({ pointer: `#/values/${field.key}`, code: "missing_value", detail: "the field is required" });
    }
  }
  return issues;
}

/**
 * Applies the template to a pass: values, overrides, computed fields, substitution, relevance and expiry.
 * The values must have passed `checkValues`; what can still fail is a computed field.
 */
export function resolvePass(
  compiled: CompiledDesign,
  pass: PassRecord,
  tenant: TenantIdentity,
  images: ResolvedImages,
): { ok: true; pass: ResolvedPass } | { ok: false; issues: Issue[] } {
  const { design, fields, computed, blanks } = compiled;
  const { overrides } = pass;
  const values: Values = {};
  for (const field of fields) {
    const value = field.value ?? pass.values[field.key] ?? field.default;
    if (value !== undefined) values[field.key] = value;
  }
  const issues: Issue[] = [];
  for (const { key, type, expression } of computed) {
    const result = expression.evaluate(values);
    const pointer = `#/values/${key}`;
    if (!result.ok) issues.push({ pointer, code: "expression_failed", detail: result.detail });
    else if (result.value === "") continue;
    else if (fieldTypeRules[type].accepts(result.value)) values[key] = result.value;
    else
      issues.push({ pointer, code: "expression_failed", detail: `its result is not ${fieldTypeRules[type].expected}` });
  }
  if (issues.length > 0) return { ok: false, issues };

  const placeholders = placeholderValues(pass, values);
  const barcode = overrides.barcode ?? design.barcode;
  const { announcement } = pass;
  const resolved: ResolvedPass = {
    id: pass.id,
    serialNumber: pass.serialNumber,
    externalId: pass.externalId,
    templateId: pass.templateId,
    templateVersion: pass.templateVersion,
    version: pass.version,
    style: design.style,
    transitType: design.transitType ?? null,
    organizationName: design.organizationName,
    description: design.description,
    logoText: overrides.logoText ?? design.logoText ?? null,
    colors: {
      background: overrides.colors?.background ?? design.colors?.background ?? null,
      foreground: overrides.colors?.foreground ?? design.colors?.foreground ?? null,
      label: overrides.colors?.label ?? design.colors?.label ?? null,
    },
    fields: blanks.flatMap((blank) => {
      const value = values[blank.key];
      if (value === undefined) return [];
      const announced = announcement?.keys.includes(blank.key);
      const semantics = blank.semantics && substituteJson(blank.semantics, placeholders);
      const changeMessage = announced && announcement ? announcing(announcement.message) : blank.changeMessage;
      return [{ ...blank, value, semantics, changeMessage }];
    }),
    layout: blanks.map(({ key, label, type, position }) => ({ key, label, type, position })),
    barcode: barcode ? resolveBarcode(barcode, placeholders) : null,
    expiresAt: overrides.expiresAt ?? resolveExpiry(design.expiration, values, pass.issuedAt, tenant.timeZone),
    voided: pass.voided,
    locations: (overrides.locations ?? design.locations ?? []).map((location) => ({
      latitude: location.latitude,
      longitude: location.longitude,
      altitude: location.altitude ?? null,
      radius: location.radius ?? null,
      relevantText: location.relevantText ?? null,
    })),
    beacons: (design.beacons ?? []).map((beacon) => ({
      proximityUuid: beacon.proximityUuid,
      major: beacon.major ?? null,
      minor: beacon.minor ?? null,
      relevantText: beacon.relevantText ?? null,
    })),
    relevantDates: resolveRelevantDates(overrides.relevantDates ?? design.relevantDates ?? [], values),
    groupingIdentifier: design.groupingIdentifier ?? null,
    sharingProhibited: design.sharingProhibited ?? false,
    associatedStoreIdentifiers: design.associatedStoreIdentifiers ?? [],
    appLaunchUrl: design.appLaunchUrl ?? null,
    userInfo: overrides.userInfo ?? design.userInfo ?? null,
    semantics: substituteJson({ ...design.semantics, ...overrides.semantics } as JsonObject, placeholders),
    nfc: design.nfc
      ? {
          message: substitute(design.nfc.message, placeholders),
          encryptionPublicKey: design.nfc.encryptionPublicKey,
          requiresAuthentication: design.nfc.requiresAuthentication ?? false,
        }
      : null,
    personalization: design.personalization
      ? {
          description: design.personalization.description,
          requiredFields: design.personalization.requiredFields,
          termsAndConditions: design.personalization.termsAndConditions ?? null,
          done: pass.personalized,
        }
      : null,
    apple: substituteJson((design.apple ?? {}) as JsonObject, placeholders),
    google: {
      vertical: design.google?.vertical ?? null,
      class: (design.google?.class ?? {}) as JsonObject,
      object: substituteJson((design.google?.object ?? {}) as JsonObject, placeholders),
    },
    localizations: design.localizations ?? {},
    images: { ...images, ...pass.images },
    templateImages: images,
    locale: tenant.locale,
    timeZone: tenant.timeZone,
  };
  return { ok: true, pass: resolved };
}

function placeholderValues(pass: PassRecord, values: Values): PlaceholderValues {
  const all = new Map<string, string | number>(Object.entries(values));
  all.set("pass.id", pass.id);
  all.set("pass.serialNumber", pass.serialNumber);
  if (pass.externalId !== null) all.set("pass.externalId", pass.externalId);
  if (pass.customerId !== null) all.set("customer.id", pass.customerId);
  return all;
}

function resolveBarcode(barcode: BarcodeDesign, values: PlaceholderValues): ResolvedBarcode {
  const message = withCheckDigit(barcode.format, substitute(barcode.message, values));
  return {
    format: barcode.format,
    message,
    altText: barcode.altText === undefined ? null : substitute(barcode.altText, values) || null,
    encoding: barcode.encoding ?? (fitsEncoding(message, "iso-8859-1") ? "iso-8859-1" : "utf-8"),
  };
}

function resolveExpiry(
  rule: ExpirationDesign | undefined,
  values: Values,
  issuedAt: number,
  timeZone: string,
): string | null {
  if (!rule) return null;
  if (rule.type === "fixed") return rule.at;
  if (rule.type === "relative") {
    return toSecond(addDuration(issuedAt, rule.duration, timeZone));
  }
  const value = values[rule.field];
  if (typeof value !== "string") return null;
  return value.includes("T") ? value : endOfDay(value, timeZone);
}

/** The years of ISO 8601 without an agreement between the parties, in UTC. */
const firstMillisecond = Date.parse("0001-01-01T00:00:00Z");
const lastSecond = "9999-12-31T23:59:59Z";
const lastMillisecond = Date.parse(lastSecond) + 999;

function endOfDay(date: string, timeZone: string): string {
  const end = epochOf(Date.parse(`${date}T23:59:59Z`), timeZone);
  // 9999-12-31 stands for "never", and west of Greenwich its end has a year of five digits.
  return end > lastMillisecond ? lastSecond : toSecond(end);
}

const toSecond = (epochMilliseconds: number): string => `${new Date(epochMilliseconds).toISOString().slice(0, -5)}Z`;

function resolveRelevantDates(designed: RelevantDateDesign[], values: Values): ResolvedRelevantDate[] {
  return designed.flatMap((entry): ResolvedRelevantDate[] => {
    if (!("field" in entry)) return [entry];
    const value = values[entry.field];
    return typeof value === "string" && value !== "" ? [{ date: value }] : [];
  });
}

const nfcMessageBytesMax = 64;

/** Why a terminal could not read this payload (Apple, Pass.NFC.message), or null. */
export function nfcComplaint(message: string): { code: string; detail: string } | null {
  if (message === "") return { code: "nfc_message_empty", detail: "the NFC message is empty once it is filled in" };
  const bytes = new TextEncoder().encode(message).length;
  if (bytes <= nfcMessageBytesMax) return null;
  return {
    code: "nfc_message_too_long",
    detail: `the NFC message is longer than ${nfcMessageBytesMax} bytes once filled in`,
  };
}

const dayMilliseconds = 86_400_000;

/** What is wrong with the overrides of a pass by themselves; pointers begin `#/overrides`. */
export function checkOverrides({ fields }: CompiledDesign, overrides: PassOverrides): Issue[] {
  const { barcode, images = {}, relevantDates = [], semantics = {} } = overrides;
  const issues = checkRelevantDates(relevantDates, "#/overrides/relevantDates");
  for (const [slot, pictures] of Object.entries(images)) {
    if (typeof pictures === "string" || Object.keys(pictures ?? {}).length > 0) continue;
    const detail = "expected a picture; leave the slot out for the template's";
    issues.push({ pointer: `#/overrides/images/${slot}`, code: "missing_image", detail });
  }
  for (const [index, entry] of relevantDates.entries()) {
    if (!("field" in entry) || fields.some(({ key, type }) => key === entry.field && type === "dateTime")) continue;
    const pointer = `#/overrides/relevantDates/${index}/field`;
    issues.push({ pointer, code: "unknown_field", detail: "expected the key of a dateTime field" });
  }
  const complaint =
    barcode && !barcode.message.includes("{{") ? barcodeComplaint(barcode.format, barcode.message) : null;
  if (complaint) issues.push({ pointer: "#/overrides/barcode/message", code: "invalid_barcode", detail: complaint });
  return [...issues, ...checkSemantics(semantics as JsonObject, "#/overrides/semantics").issues];
}

/** What can only be checked once placeholders are filled in and overrides applied. */
export function checkResolved(pass: ResolvedPass, overrides: PassOverrides): Issue[] {
  const issues: Issue[] = [];
  const { barcode, nfc } = pass;
  if (barcode) {
    const pointer = overrides.barcode ? "#/overrides/barcode/message" : "#/values";
    const complaint = barcodeComplaint(barcode.format, barcode.message);
    if (complaint) issues.push({ pointer, code: "invalid_barcode", detail: complaint });
    if (!fitsEncoding(barcode.message, barcode.encoding)) {
      const detail = `the barcode's message does not fit its encoding ${barcode.encoding}`;
      issues.push({ pointer, code: "invalid_barcode", detail });
    }
  }
  const nfcProblem = nfc && nfcComplaint(nfc.message);
  if (nfcProblem) issues.push({ pointer: "#/values", ...nfcProblem });
  issues.push(...checkRelevantDates(overrides.relevantDates ?? [], "#/overrides/relevantDates"));
  issues.push(...checkSemantics(pass.semantics, overrides.semantics ? "#/overrides/semantics" : "#/values").issues);
  for (const { key, semantics } of pass.fields) {
    if (semantics) issues.push(...checkSemantics(semantics, `#/values/${key}`).issues);
  }
  if (overrides.userInfo !== undefined) issues.push(...nullIssues(overrides.userInfo, "#/overrides/userInfo"));
  if (pass.expiresAt !== null && !isInCalendar(pass.expiresAt)) {
    const pointer = overrides.expiresAt === undefined ? "#/values" : "#/overrides/expiresAt";
    issues.push({ pointer, code: "invalid_expiry", detail: "the expiry lies outside the years 0001 to 9999" });
  }
  return issues;
}

function isInCalendar(instant: string): boolean {
  const millisecond = Date.parse(instant);
  return millisecond >= firstMillisecond && millisecond <= lastMillisecond;
}

/** An interval ends after it begins and lasts at most 24 hours (Apple, Pass.RelevantDates). */
export function checkRelevantDates(dates: RelevantDateDesign[], pointer: string): Issue[] {
  return dates.flatMap((entry, index) => {
    if (!("startDate" in entry)) return [];
    const milliseconds = Date.parse(entry.endDate) - Date.parse(entry.startDate);
    if (milliseconds > 0 && milliseconds <= dayMilliseconds) return [];
    const detail = "an interval ends after it starts and lasts at most 24 hours";
    return [{ pointer: `${pointer}/${index}`, code: "invalid_interval", detail }];
  });
}
