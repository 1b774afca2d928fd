import { describe, expect, it } from "vitest";
import { passStrings } from "../../src/pkpass/strings";

/** Reads a table back, as strictly as its grammar allows: a line per entry, with the escapes of C. */
function read(bytes: Uint8Array): Record<string, string> {
  const text = new TextDecoder("utf-16le", { fatal: true, ignoreBOM: true }).decode(bytes);
  expect(text[0]).toBe("\ufeff");
  const table: Record<string, string> = {};
  for (const line of text.slice(1).split("\n").slice(0, -1)) {
    const match = /^("(?:[^"\\]|\\.)*") = ("(?:[^"\\]|\\.)*");$/.exec(line);
    expect(match, line).not.toBeNull();
    const unescape = (quoted: string) =>
      quoted
        .slice(1, -1)
        .replaceAll(/\\(.)/g, (_, escaped: string) => ({ n: "\n", r: "\r", t: "\t" })[escaped] ?? escaped);
    table[unescape(match![1]!)] = unescape(match![2]!);
  }
  return table;
}

describe("R061 R224 pass.strings", () => {
  it("is UTF-16, little endian, with a byte order mark", () => {
    const units = Array.from('"A" = "é";\n', (character) => [character.charCodeAt(0), 0]);
    expect([...passStrings({ A: "é" })]).toEqual([0xff, 0xfe, ...units.flat()]);
  });

  it("writes characters beyond the basic plane as two units", () => {
    expect([...passStrings({ "🎂": "" }).subarray(2, 8)]).toEqual([0x22, 0x00, 0x3c, 0xd8, 0x82, 0xdf]);
  });

  it.each<[string, Record<string, string>]>([
    ["nothing", {}],
    ["plain text", { Points: "Punkte", Gate: "Flugsteig" }],
    ["quotes", { 'say "hi"': '„Hallo" "' }],
    ["backslashes", { "C:\\path\\": "\\\\", "\\n": "\\" }],
    ["new lines, returns and tabs", { "a\nb": "c\r\nd\te", "\n": "\n\n" }],
    ["a line that looks like the end of an entry", { x: '";\n"y" = "z' }],
    ["comments and percent signs", { "/* %@ */": "// %@ 100 %" }],
    ["emoji", { "🎂": "👩‍👩‍👧‍👦 🏳️‍🌈" }],
    ["right to left", { Welcome: "ברוך הבא مرحبا" }],
    ["combining characters", { e: "Z\u0338\u030d\u0301" }],
    ["empty text", { "": "", a: "" }],
    ["controls", { "\u0001": "\u001f\u007f\u2028" }],
    ["10,000 characters", { long: "ü".repeat(10_000) }],
  ])("says %s so that it is read back", (_, table) => {
    expect(read(passStrings(table))).toEqual(table);
  });

  it("keeps the order of the table, so that equal tables give equal bytes", () => {
    expect(Object.keys(read(passStrings({ b: "1", a: "2" })))).toEqual(["b", "a"]);
    expect(passStrings({ b: "1", a: "2" })).toEqual(passStrings({ b: "1", a: "2" }));
  });
});
