import { describe, expect, it } from "vitest";
import { base32, base62Number, idPattern, newId, randomBase32, randomBase62 } from "../../src/db/ids";

const crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** Pearson's χ² of how often each character of the alphabet stands in the text, against all being as likely. */
function chiSquared(text: string, alphabet: string): number {
  const counts = new Map(Array.from(alphabet, (character) => [character, 0]));
  for (const character of text) counts.set(character, counts.get(character)! + 1);
  const expected = text.length / alphabet.length;
  return [...counts.values()].reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

describe("ids", () => {
  it("R077 are a prefix, 48 bits of time and 80 random ones", () => {
    const id = newId("pass", Date.parse("2026-05-01T16:30:00Z"));
    expect(id).toMatch(/^pass_[0-9A-HJKMNP-TV-Z]{26}$/);
    expect(idPattern("pass").test(id)).toBe(true);
    expect(idPattern("tmpl").test(id)).toBe(false);
    expect(idPattern("pass").test(id.toLowerCase())).toBe(false);
    const time = Array.from(id.slice(5, 15)).reduce((sum, character) => sum * 32 + crockford.indexOf(character), 0);
    expect(time).toBe(Date.parse("2026-05-01T16:30:00Z"));
    expect(new Set(Array.from({ length: 1000 }, () => newId("pass", 0).slice(-16))).size).toBe(1000);
  });

  it("sort by their time, from 1970 to the year 9999", () => {
    const times = [0, 1, 31, 32, 1023, 1024, 1e12, 1e12 + 1, Date.parse("9999-12-31T23:59:59.999Z")];
    const ids = times.map((time) => newId("evt", time));
    expect(ids.toSorted()).toEqual(ids);
    expect(ids.every((id) => id.length === "evt_".length + 26)).toBe(true);
  });
});

describe("random text", () => {
  it("R077 has each character as often as any other", () => {
    // The odds of a χ² above 110 with 31 degrees of freedom, or above 160 with 61, are below 10⁻¹⁰.
    expect(chiSquared(randomBase32(65_000), crockford)).toBeLessThan(110);
    expect(chiSquared(randomBase62(65_000), base62)).toBeLessThan(160);
  });

  it("has the length asked for", () => {
    for (const length of [0, 1, 16, 43, 1000]) {
      expect(randomBase32(length)).toHaveLength(length);
      expect(randomBase62(length)).toHaveLength(length);
    }
  });
});

describe("numbers and bytes as text", () => {
  it("writes bytes as Crockford base32, five bits at a time", () => {
    expect(base32(new Uint8Array([0, 0, 0, 0, 0]), 8)).toBe("00000000");
    expect(base32(new Uint8Array([255, 255, 255, 255, 255]), 8)).toBe("ZZZZZZZZ");
    expect(base32(new Uint8Array([0b00001000, 0b10000110, 0b01000010, 0b10011000, 0b11101000]), 8)).toBe("12345678");
    expect(base32(new Uint8Array(32).fill(170), 26)).toBe("NANANANANANANANANANANANANA");
  });

  it("writes numbers in base62 with leading zeros", () => {
    expect(base62Number(0, 6)).toBe("000000");
    expect(base62Number(61, 2)).toBe("0z");
    expect(base62Number(62, 2)).toBe("10");
    expect(base62Number(2 ** 32 - 1, 6)).toBe("4gfFC3");
  });
});
