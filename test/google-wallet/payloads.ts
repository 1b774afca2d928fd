import type { GoogleTypeName } from "../../src/google-wallet/fields/types";
import { projectedPayloads } from "./projected-payloads";
import { samplePayloads } from "./sample-payloads";

export interface Payload {
  /** Says where it comes from. */
  name: string;
  type: GoogleTypeName;
  json: object;
}

/** Every payload that is held to the field table, and in CI to Google's schema. */
export const payloads: readonly Payload[] = [...samplePayloads, ...projectedPayloads()];
