import { isObject } from "../../pass-model/json";
import type { Json } from "../../pass-model/resolved-pass";
import { follow, type Sight } from "./card-template";
import { memberOf, shownValue } from "./card-values";

export interface CardImage {
  url: string;
  /** What it shows, for who cannot see it; empty if the issuer did not say. */
  alt: string;
}

/** An image of the API, if a page can load it: private images and other schemes cannot be shown. */
export function imageOf({ language }: Sight, image: Json | undefined): CardImage | null {
  const url = memberOf(memberOf(image, "sourceUri"), "uri");
  if (!isObject(image) || typeof url !== "string" || !/^(https?:|data:image\/)/i.test(url)) return null;
  return { url, alt: shownValue(image["contentDescription"], { language }) ?? "" };
}

export function imageAt(sight: Sight, fieldPaths: string[]): CardImage | null {
  const images = fieldPaths.map((fieldPath) => imageOf(sight, follow(sight.card, fieldPath).value));
  return images.find((image) => image !== null) ?? null;
}
