import type { Account, Store } from "./store";

/** What the simulator has of the world around it during one request. */
export interface Simulation {
  store: Store;
  /** Epoch milliseconds. */
  now: number;
  /** Under which everything of the simulator is reached, without a trailing slash. */
  baseUrl: string;
  /** On one's own machine there is no https: pictures and callbacks may be http there, too. */
  allowHttp: boolean;
  /** Whether anybody may make service accounts: where the simulator runs alone. */
  open: boolean;
  /** Counts a request of the account; false if it is one too many in this second. */
  admit: (account: Account) => boolean;
  /** Posts JSON to an issuer's server and answers the status; null if there was no answer. */
  deliver: (url: string, body: string) => Promise<number | null>;
}

/** What a verb of the API gets: the simulation and who calls. */
export interface CallContext extends Simulation {
  account: Account;
}
