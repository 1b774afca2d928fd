/**
 * `pass.strings`: lines of `"key" = "value";`, UTF-16LE with a byte order mark (Apple, "Localizing a Pass").
 */
export function passStrings(table: Record<string, string>): Uint8Array {
  const text = Object.entries(table)
    .map(([key, value]) => `"${escaped(key)}" = "${escaped(value)}";\n`)
    .join("");
  const bytes = new Uint8Array(2 + text.length * 2);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, 0xfeff, true);
  for (let index = 0; index < text.length; index += 1) view.setUint16(2 + index * 2, text.charCodeAt(index), true);
  return bytes;
}

const escapes: Record<string, string> = { '"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" };

function escaped(text: string): string {
  return text.replace(/["\\\n\r\t]/g, (character) => escapes[character]!);
}
