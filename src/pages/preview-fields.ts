import { formatValue } from "../pass-model/format";
import { frontLimits, overflowWarnings } from "../pass-model/front-limits";
import type { ResolvedField, ResolvedPass, Warning } from "../pass-model/resolved-pass";
import type { FieldPosition, TextAlignment } from "../pass-model/vocabulary";

export interface PreviewField {
  key: string;
  label: string | null;
  text: string;
  align: TextAlignment;
  /** `https:`, `http:`, `mailto:` or `tel:`, nothing else. */
  href: string | null;
}

/** The fields of a pass by the place where Wallet draws them. Rows without a field are left out. */
export interface PreviewAreas {
  header: PreviewField[];
  primary: PreviewField[];
  /** Secondary and auxiliary fields, top to bottom. */
  rows: PreviewField[][];
  back: PreviewField[];
}

interface AreaOptions {
  locale: string;
  now: number;
  translate: (text: string) => string;
}

export function projectFields(pass: ResolvedPass, options: AreaOptions): { areas: PreviewAreas; warnings: Warning[] } {
  const warnings = overflowWarnings(pass);
  const limit = frontLimits(pass);
  const at = (...positions: FieldPosition[]) =>
    positions.flatMap((position) => pass.fields.filter((field) => field.position === position));

  const project = (fields: ResolvedField[]) => fields.map((field) => projectField(field, pass, options));
  const front = (fields: ResolvedField[], most: number) => project(fields.slice(0, most));

  const header = front(at("header"), limit.header);
  const primary = front(at("primary"), limit.primary);
  const rows =
    limit.shared === null
      ? [front(at("secondary"), limit.secondary), ...auxiliaryRows()]
      : [front(at("secondary", "auxiliary"), limit.shared)];

  function auxiliaryRows(): PreviewField[][] {
    const fields = at("auxiliary");
    if (pass.style !== "eventTicket") return [front(fields, limit.auxiliary)];
    const second = fields.filter((field) => field.row === 1);
    const first = fields.filter((field) => field.row !== 1);
    return [front(first, limit.auxiliary), front(second, limit.auxiliary)];
  }

  // Only event tickets show additional information, and only poster passes a footer field.
  const hidden = at("footer", ...(pass.style === "eventTicket" ? [] : (["additionalInfo"] as const)))[0];
  if (hidden !== undefined) {
    warnings.push({
      code: "fields_not_shown",
      pointer: `#/fields/${pass.fields.indexOf(hidden)}`,
      detail: `A pass of style ${pass.style} has no ${hidden.position} area; its fields are left out.`,
    });
  }
  const back = project(at("back", ...(pass.style === "eventTicket" ? (["additionalInfo"] as const) : [])));
  return { areas: { header, primary, rows: rows.filter((row) => row.length > 0), back }, warnings };
}

function projectField(field: ResolvedField, pass: ResolvedPass, options: AreaOptions): PreviewField {
  const { locale, now, translate } = options;
  const text = formatValue(field, { locale, now, timeZone: pass.timeZone });
  return {
    key: field.key,
    label: field.label === null ? null : translate(field.label),
    text: field.type === "text" ? translate(text) : text,
    align: field.textAlignment ?? "natural",
    href: linkOf(field),
  };
}

/** A value never chooses the scheme of its link, so `javascript:` and the like stay plain text. */
function linkOf({ type, value }: ResolvedField): string | null {
  const text = String(value).trim();
  switch (type) {
    case "url":
      return /^https?:\/\/[^\s]+$/i.test(text) && URL.canParse(text) ? text : null;
    case "email":
      return /^[^\s@:/?&#]+@[^\s@:/?&#]+$/.test(text) ? `mailto:${text}` : null;
    case "phone": {
      const number = text.replace(/[\s().\-/]/g, "");
      return /^\+?[0-9*#,;]{2,40}$/.test(number) ? `tel:${number.replaceAll("#", "%23")}` : null;
    }
    default:
      return null;
  }
}
