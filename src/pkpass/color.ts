/**
 * A colour in one of the three forms that Apple reads (pass-builder, PassColor: `rgb(r,g,b)`, `#RRGGBB`,
 * `#RGB`; white space around and inside does not matter) as `rgb(r, g, b)`, the form that pass.json
 * carries. Null if the text is none of them or a channel is over 255.
 */
export function appleColor(input: string): string | null {
  // What designs keep; the other forms come with `apple` members.
  if (/^#[0-9a-f]{6}$/.test(input)) {
    const channels = Number.parseInt(input.slice(1), 16);
    return `rgb(${channels >> 16}, ${(channels >> 8) & 255}, ${channels & 255})`;
  }
  const text = input.trim();
  const channels = hexChannels(text) ?? rgbChannels(text);
  return channels && channels.every((channel) => channel <= 255) ? `rgb(${channels.join(", ")})` : null;
}

function hexChannels(text: string): number[] | null {
  const digits = /^#(?:[0-9a-f]{3}|[0-9a-f]{6})$/i.test(text) ? text.slice(1) : null;
  if (!digits) return null;
  const pairs = digits.length === 3 ? Array.from(digits, (digit) => digit + digit) : digits.match(/../g)!;
  return pairs.map((pair) => Number.parseInt(pair, 16));
}

function rgbChannels(text: string): number[] | null {
  const match = /^rgb\(\s*(\d{1,3})\s*,\s*(\d{1,3})\s*,\s*(\d{1,3})\s*\)$/i.exec(text);
  return match && match.slice(1).map(Number);
}
