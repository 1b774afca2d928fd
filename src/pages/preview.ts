import type { ResolvedBarcode, ResolvedImage, ResolvedPass, Warning } from "../pass-model/resolved-pass";
import { stringTable, translate as translateWith } from "../pass-model/translations";
import type { BarcodeFormat, ImageSlot, PassStyle, TransitType } from "../pass-model/vocabulary";
import { barcodeShapes, barcodeSvg } from "./barcode";
import { type PreviewColors, previewColors } from "./colors";
import { type PreviewAreas, projectFields } from "./preview-fields";

/** Everything that a drawn pass shows, formatted and cut to size. The components only lay it out. */
export interface PassPreview extends PreviewAreas {
  style: PassStyle;
  transitType: TransitType | null;
  organizationName: string;
  description: string;
  logoText: string | null;
  /** BCP 47 tag of the texts. */
  language: string;
  colors: PreviewColors;
  images: PreviewImages;
  barcode: PreviewBarcode | null;
  state: "active" | "expired" | "voided";
}

export type PreviewImages = Partial<Record<ImageSlot, PreviewImage>>;

export interface PreviewImage {
  url: string;
  /** Points, that is the size at density `1x`. */
  width: number;
  height: number;
}

export interface PreviewBarcode {
  format: BarcodeFormat;
  shape: "square" | "wide";
  /** Null if the message cannot be encoded in this format. */
  svg: string | null;
  altText: string | null;
}

export interface PreviewOptions {
  /** Milliseconds since 1970. */
  now: number;
  imageUrl: (image: ResolvedImage) => string;
  /** BCP 47 tag of the reader; without it the pass speaks its own language. */
  language?: string;
}

/** Projects a pass onto a page: what Wallet would draw of it, and a warning for what it would not. */
export function projectPreview(
  pass: ResolvedPass,
  options: PreviewOptions,
): { output: PassPreview; warnings: Warning[] } {
  const language = options.language ?? pass.locale;
  const table = stringTable(pass.localizations, language);
  const translate = (text: string) => translateWith(table, text);
  const { barcode, warnings: barcodeWarnings } = projectBarcode(pass.barcode, translate);
  const { areas, warnings } = projectFields(pass, {
    locale: language,
    now: options.now,
    translate,
  });
  const output: PassPreview = {
    ...areas,
    style: pass.style,
    transitType: pass.transitType,
    organizationName: translate(pass.organizationName),
    description: translate(pass.description),
    logoText: pass.logoText === null ? null : translate(pass.logoText),
    language,
    colors: previewColors(pass.colors),
    images: projectImages(pass, options.imageUrl),
    barcode,
    state: stateOf(pass, options.now),
  };
  return { output, warnings: [...warnings, ...barcodeWarnings] };
}

/** Which images Wallet draws on which style (Apple, "Pass Design and Creation"). */
const slots: Record<PassStyle, readonly ImageSlot[]> = {
  boardingPass: ["icon", "logo", "footer"],
  coupon: ["icon", "logo", "strip"],
  eventTicket: ["icon", "logo", "strip", "background", "thumbnail"],
  generic: ["icon", "logo", "thumbnail"],
  storeCard: ["icon", "logo", "strip"],
};

const densities = [
  ["3x", 3],
  ["2x", 2],
  ["1x", 1],
] as const;

function projectImages({ style, images }: ResolvedPass, imageUrl: PreviewOptions["imageUrl"]): PreviewImages {
  const projected: PreviewImages = {};
  for (const slot of slots[style]) {
    for (const [density, scale] of densities) {
      const image = images[slot]?.[density];
      if (image === undefined) continue;
      projected[slot] = {
        url: imageUrl(image),
        width: image.width / scale,
        height: image.height / scale,
      };
      break;
    }
  }
  // A strip takes the place of the background and the thumbnail; Wallet never shows all three.
  if (projected.strip === undefined) return projected;
  const { background: _background, thumbnail: _thumbnail, ...withStrip } = projected;
  return withStrip;
}

function projectBarcode(barcode: ResolvedBarcode | null, translate: (text: string) => string) {
  if (barcode === null) return { barcode: null, warnings: [] };
  const svg = barcodeSvg(barcode);
  const projected: PreviewBarcode = {
    format: barcode.format,
    shape: barcodeShapes[barcode.format],
    svg,
    altText: barcode.altText === null ? null : translate(barcode.altText),
  };
  const warning: Warning = {
    code: "barcode_not_encodable",
    pointer: "#/barcode/message",
    detail: `The message cannot be encoded as ${barcode.format} in ${barcode.encoding}; the preview shows no code.`,
  };
  return { barcode: projected, warnings: svg === null ? [warning] : [] };
}

function stateOf({ voided, expiresAt }: ResolvedPass, now: number): PassPreview["state"] {
  if (voided) return "voided";
  return expiresAt !== null && Date.parse(expiresAt) <= now ? "expired" : "active";
}
