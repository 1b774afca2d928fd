/**
 * Identifiers: a prefix and 26 characters of Crockford base32, 48 bits of time and 80 random ones. They
 * sort by creation and identify; they never authorise.
 */

const crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

export type IdPrefix = "tenant" | "key" | "tmpl" | "pass" | "evt" | "img" | "csr" | "log" | "req" | "aud";

/** Where chance comes from: so many bytes, other ones at each call. */
export type RandomBytes = (length: number) => Uint8Array;

export const systemRandom: RandomBytes = (length) => crypto.getRandomValues(new Uint8Array(length));

export function newId(prefix: IdPrefix, now: number, random?: RandomBytes): string {
  return `${prefix}_${idTime(now)}${randomBase32(16, random)}`;
}

/** The time part of an id: 48 bits of milliseconds in 10 characters. */
export function idTime(now: number): string {
  let time = "";
  for (let rest = now, index = 0; index < 10; index += 1, rest = Math.floor(rest / 32))
    time = crockford[rest % 32]! + time;
  return time;
}

export const idMilliseconds = (time: string): number => base32Number(time);

/** Of at most 10 characters, which a number holds exactly. */
export function base32Number(text: string): number {
  return Array.from(text).reduce((sum, digit) => sum * 32 + crockford.indexOf(digit), 0);
}

/** A zod-ready pattern of one kind of id. */
export const idPattern = (prefix: IdPrefix): RegExp => new RegExp(`^${prefix}_[0-9A-HJKMNP-TV-Z]{26}$`);

export function randomBase32(length: number, random = systemRandom): string {
  return Array.from(random(length), (byte) => crockford[byte % 32]).join("");
}

/** The first `length` × 5 bits of `bytes`. */
export function base32(bytes: Uint8Array, length: number): string {
  let text = "";
  let buffer = 0;
  let bits = 0;
  for (const byte of bytes) {
    buffer = ((buffer << 8) | byte) & 0xffff;
    for (bits += 8; bits >= 5 && text.length < length; bits -= 5) text += crockford[(buffer >> (bits - 5)) & 31];
  }
  return text;
}

/** Uniform over the 62 characters: bytes that would favour some of them are thrown away. */
export function randomBase62(length: number, random = systemRandom): string {
  let text = "";
  while (text.length < length) {
    for (const byte of random(length)) {
      if (byte < 248 && text.length < length) text += base62[byte % 62];
    }
  }
  return text;
}

export function base62Number(value: number, length: number): string {
  let text = "";
  for (let rest = value, index = 0; index < length; index += 1, rest = Math.floor(rest / 62))
    text = base62[rest % 62]! + text;
  return text;
}
