import { encodePng } from "../scripts/seed/png.mjs";

/** Some 90 KB of PNG, as a pass has: icon and logo at three densities, with grain so that they stay large. */
export function makeImages() {
  const files = {};
  for (const [slot, width, height] of [
    ["icon", 38, 38],
    ["logo", 152, 48],
  ]) {
    for (const scale of [1, 2, 3]) {
      files[scale === 1 ? `${slot}.png` : `${slot}@${scale}x.png`] = picture(width * scale, height * scale);
    }
  }
  return files;
}

function picture(width, height) {
  const pixels = new Uint8Array(width * height * 4);
  let state = width * height;
  for (let at = 0; at < pixels.length; at += 1) {
    // A small generator of our own: the same pictures in every run.
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    pixels[at] = at % 4 === 3 ? 255 : 120 + ((at / 4 / width) & 63) + ((state >>> 24) & 1);
  }
  return encodePng({ width, height, pixels });
}
