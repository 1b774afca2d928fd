/** How the rows of a file lie (EXIF 2.32, tag 0x0112): 1 is upright, even ones are mirrored, 5 to 8 turned by a quarter. */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

const orientationTag = 0x0112;
const shortType = 3;
/** Bytes of an entry of a TIFF directory. */
const entryLength = 12;

/** The orientation that an EXIF block (TIFF 6.0) names; upright if it is broken or names none. */
export function readOrientation(tiff: Uint8Array): Orientation {
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength);
  if (tiff.length < 8) return 1;
  const order = view.getUint16(0);
  if (order !== 0x4949 && order !== 0x4d4d) return 1;
  const little = order === 0x4949;
  const directory = view.getUint32(4, little);
  if (directory + 2 > tiff.length) return 1;
  const count = view.getUint16(directory, little);
  for (let index = 0; index < count; index += 1) {
    const at = directory + 2 + index * entryLength;
    if (at + entryLength > tiff.length) return 1;
    if (view.getUint16(at, little) !== orientationTag || view.getUint16(at + 2, little) !== shortType) continue;
    const value = view.getUint16(at + 8, little);
    return value >= 1 && value <= 8 ? (value as Orientation) : 1;
  }
  return 1;
}

/** Whether width and height of the upright picture are those of the file the other way round. */
export const isTurned = (orientation: Orientation): boolean => orientation >= 5;

/** What makes it upright: first a turn clockwise, then the order of the rows reversed. */
export const uprighting: Record<Orientation, { rotate: 0 | 90 | 180 | 270; flip: boolean }> = {
  1: { rotate: 0, flip: false },
  2: { rotate: 180, flip: true },
  3: { rotate: 180, flip: false },
  4: { rotate: 0, flip: true },
  5: { rotate: 270, flip: true },
  6: { rotate: 90, flip: false },
  7: { rotate: 90, flip: true },
  8: { rotate: 270, flip: false },
};
