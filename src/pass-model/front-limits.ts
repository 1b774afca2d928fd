import type { Warning } from "./resolved-pass";
import type { BarcodeFormat, FieldPosition, PassStyle } from "./vocabulary";

/** What the limits depend on; a design and a resolved pass both have it. */
interface Front {
  style: PassStyle;
  barcode?: { format: BarcodeFormat } | null | undefined;
}

interface FrontField {
  key: string;
  position: FieldPosition;
  row?: 0 | 1 | null | undefined;
}

export interface FrontLimits {
  header: number;
  primary: number;
  secondary: number;
  /** Per row, where a style has two. */
  auxiliary: number;
  /** Where secondary and auxiliary fields share one row: at most this many together. */
  shared: number | null;
}

/** How many fields Wallet shows on the front; it leaves out the rest without a word (Apple, PassFields). */
const limits: Record<PassStyle, FrontLimits> = {
  boardingPass: { header: 3, primary: 2, secondary: 4, auxiliary: 5, shared: null },
  coupon: { header: 3, primary: 1, secondary: 4, auxiliary: 4, shared: 4 },
  eventTicket: { header: 3, primary: 1, secondary: 4, auxiliary: 4, shared: null },
  generic: { header: 3, primary: 1, secondary: 4, auxiliary: 4, shared: null },
  storeCard: { header: 3, primary: 1, secondary: 4, auxiliary: 4, shared: 4 },
};

/** A square code leaves a generic pass room for one row only. */
const squareFormats = new Set<BarcodeFormat>(["qr", "aztec", "dataMatrix"]);

export function frontLimits({ style, barcode }: Front): FrontLimits {
  const square = barcode != null && squareFormats.has(barcode.format);
  return style === "generic" && square ? { ...limits.generic, shared: 4 } : limits[style];
}

/** The groups of fields that share a limit. */
function frontGroups(front: Front): { name: string; atMost: number; holds: (field: FrontField) => boolean }[] {
  const { header, primary, secondary, auxiliary, shared } = frontLimits(front);
  const at = (position: FieldPosition) => (field: FrontField) => field.position === position;
  const groups = [
    { name: "header", atMost: header, holds: at("header") },
    { name: "primary", atMost: primary, holds: at("primary") },
  ];
  if (shared !== null) {
    const holds = (field: FrontField) => field.position === "secondary" || field.position === "auxiliary";
    return [...groups, { name: "secondary and auxiliary", atMost: shared, holds }];
  }
  const inRow = (row: 0 | 1) => (field: FrontField) =>
    field.position === "auxiliary" && (front.style !== "eventTicket" || (field.row ?? 0) === row);
  return [
    ...groups,
    { name: "secondary", atMost: secondary, holds: at("secondary") },
    { name: "auxiliary", atMost: auxiliary, holds: inRow(0) },
    ...(front.style === "eventTicket" ? [{ name: "second-row auxiliary", atMost: auxiliary, holds: inRow(1) }] : []),
  ];
}

/** One warning per group that holds more fields than are shown. */
export function overflowWarnings(pass: Front & { fields: FrontField[] }): Warning[] {
  return frontGroups(pass).flatMap(({ name, atMost, holds }) => {
    const inGroup = pass.fields.filter(holds);
    const first = inGroup[atMost];
    if (!first) return [];
    const hidden = inGroup.slice(atMost).map((field) => field.key);
    const detail = `a ${pass.style} shows at most ${atMost} ${name} fields; not shown: ${hidden.join(", ")}`;
    return [{ code: "too_many_fields", pointer: `#/fields/${pass.fields.indexOf(first)}`, detail }];
  });
}
