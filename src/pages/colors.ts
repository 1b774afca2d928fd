import type { ResolvedPass } from "../pass-model/resolved-pass";

/** Always `#rrggbb`, so that it may stand in a style attribute. */
export interface PreviewColors {
  background: string;
  foreground: string;
  label: string;
}

const white = "#ffffff";
const nearBlack = "#1c1c1e";

/** Missing colours are chosen as Wallet does: a white card, readable text, labels a little quieter. */
export function previewColors(colors: ResolvedPass["colors"]): PreviewColors {
  const background = hexColor(colors.background) ?? white;
  const foreground = hexColor(colors.foreground) ?? readableOn(background);
  const label = hexColor(colors.label) ?? mix(foreground, background, 0.28);
  return { background, foreground, label };
}

function hexColor(color: string | null): string | null {
  return color !== null && /^#[0-9a-f]{6}$/i.test(color) ? color.toLowerCase() : null;
}

/** The one of white and near-black with the higher contrast by WCAG 2.2. */
function readableOn(background: string): string {
  return contrast(background, white) >= contrast(background, nearBlack) ? white : nearBlack;
}

export function contrast(one: string, other: string): number {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = channels(color).map((channel) => {
    const part = channel / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** `share` of the way from one colour to the other. */
function mix(from: string, to: string, share: number): string {
  const target = channels(to);
  const mixed = channels(from).map((channel, at) => channel + ((target[at] ?? channel) - channel) * share);
  return `#${mixed.map((channel) => Math.round(channel).toString(16).padStart(2, "0")).join("")}`;
}

const channels = (color: string) => [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16));
