import { imageDensities, type ImageDensity, type ImageSlot } from "../pass-model/vocabulary";

/** The name of a picture in a pass: `logo.png`, `logo@2x.png`. */
export function imageFileName(slot: ImageSlot, density: ImageDensity): string {
  return density === "1x" ? `${slot}.png` : `${slot}@${density}.png`;
}

/** The pictures of one slot as files of a pass. */
export function slotFiles(
  slot: ImageSlot,
  pictures: Partial<Record<ImageDensity, Uint8Array>>,
): Record<string, Uint8Array> {
  const files: Record<string, Uint8Array> = {};
  const given = imageDensities.filter((density) => pictures[density]);
  for (const density of given) files[imageFileName(slot, density)] = pictures[density]!;
  // Wallet opens no pass without icon.png; one that came at other densities only stands in for it.
  if (slot === "icon" && given[0]) files[imageFileName(slot, "1x")] ??= pictures[given[0]]!;
  return files;
}
