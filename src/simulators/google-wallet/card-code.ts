import { isObject } from "../../pass-model/json";
import type { Json, JsonObject } from "../../pass-model/resolved-pass";
import { type BarcodeFormat, barcodeFormats } from "../../pass-model/vocabulary";
import { barcodeShapes, barcodeSvg } from "../../pages/barcode";
import { rotatingNow } from "./card-rotation";
import { type CardItem, selectorItem, type Sight } from "./card-template";
import { memberOf, shownValue, stringOf } from "./card-values";

export interface CardCode {
  format: BarcodeFormat | "text";
  shape: "square" | "wide";
  /** Null if the format cannot hold this message. */
  svg: string | null;
  /** What stands below the code. */
  text: string | null;
  /** How long a rotating code lives; null if it stays. */
  periodSeconds: number | null;
  above: CardItem[];
  below: CardItem[];
}

/** Google's names differ from ours in case and underscores only, save one; the deprecated ones in nothing more. */
function formatOf(type: Json | undefined): CardCode["format"] | null {
  const plain = stringOf(type).replaceAll("_", "").toLowerCase();
  if (plain === "qrcode") return "qr";
  if (plain === "textonly") return "text";
  return barcodeFormats.find((format) => format.toLowerCase() === plain) ?? null;
}

/** The code on the card: the rotating one if it has a value now, else the one that stays. */
export async function cardCode(sight: Sight, now: number): Promise<CardCode | null> {
  const { object } = sight.card;
  const rotating = isObject(object["rotatingBarcode"]) ? object["rotatingBarcode"] : null;
  const current = rotating === null ? null : await rotatingNow(rotating, now);
  const barcode = current === null ? object["barcode"] : rotating;
  if (!isObject(barcode)) return null;
  const format = formatOf(barcode["type"]);
  // A loyalty card's number stands in for a missing value.
  const message = current?.value ?? barcode["value"] ?? object["accountId"];
  if (format === null || typeof message !== "string") return null;
  return {
    format,
    shape: format === "text" ? "wide" : barcodeShapes[format],
    svg:
      format === "text" ? null : barcodeSvg({ format, message, altText: null, encoding: encodingOf(barcode, message) }),
    text: shownValue(barcode["alternateText"], { language: sight.language }) ?? (format === "text" ? message : null),
    periodSeconds: current === null ? null : current.periodMs / 1000,
    ...around(sight),
  };
}

const encodingOf = ({ renderEncoding }: JsonObject, message: string) =>
  renderEncoding === "UTF_8" || /[^\u0000-\u00ff]/.test(message) ? "utf-8" : "iso-8859-1";

function around(sight: Sight): Pick<CardCode, "above" | "below"> {
  const details = memberOf(sight.card.class["classTemplateInfo"], "cardBarcodeSectionDetails");
  const items = (names: string[]) =>
    names
      .map((name) => selectorItem(sight, memberOf(memberOf(details, name), "fieldSelector")))
      .filter((item) => item !== null);
  return { above: items(["firstTopDetail", "secondTopDetail"]), below: items(["firstBottomDetail"]) };
}
