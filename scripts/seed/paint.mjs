/**
 * Paints: what a shape is filled with. A paint is `(x, y, out) => void` that writes red, green, blue
 * (0 to 255) and alpha (0 to 1) for a place in points. Gradients blend in OKLab, so the middle of two
 * lively colours is not grey (Björn Ottosson, "A perceptual color space for image processing").
 */

/** Colours in a gradient: enough that no band shows, few enough for small files. */
const steps = 128;

/** `#rrggbb` or `#rrggbbaa`. */
export function solid(hex) {
  const [red, green, blue, alpha] = parseHex(hex);
  return (_x, _y, out) => {
    out[0] = red;
    out[1] = green;
    out[2] = blue;
    out[3] = alpha;
  };
}

/** From one point to another; `stops` is `[[0, "#rrggbb"], [0.5, "#rrggbbaa"], …]` in rising order. */
export function linear([x0, y0], [x1, y1], stops) {
  const table = gradientTable(stops);
  const length = (x1 - x0) ** 2 + (y1 - y0) ** 2;
  return (x, y, out) => look(table, ((x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)) / length, out);
}

function look(table, position, out) {
  const at = Math.min(steps, Math.max(0, Math.round(position * steps))) * 4;
  out[0] = table[at];
  out[1] = table[at + 1];
  out[2] = table[at + 2];
  out[3] = table[at + 3];
}

function gradientTable(stops) {
  const colors = stops.map(([at, hex]) => ({ at, lab: toLab(parseHex(hex)) }));
  const table = new Float64Array((steps + 1) * 4);
  for (let i = 0; i <= steps; i++) {
    const position = i / steps;
    const next = colors.find(({ at }) => at >= position) ?? colors.at(-1);
    const last = colors.findLast(({ at }) => at <= position) ?? colors[0];
    const share = next.at === last.at ? 0 : (position - last.at) / (next.at - last.at);
    table.set(fromLab(last.lab.map((value, c) => value + (next.lab[c] - value) * share)), i * 4);
  }
  return table;
}

function parseHex(hex) {
  const [red, green, blue, alpha = 255] = Buffer.from(hex.slice(1), "hex");
  return [red, green, blue, alpha / 255];
}

function toLab([red, green, blue, alpha]) {
  const [r, g, b] = [red, green, blue].map((value) => {
    const v = value / 255;
    return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  });
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
    alpha,
  ];
}

function fromLab([lightness, a, b, alpha]) {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const rgb = [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
  const channels = rgb.map((v) => {
    const value = v <= 0.0031308 ? 12.92 * v : 1.055 * v ** (1 / 2.4) - 0.055;
    return Math.min(255, Math.max(0, value * 255));
  });
  return [...channels, alpha];
}
