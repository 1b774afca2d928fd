import {
  azteccode,
  code128,
  code39,
  datamatrix,
  drawingSVG,
  ean13,
  ean8,
  itf14,
  pdf417,
  rationalizedCodabar,
  type RenderOptions,
  upca,
} from "bwip-js/generic";
import { renderSVG } from "uqr";
import type { ResolvedBarcode } from "../pass-model/resolved-pass";
import type { BarcodeFormat } from "../pass-model/vocabulary";

/**
 * The barcode as a standalone SVG document, black on white, with the quiet zone its standard asks for.
 * Null if the message cannot be encoded: a character the format or the declared encoding does not have, a
 * wrong length or check digit, too much data.
 */
export function barcodeSvg(barcode: ResolvedBarcode): string | null {
  const bytes = encodeMessage(barcode.message, barcode.encoding);
  if (bytes === null || bytes.length === 0) return null;
  try {
    return drawings[barcode.format](bytes);
  } catch {
    return null;
  }
}

/** Square codes are drawn on a square plate, the others on a wide one. */
export const barcodeShapes: Record<BarcodeFormat, "square" | "wide"> = {
  qr: "square",
  aztec: "square",
  dataMatrix: "square",
  pdf417: "wide",
  code128: "wide",
  code39: "wide",
  codabar: "wide",
  ean13: "wide",
  itf14: "wide",
  ean8: "wide",
  upcA: "wide",
};

type Drawing = (bytes: Uint8Array) => string;

const drawings: Record<BarcodeFormat, Drawing> = {
  qr: drawQr,
  aztec: matrix(azteccode, { padding: 2 }),
  dataMatrix: matrix(datamatrix, { padding: 2 }),
  pdf417: drawPdf417,
  code128: linear(code128, 10),
  code39: linear(code39, 10),
  codabar: (bytes) => linear(rationalizedCodabar, 10)(withCodabarGuards(bytes)),
  ean13: linear(ean13, 11),
  itf14: linear(itf14, 10),
  ean8: linear(ean8, 7),
  upcA: linear(upca, 9),
};

function drawQr(bytes: Uint8Array): string {
  // As text, ASCII gets the compact numeric and alphanumeric modes; bytes are taken as they are.
  const data = bytes.every((byte) => byte < 0x80) ? binaryString(bytes) : [...bytes];
  return renderSVG(data, { ecc: "M", border: 4, pixelSize: 1 }).replace("<svg ", '<svg shape-rendering="crispEdges" ');
}

/** Columns grow with the message, which keeps the symbol about three times as wide as high. */
function drawPdf417(bytes: Uint8Array): string {
  const columns = Math.min(20, Math.max(3, Math.round(Math.sqrt(bytes.length / 3.2))));
  return matrix(pdf417, { padding: 2, columns } as Partial<RenderOptions>)(bytes);
}

/** ZXing, and with it Android, reads A to D as guards and adds an A when the message brings none. */
function withCodabarGuards(bytes: Uint8Array): Uint8Array {
  const message = binaryString(bytes).toUpperCase();
  return latin1Bytes(/^[A-D].*[A-D]$/.test(message) ? message : `A${message}A`);
}

type Encoder = (options: RenderOptions, drawing: ReturnType<typeof drawingSVG>) => string;

function matrix(encoder: Encoder, options: Partial<RenderOptions>): Drawing {
  return (bytes) => render(encoder, bytes, options);
}

/** `quietModules` is the light margin left and right, in widths of the narrowest bar. */
function linear(encoder: Encoder, quietModules: number): Drawing {
  return (bytes) => render(encoder, bytes, { height: 14, paddingwidth: quietModules, paddingheight: 2 });
}

function render(encoder: Encoder, bytes: Uint8Array, options: Partial<RenderOptions>): string {
  const text = binaryString(bytes);
  // `bcid` is required by the type and ignored by a named encoder.
  const svg: unknown = encoder(
    { bcid: "", text, binarytext: true, scale: 2, backgroundcolor: "ffffff", ...options },
    drawingSVG(),
  );
  if (typeof svg !== "string") throw new TypeError("the encoder drew nothing");
  return svg.replace("<svg ", '<svg shape-rendering="crispEdges" ');
}

/**
 * The bytes that a scanner reads. Wallet encodes the message in `messageEncoding` and refuses what does not
 * fit; charsets that the platform cannot write are taken as UTF-8.
 */
function encodeMessage(message: string, encoding: string): Uint8Array | null {
  const highest = singleByteLimits[encoding.toLowerCase()];
  if (highest === undefined) return new TextEncoder().encode(message);
  return Array.from(message).every((character) => (character.codePointAt(0) ?? 0) <= highest)
    ? latin1Bytes(message)
    : null;
}

const singleByteLimits: Partial<Record<string, number>> = {
  "iso-8859-1": 0xff,
  latin1: 0xff,
  "us-ascii": 0x7f,
  ascii: 0x7f,
};

const latin1Bytes = (text: string) => Uint8Array.from(text, (character) => character.codePointAt(0) ?? 0);

const binaryString = (bytes: Uint8Array) => Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
