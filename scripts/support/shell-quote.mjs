const PLAIN = /^[A-Za-z0-9_@%+=:,./-]+$/;

/** One line that a POSIX shell reads back as exactly these words. */
export function shellQuote(words) {
  return words.map((word) => (PLAIN.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)).join(" ");
}
