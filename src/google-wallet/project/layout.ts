import type { FieldPlace, ResolvedPass } from "../../pass-model/resolved-pass";
import type { FieldPosition } from "../../pass-model/vocabulary";
import type { GoogleTypes } from "../fields/types";

/** Where the fields of a design stand on a card of Google's. Each stands in one place. */
export interface CardLayout {
  /** At most three rows of at most three. */
  rows: FieldPlace[][];
  details: FieldPlace[];
  /** Those of `details` that had no room on the front. */
  overflow: FieldPlace[];
}

const frontPositions: readonly FieldPosition[] = ["header", "primary", "secondary", "auxiliary"];
const rowsMax = 3;
const itemsMax = 3;

/** `shown` are the fields that the head of the card shows by itself. */
export function cardLayout(layout: FieldPlace[], shown: ReadonlySet<string>): CardLayout {
  const placed = layout.filter(({ key }) => !shown.has(key));
  const groups = frontPositions.map((position) => placed.filter((place) => place.position === position));
  const front = groups.flat();
  // Rows follow the design's areas if there is room for that.
  const byArea = groups.flatMap(chunked);
  const rows = byArea.length <= rowsMax ? byArea : chunked(front).slice(0, rowsMax);
  const overflow = front.slice(rows.flat().length);
  const rest = placed.filter(({ position }) => !frontPositions.includes(position));
  return { rows, overflow, details: [...overflow, ...rest] };
}

function chunked(places: FieldPlace[]): FieldPlace[][] {
  const chunks: FieldPlace[][] = [];
  for (let at = 0; at < places.length; at += itemsMax) chunks.push(places.slice(at, at + itemsMax));
  return chunks;
}

const linkTypes: ReadonlySet<string> = new Set(["url", "email", "phone"]);

/** Fields that are buttons at Google, not texts. */
export const isLink = ({ position, type }: Pick<FieldPlace, "position" | "type">): boolean =>
  linkTypes.has(type) && !frontPositions.includes(position);

export const photoId = "photo";

type Item = GoogleTypes["TemplateItem"];

const item = (...fieldPaths: string[]): Item => ({
  firstValue: { fields: fieldPaths.map((fieldPath) => ({ fieldPath })) },
});

const itemOf = ({ key, ...place }: FieldPlace): Item =>
  item(isLink(place) ? `object.linksModuleData.uris['${key}']` : `object.textModulesData['${key}']`);

export function classTemplateInfo(
  { rows, details }: CardLayout,
  layoutKeys: ResolvedPass["layout"],
): GoogleTypes["ClassTemplateInfo"] | null {
  // Without fields Google's own layout shows what there is.
  if (layoutKeys.length === 0) return null;
  const photo = { item: item(`object.imageModulesData['${photoId}']`) };
  return {
    ...(rows.length > 0 && { cardTemplateOverride: { cardRowTemplateInfos: rows.map(rowOf) } }),
    detailsTemplateOverride: { detailsItemInfos: [...details.map((place) => ({ item: itemOf(place) })), photo] },
  };
}

function rowOf(places: FieldPlace[]): GoogleTypes["CardRowTemplateInfo"] {
  const [startItem, second, third] = places.map(itemOf) as [Item, Item?, Item?];
  if (second && third) return { threeItems: { startItem, middleItem: second, endItem: third } };
  return second ? { twoItems: { startItem, endItem: second } } : { oneItem: { item: startItem } };
}
