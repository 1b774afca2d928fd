import { DurableObject } from "cloudflare:workers";
import type * as google from "../simulators/google-wallet/google";
import type { Registration } from "../simulators/google-wallet/service-accounts";
import type { Account, Store } from "../simulators/google-wallet/store";

interface SimulatorEnv {
  PUBLIC_URL?: string;
  /** 1 where the simulator runs alone: anybody may make service accounts, and callbacks may go to this machine. */
  SIMULATOR_OPEN?: string;
}

type Google = typeof google;

interface Opened {
  google: Google;
  store: Store;
  admit: (account: Account, now: number) => boolean;
}

const callbackTimeoutMs = 5000;

/**
 * Google, for a whole sandbox: one object. The simulator is loaded when it is first asked, so a Worker without one
 * never evaluates it.
 */
export class GoogleSimulator extends DurableObject<SimulatorEnv> {
  #opened: Promise<Opened> | null = null;

  override async fetch(request: Request): Promise<Response> {
    const { google, store, admit } = await this.#open();
    const now = Date.now();
    const url = new URL(request.url);
    return google.answerGoogle(
      {
        store,
        now,
        baseUrl: `${this.#publicOrigin ?? url.origin}${google.basePath}`,
        allowHttp: google.isLocal(url),
        open: this.#isOpen,
        admit: (account) => admit(account, now),
        deliver: (url, body) => this.#deliver(google, url, body),
      },
      request,
    );
  }

  /** Makes a service account a user of an issuer. */
  async register(registration: Registration): Promise<void> {
    const { google, store } = await this.#open();
    await google.register(store, registration);
  }

  /** Forgets an issuer and everything that is its own. */
  async erase(issuerId: string): Promise<void> {
    const { store } = await this.#open();
    store.atomically(() => store.eraseIssuer(issuerId));
  }

  /** Forgets what was registered by nobody else. */
  async eraseRegistrant(registrant: string): Promise<void> {
    const { store } = await this.#open();
    store.atomically(() => store.eraseRegistrant(registrant));
  }

  #open(): Promise<Opened> {
    return (this.#opened ??= import("../simulators/google-wallet/google").then((google) => ({
      google,
      store: google.sqliteStore(this.ctx.storage),
      admit: google.rateWindow(),
    })));
  }

  get #isOpen(): boolean {
    return this.env.SIMULATOR_OPEN === "1";
  }

  get #publicOrigin(): string | null {
    return URL.parse(this.env.PUBLIC_URL ?? "")?.origin ?? null;
  }

  /** Posts a callback and answers the status; null if it could not be sent, or nothing came back in time. */
  async #deliver({ basePath, mayCall }: Google, url: string, body: string): Promise<number | null> {
    const target = URL.parse(url);
    if (!target) return null;
    const isOurs = target.origin === this.#publicOrigin;
    // The simulator never calls itself.
    if (isOurs ? target.pathname.startsWith(basePath) : !mayCall(target, { open: this.#isOpen })) return null;
    const request = new Request(url, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "user-agent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
      },
      body,
      redirect: "manual",
      signal: AbortSignal.timeout(callbackTimeoutMs),
    });
    try {
      // In process: from inside, a Worker does not reach its own address.
      const answer = await (isOurs ? this.ctx.exports.default.fetch(request) : fetch(request));
      await answer.body?.cancel();
      return answer.status;
    } catch {
      return null;
    }
  }
}
