import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";

/**
 * Writes test/support/pictures.ts: small files as tools make them. Run it by `npm exec -- node
 * test/support/make-pictures.mjs` when a picture is added; the tests run in workerd, which has no sharp.
 */
const require = createRequire(createRequire(import.meta.url).resolve("miniflare/package.json"));
const sharp = require("sharp");

const [width, height] = [48, 32];
/** Corners of the upright picture: red, green, blue, yellow, in the order top left, top right, bottom left, bottom right. */
const corners = [
  [255, 0, 0],
  [0, 255, 0],
  [0, 0, 255],
  [255, 255, 0],
];
const cornerAt = (x, y, w, h) => corners[(x >= w / 2 ? 1 : 0) + (y >= h / 2 ? 2 : 0)];

/** Where a pixel of the file with this orientation stands in the upright picture (EXIF 2.32, figure of tag 0x0112). */
const upright = {
  1: (x, y) => [x, y],
  2: (x, y) => [width - 1 - x, y],
  3: (x, y) => [width - 1 - x, height - 1 - y],
  4: (x, y) => [x, height - 1 - y],
  5: (x, y) => [y, x],
  6: (x, y) => [width - 1 - y, x],
  7: (x, y) => [width - 1 - y, height - 1 - x],
  8: (x, y) => [y, height - 1 - x],
};

function raw(orientation) {
  const [w, h] = orientation >= 5 ? [height, width] : [width, height];
  const pixels = Buffer.alloc(w * h * 3);
  for (let y = 0; y < h; y += 1) {
    for (let x = 0; x < w; x += 1) pixels.set(cornerAt(...upright[orientation](x, y), width, height), (y * w + x) * 3);
  }
  return sharp(pixels, { raw: { width: w, height: h, channels: 3 } });
}

const jpegOptions = { quality: 90, chromaSubsampling: "4:4:4" };
const orientations = {};
for (const orientation of [1, 2, 3, 4, 5, 6, 7, 8]) {
  orientations[orientation] = await raw(orientation).jpeg(jpegOptions).withMetadata({ orientation }).toBuffer();
}

const plain = (background, channels = 3) => sharp({ create: { width: 16, height: 16, channels, background } });
const orange = { r: 240, g: 120, b: 30 };
const withExif = { IFD0: { Make: "Example Camera", Artist: "Zoe Example" }, IFD3: { GPSLatitudeRef: "N" } };

const pictures = {
  ...Object.fromEntries(Object.entries(orientations).map(([name, file]) => [`jpegOrientation${name}`, file])),
  jpegBaseline: await plain(orange).jpeg(jpegOptions).toBuffer(),
  jpegProgressive: await raw(1)
    .jpeg({ ...jpegOptions, progressive: true })
    .toBuffer(),
  jpegGrey: await plain(orange).greyscale().jpeg().toBuffer(),
  jpegCmyk: await plain(orange).toColourspace("cmyk").jpeg().toBuffer(),
  jpegDisplayP3: await plain(orange).withIccProfile("p3").jpeg(jpegOptions).toBuffer(),
  jpegWithExif: await plain(orange).withExif(withExif).jpeg(jpegOptions).toBuffer(),
  pngPalette: await raw(1).png({ palette: true }).toBuffer(),
  pngInterlaced: await raw(1).png({ progressive: true }).toBuffer(),
  pngSixteenBits: await raw(1).toColourspace("rgb16").png().toBuffer(),
  pngGrey: await plain(orange).greyscale().png().toBuffer(),
  pngAlpha: await plain({ ...orange, alpha: 0.5 }, 4)
    .png()
    .toBuffer(),
  pngDisplayP3: await plain(orange).withIccProfile("p3").png().toBuffer(),
  pngOrientation6: await raw(6).png().withMetadata({ orientation: 6 }).toBuffer(),
  pngOrientation7: await raw(7).png().withMetadata({ orientation: 7 }).toBuffer(),
  webp: await plain(orange).webp().toBuffer(),
  gif: await plain(orange).gif().toBuffer(),
  avif: await plain(orange).avif().toBuffer(),
  tiff: await plain(orange).tiff({ compression: "deflate" }).toBuffer(),
};

const lines = Object.entries(pictures).map(([name, file]) => `  ${name}:\n    "${file.toString("base64")}",`);
writeFileSync(
  new URL("pictures.ts", import.meta.url),
  `/** Pictures as tools make them, in base64; written by make-pictures.mjs (sharp ${sharp.versions.sharp}). */
export const pictures = {
${lines.join("\n")}
};

export type PictureName = keyof typeof pictures;

export const pictureBytes = (name: PictureName): Uint8Array =>
  Uint8Array.from(atob(pictures[name]), (character) => character.charCodeAt(0));
`,
);
for (const [name, file] of Object.entries(pictures)) console.log(name, file.length);
