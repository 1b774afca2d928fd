import { DurableObject } from "cloudflare:workers";
import type {
  Admission,
  AdmitInput,
  Gate,
  GoogleAnswer,
  GoogleError,
  MintedToken,
} from "../google-wallet/client/types";

type Mint = Parameters<Gate["admit"]>[1];

/** Google's limit is 20 requests per second; the rest is for what leaves later and arrives earlier than its neighbours. */
const requestsPerWindow = 20;
const windowMs = 1050;
const refreshBeforeMs = 5 * 60_000;
const refusalKeptMs = 1000;
/** Longer than a mint with all its retries takes: a caller that vanished holds up nobody for ever. */
const mintMsMax = 60_000;

/**
 * One per service account at Google (address and key): its access token, minted once for all isolates, and the rate at
 * which they may send. Both are kept in memory only: a secret that lives an hour is not written down, and an eviction,
 * which idle objects meet, costs one mint.
 */
export class GoogleGate extends DurableObject implements Gate {
  #minted: MintedToken | null = null;
  /** Answers null if the caller that was asked to mint is gone, or has no time left. */
  #minting: Promise<GoogleAnswer<MintedToken> | null> | null = null;
  #refusal: { error: GoogleError; until: number } | null = null;
  /** When the last requests leave, ascending, epoch milliseconds. */
  #departures: number[] = [];

  /** `mint` is called back only if a token is needed, and then of one caller only. */
  async admit({ cost, rejected, waitMsMax }: AdmitInput, mint: Mint): Promise<Admission> {
    if (rejected !== null && this.#minted?.token === rejected) this.#minted = null;
    const minted = await this.#token(mint);
    if (!minted.ok) return minted;
    // Not before there is a token: places that pass while it is minted would be taken all at once.
    const now = Date.now();
    const departure = this.#nextDeparture(cost, now);
    if (departure - now > waitMsMax) return { ok: false, refusedForMs: departure - now };
    this.#departures = [...this.#departures, ...Array<number>(cost).fill(departure)].slice(-requestsPerWindow);
    return { ok: true, token: minted.value.token, waitMs: departure - now };
  }

  /** The earliest time that is no earlier than any before, with room for so many in the window that ends there. */
  #nextDeparture(cost: number, now: number): number {
    const rest = Math.max(0, requestsPerWindow - cost);
    const mustBePast = this.#departures.at(-1 - rest);
    return Math.max(now, this.#departures.at(-1) ?? 0, mustBePast === undefined ? 0 : mustBePast + windowMs);
  }

  async #token(mint: Mint): Promise<GoogleAnswer<MintedToken>> {
    for (;;) {
      const now = Date.now();
      if (this.#minted && now < this.#minted.expiresAt) return { ok: true, value: this.#minted };
      if (this.#refusal && now < this.#refusal.until) return { ok: false, error: this.#refusal.error };
      const isOwn = this.#minting === null;
      this.#minting ??= this.#mint(mint).finally(() => (this.#minting = null));
      const answer = await this.#minting;
      if (answer) return answer;
      // The one who was to mint for all did not. Each of the others tries by itself; who tried has nobody else.
      if (isOwn) return { ok: false, error: vanished };
    }
  }

  async #mint(mint: Mint): Promise<GoogleAnswer<MintedToken> | null> {
    const answer = await withinTime(mint).catch(() => null);
    if (!answer) return null;
    const now = Date.now();
    if (!answer.ok) {
      this.#refusal = { error: answer.error, until: now + refusalKeptMs };
      return { ok: false, error: answer.error };
    }
    const { token, expiresAt } = answer.value;
    // A token that lives shorter than ten minutes is used for half of its life.
    this.#minted = { token, expiresAt: expiresAt - Math.min(refreshBeforeMs, (expiresAt - now) / 2) };
    return { ok: true, value: this.#minted };
  }
}

const vanished: GoogleError = {
  kind: "unreachable",
  status: null,
  reason: null,
  message: "no access token was minted in time",
  retryAfterSeconds: null,
};

async function withinTime(mint: Mint): ReturnType<Mint> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const expiry = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), mintMsMax);
  });
  try {
    return await Promise.race([mint(), expiry]);
  } finally {
    clearTimeout(timer);
  }
}
