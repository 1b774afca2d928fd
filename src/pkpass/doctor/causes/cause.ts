import type { Severity } from "../examination";

/** What a finding says whenever it is found. */
export interface Cause {
  severity: Severity;
  /** Why Wallet refuses it, or what Wallet does instead. */
  why: string;
  remedy: string;
}
