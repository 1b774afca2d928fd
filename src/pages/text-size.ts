/**
 * The largest font size in pixels, within bounds, at which a text fits one line of the given width. Wallet
 * shrinks text the same way; a page without scripts has to estimate the width from the characters.
 */
export function fittingSize(text: string, room: { width: number; largest: number; smallest: number }): number {
  const size = Math.floor(room.width / Math.max(1, estimatedEms(text)));
  return Math.min(room.largest, Math.max(room.smallest, size));
}

/** Average advance widths of a system sans-serif, in em. */
const advances: readonly [RegExp, number][] = [
  [/\p{M}|[\u200b-\u200f]/u, 0],
  [/[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60]|\p{Extended_Pictographic}/u, 1.1],
  [/[il.,:;'’|!\sjtfrI()[\]-]/, 0.32],
  [/[mwMW@%]/, 0.88],
  [/\p{Lu}/u, 0.68],
];

export function estimatedEms(text: string): number {
  let ems = 0;
  for (const character of text) {
    ems += advances.find(([pattern]) => pattern.test(character))?.[1] ?? 0.55;
  }
  return ems;
}
