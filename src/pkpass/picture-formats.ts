/** What people send instead of a picture that can be taken, by how it begins, so that the refusal can name it. */
const formats: [name: string, pattern: RegExp][] = [
  ["a WebP file", /^RIFF....WEBP/s],
  ["a GIF file", /^GIF8/],
  ["an AVIF file", /^....ftypavi[fs]/s],
  ["a HEIC file", /^....ftyp(hei[cxms]|hev[cxms]|mif1|msf1)/s],
  ["a TIFF file", /^(II\*\0|MM\0\*)/],
  ["a BMP file", /^BM/],
  ["an icon file (ICO)", /^\0\0[\x01\x02]\0/],
  ["a PDF file", /^%PDF/],
  ["a PostScript file", /^%!PS/],
  ["a Photoshop file", /^8BPS/],
  ["a JPEG XL file", /^(\xff\x0a|\0\0\0\x0cJXL )/],
  ["a JPEG 2000 file", /^(\xff\x4f\xff\x51|\0\0\0\x0cjP {2})/],
  ["a zip file", /^PK\x03\x04/],
  ["a web page, so the address leads to a page and not to a picture", /^\s*<(!doctype html|html|head|body)/i],
  ["a compressed SVG", /^\x1f\u2039/],
  ["a JPEG that is cut off", /^\xff\xd8/],
  ["a PNG whose beginning is broken", /^.?PNG/s],
  ["empty", /^$/],
];

/** Completes "the image is …". */
export function unsupportedFormat(file: Uint8Array): string {
  // "Latin-1" is Windows-1252 to a decoder, so 8B comes out as U+2039.
  const start = new TextDecoder("latin1").decode(file.subarray(0, 64));
  return formats.find(([, pattern]) => pattern.test(start))?.[0] ?? "in no format that is known here";
}
