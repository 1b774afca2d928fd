/** What a web service answers to "what changed?". */
export interface Listing {
  serialNumbers: string[];
  /** Null for none, and for one that is no string: iOS ignores that. */
  tag: string | null;
}

/** Null if the answer is malformed. */
export function readListing(bytes: Uint8Array): Listing | null {
  let body: unknown;
  try {
    body = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return null;
  }
  if (typeof body !== "object" || body === null) return null;
  const { serialNumbers, lastUpdated } = body as Record<string, unknown>;
  if (!Array.isArray(serialNumbers) || !serialNumbers.every((serial) => typeof serial === "string")) return null;
  return { serialNumbers, tag: typeof lastUpdated === "string" ? lastUpdated : null };
}
