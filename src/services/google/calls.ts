import type { JsonObject } from "../../pass-model/resolved-pass";
import type { GoogleAnswer, GoogleApi, GoogleCall } from "../../providers/google/contract";

/** Several calls in one request; one alone goes by itself. */
export async function callAll(api: GoogleApi, calls: GoogleCall[]): Promise<GoogleAnswer<JsonObject>[]> {
  if (calls.length === 0) return [];
  return calls.length === 1 ? [await api.call(calls[0]!)] : api.batch(calls);
}
