import { corrupt, fault, imagePixelsMax, type PictureFault } from "./picture-limits";
import { usesFault } from "./svg-uses";
import { readXml, type XmlAttribute, type XmlElement, type XmlText } from "./xml";

/** SVG: read, never drawn here. Only what stands in the file itself may be in the picture. */

export interface Svg {
  /** Pixels that it is drawn with. */
  width: number;
  height: number;
  /** The file with these as its size. */
  source: Uint8Array;
}

const bytesMax = 1_000_000;
/** Pixels of the longer side when it is drawn: more than any wallet shows. */
const drawnPixels = 2048;
const namespace = "http://www.w3.org/2000/svg";

/** Elements that run, or bring another document in. */
const refusedElements = new Set([
  "script",
  "handler",
  "listener",
  "foreignobject",
  "iframe",
  "object",
  "embed",
  "audio",
  "video",
]);

/** `start` is read as Latin-1, in which a byte order mark looks odd. */
export const looksLikeSvg = (start: string): boolean =>
  /^(ï»¿)?\s*<((\w+:)?svg[\s>/]|\?xml[\s-]|!--|!doctype\s+svg)/i.test(start);

export function readSvg(file: Uint8Array): { ok: true; svg: Svg } | PictureFault {
  if (file.length > bytesMax) return fault("image_too_large", `an SVG may have at most ${bytesMax} bytes`);
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(file);
  } catch {
    return corrupt("the SVG is not UTF-8");
  }
  const encoding = /^<\?xml[^>]*\sencoding\s*=\s*["']([^"']*)/.exec(text)?.[1] ?? "utf-8";
  if (!/^(utf-8|us-ascii)$/i.test(encoding)) return corrupt("the SVG must be UTF-8, and says that it is not");
  const read = readXml(text);
  if (!read.ok) return read;
  const { nodes } = read;
  const root = nodes[0];
  if (root?.kind !== "element" || localName(root.name) !== "svg" || !declaresSvg(root)) {
    return fault("unsupported_image", `the XML is no SVG: its root must be <svg xmlns="${namespace}">`);
  }
  const complaint = nodes.map((node) => (node.kind === "element" ? elementComplaint(node) : null)).find(Boolean);
  // Together, for a comment in the middle of a word would hide it from a look at each.
  const styles = nodes.map((node) => (node.kind === "text" && isStyle(node) ? node.value : "")).join("");
  const refused = complaint ?? styleComplaint(styles);
  if (refused) return fault("svg_not_allowed", `an SVG may not ${refused}`);
  const elements = nodes.filter((node) => node.kind === "element");
  return usesFault(elements) ?? effectsFault(elements, text) ?? sized(text, root);
}

const effectsMax = 50;
const octavesMax = 10;

/** A filter effect is worked out for each pixel, so some hundred of them keep a renderer busy for minutes. */
function effectsFault(elements: XmlElement[], text: string): PictureFault | null {
  const effects = elements.filter(({ name }) => localName(name).startsWith("fe"));
  const octaves = effects.flatMap(({ attributes }) => attributes.filter(({ name }) => name === "numOctaves"));
  const uses = text.match(/\bfilter\s*[:=]/gi)?.length ?? 0;
  if (effects.length * Math.max(uses, 1) <= effectsMax && octaves.every(({ value }) => Number(value) <= octavesMax)) {
    return null;
  }
  return fault("image_too_complex", `an SVG may apply at most ${effectsMax} filter effects, of ${octavesMax} octaves`);
}

const localName = (name: string): string => name.slice(name.indexOf(":") + 1).toLowerCase();

function declaresSvg({ name, attributes }: XmlElement): boolean {
  const prefix = name.includes(":") ? `xmlns:${name.slice(0, name.indexOf(":"))}` : "xmlns";
  return attributes.some((attribute) => attribute.name === prefix && attribute.value === namespace);
}

const isStyle = ({ parent }: XmlText): boolean => localName(parent) === "style";

function elementComplaint({ name, attributes }: XmlElement): string | null {
  if (refusedElements.has(localName(name))) return `have a <${name.slice(0, 40)}>`;
  for (const attribute of attributes) {
    const complaint = attributeComplaint(attribute);
    if (complaint) return complaint;
  }
  return null;
}

function attributeComplaint({ name, value }: XmlAttribute): string | null {
  if (/^on/i.test(localName(name))) return `have event handlers (${name.slice(0, 40)})`;
  if (name === "xml:base") return "have an xml:base";
  if (["href", "src"].includes(localName(name)) && !isInside(value)) return outside;
  return name === "style" ? styleComplaint(value) : outsideUrl(value);
}

const outside = "refer to what is outside of the file";

/** Only what stands in the file: a part of it, or a picture as data. */
const isInside = (reference: string): boolean => /^\s*(#|data:image\/(png|jpe?g)[;,]|$)/i.test(reference);

/** Every way in which a style can name something outside of the file. */
function styleComplaint(style: string): string | null {
  if (/@import/i.test(unescaped(style))) return "import styles";
  if (/\b(image|image-set|src)\s*\(/i.test(unescaped(style))) return "load images from its styles";
  return outsideUrl(style);
}

function outsideUrl(value: string): string | null {
  for (const [, reference] of unescaped(value).matchAll(/url\s*\(\s*["']?([^"')]*)/gi)) {
    if (!isInside(reference!)) return outside;
  }
  return null;
}

/** CSS can write any letter as an escape (CSS Syntax 3, 4.3.7). */
const unescaped = (style: string): string =>
  style
    .replace(/\\([0-9a-f]{1,6})\s?/gi, (_, hex: string) => {
      const code = parseInt(hex, 16);
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : "\uFFFD";
    })
    .replaceAll("\\", "");

/** Pixels of CSS per unit. */
const units: Record<string, number> = { "": 1, px: 1, pt: 4 / 3, pc: 16, in: 96, cm: 96 / 2.54, mm: 96 / 25.4 };

function lengthOf(text: string | undefined): number | null {
  const [, number, unit] = /^\s*\+?(\d*\.?\d+(?:e[+-]?\d+)?)\s*([a-z]*)\s*$/i.exec(text ?? "") ?? [];
  const scale = number === undefined ? undefined : units[unit!.toLowerCase()];
  const pixels = scale === undefined ? 0 : Number(number) * scale;
  return pixels > 0 && Number.isFinite(pixels) ? pixels : null;
}

function sized(text: string, root: XmlElement): { ok: true; svg: Svg } | PictureFault {
  const named = (name: string) => root.attributes.find((attribute) => attribute.name === name)?.value;
  const box = (named("viewBox") ?? "")
    .trim()
    .split(/[\s,]+/)
    .map(Number);
  const hasBox = box.length === 4 && box.every(Number.isFinite) && box[2]! > 0 && box[3]! > 0;
  const [boxWidth, boxHeight] = hasBox ? [box[2]!, box[3]!] : [0, 0];
  const [ownWidth, ownHeight] = [lengthOf(named("width")), lengthOf(named("height"))];
  const width = ownWidth ?? (ownHeight === null ? boxWidth : (ownHeight * boxWidth) / boxHeight);
  const height = ownHeight ?? (ownWidth === null ? boxHeight : (ownWidth * boxHeight) / boxWidth);
  if (!(width > 0 && height > 0))
    return fault("svg_without_size", "the SVG has neither width and height nor a viewBox");
  const factor = drawnPixels / Math.max(width, height);
  const side = (length: number) => Math.min(imagePixelsMax, Math.max(1, Math.round(length * factor)));
  const size = { width: side(width), height: side(height) };
  return { ok: true, svg: { ...size, source: resized(text, root, size, hasBox ? null : `0 0 ${width} ${height}`) } };
}

/** The same file with another size on its root: a vector drawn at the right size needs no enlarging. */
function resized(text: string, root: XmlElement, size: { width: number; height: number }, box: string | null) {
  const own = root.attributes.filter(({ name }) => name !== "width" && name !== "height");
  const added = { width: String(size.width), height: String(size.height), ...(box !== null && { viewBox: box }) };
  const all = [
    ...own.filter(({ name }) => !(name in added)),
    ...Object.entries(added).map(([name, value]) => ({ name, value })),
  ];
  const attributes = all.map(({ name, value }) => ` ${name}="${escaped(value)}"`).join("");
  return new TextEncoder().encode(`<${root.name}${attributes}${root.closed ? "/" : ""}>${text.slice(root.end)}`);
}

const escaped = (value: string): string => value.replace(/[&<"]/g, (character) => `&#${character.charCodeAt(0)};`);
