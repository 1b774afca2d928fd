/**
 * What an isolate remembers between requests, bounded by weight: the least recently used goes first.
 * Only facts that never change under their key (a template version, a pack, a signer) or that carry
 * their own proof of freshness (a credential's epoch) may be kept here.
 */
export class IsolateCache<T> {
  readonly #entries = new Map<string, { value: T; weight: number }>();
  #weight = 0;
  constructor(
    readonly weightMax: number,
    readonly weigh: (value: T) => number = () => 1,
  ) {
    all.add(this as IsolateCache<unknown>);
  }

  get(key: string): T | undefined {
    const entry = this.#entries.get(key);
    if (!entry) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry.value;
  }

  set(key: string, value: T): void {
    this.delete(key);
    const weight = this.weigh(value);
    if (weight > this.weightMax) return;
    this.#entries.set(key, { value, weight });
    this.#weight += weight;
    for (const [oldest] of this.#entries) {
      if (this.#weight <= this.weightMax) break;
      this.delete(oldest);
    }
  }

  delete(key: string): void {
    const entry = this.#entries.get(key);
    if (!entry) return;
    this.#entries.delete(key);
    this.#weight -= entry.weight;
  }

  clear(): void {
    this.#entries.clear();
    this.#weight = 0;
  }
}

const all = new Set<IsolateCache<unknown>>();

/** As a new isolate starts: nothing known. For tests that assert what a cold request costs. */
export function clearIsolateCaches(): void {
  for (const cache of all) cache.clear();
}
