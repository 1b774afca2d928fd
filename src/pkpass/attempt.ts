/** What a parser makes of its input, or null where it throws: for libraries that say "no" by an exception. */
export function attempt<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}
