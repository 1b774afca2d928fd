import type { ResolvedPass, Warning } from "../../pass-model/resolved-pass";
import type { BarcodeFormat } from "../../pass-model/vocabulary";
import type { GoogleTypes } from "../fields/types";
import { present } from "./present";
import type { Texts } from "./texts";

type BarcodeType = NonNullable<GoogleTypes["Barcode"]["type"]>;

/** Google draws every format that we know. */
const barcodeTypes: Record<BarcodeFormat, BarcodeType> = {
  qr: "QR_CODE",
  pdf417: "PDF_417",
  aztec: "AZTEC",
  code128: "CODE_128",
  code39: "CODE_39",
  codabar: "CODABAR",
  ean13: "EAN_13",
  itf14: "ITF_14",
  ean8: "EAN_8",
  upcA: "UPC_A",
  dataMatrix: "DATA_MATRIX",
};

/** `ownMembers` are those of `google.object`. */
export function barcodeOf(
  { barcode }: Pick<ResolvedPass, "barcode">,
  texts: Texts,
  ownMembers: object,
): { barcode: GoogleTypes["Barcode"] | null; warnings: Warning[] } {
  if (!barcode || "barcode" in ownMembers) return { barcode: null, warnings: [] };
  if ("rotatingBarcode" in ownMembers) {
    const detail =
      "a code that rotates takes the place of the static one, which would let copies in; to show both, write google.object.barcode";
    return { barcode: null, warnings: [{ code: "google_static_barcode_left_out", pointer: "#/barcode", detail }] };
  }
  const { format, message, altText, encoding } = barcode;
  const isUtf8 = encoding.toLowerCase() === "utf-8";
  const isAscii = /^[\0-\x7f]*$/.test(message);
  return {
    barcode: present({
      type: barcodeTypes[format],
      value: message,
      // Google knows no other encoding; left open, it takes what suits the message.
      renderEncoding: isUtf8 && !isAscii ? ("UTF_8" as const) : null,
      alternateText: altText === null ? null : texts.of(altText).plain,
    }),
    warnings: isUtf8 || isAscii ? [] : [encodingWarning(encoding)],
  };
}

function encodingWarning(encoding: string): Warning {
  const detail = `Google chooses how the letters of the message are encoded, which need not be ${encoding}; a message of ASCII letters reads the same everywhere`;
  return { code: "google_barcode_encoding", pointer: "#/barcode/message", detail };
}
