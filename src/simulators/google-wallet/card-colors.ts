import { contrast } from "../../pages/colors";

/** Always `#rrggbb`, so that it may stand in a style attribute. */
export interface CardColors {
  background: string;
  foreground: string;
}

// Google takes the main colour of hero or logo where none is set; we read no pixels, so the card stays plain.
const plain = "#eef1f6";
const white = "#ffffff";
const nearBlack = "#1f1f1f";
const black = "#000000";

// WCAG 2.2, 1.4.3: text of any size.
const contrastMin = 4.5;

/** Google sets the text's colour by the background: the lightest or the darkest that can be read well on it. */
export function cardColors(hexBackgroundColor: string | null): CardColors {
  const background = fullHex(hexBackgroundColor) ?? plain;
  const foreground = [white, nearBlack, black].find((color) => contrast(background, color) >= contrastMin) ?? black;
  return { background, foreground };
}

function fullHex(color: string | null): string | null {
  if (color === null) return null;
  if (/^#[0-9a-f]{6}$/i.test(color)) return color.toLowerCase();
  const short = /^#([0-9a-f])([0-9a-f])([0-9a-f])$/i.exec(color);
  return short === null
    ? null
    : `#${short
        .slice(1)
        .map((digit) => digit + digit)
        .join("")}`.toLowerCase();
}
