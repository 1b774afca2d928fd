import { Iphone, type IphoneOptions } from "../../src/simulators/iphone/iphone";
import type { PhoneFetch } from "../../src/simulators/iphone/web-service";
import { call, type TestTenant } from "../support/api";

/** The way from a phone to the API; each answer is held against the OpenAPI document. */
export const internet: PhoneFetch = async (url, { method = "GET", headers, body } = {}) => {
  const { pathname, search } = new URL(url);
  const answer = await call(method, pathname + search, { headers: headers as Record<string, string>, body });
  return new Response(answer.bytes.length > 0 ? answer.bytes : null, answer);
};

export interface Line {
  fetch: PhoneFetch;
  /** What the phone asked for, in order. */
  calls: { method: string; path: string; status: number }[];
  /** Answers instead of the server, where it answers at all. */
  meddle: ((method: string, path: string, ask: () => Promise<Response>) => Promise<Response>) | null;
}

/** A line to the API that can be listened to, cut and tampered with. */
export function newLine(): Line {
  const line: Line = {
    calls: [],
    meddle: null,
    async fetch(url, init) {
      const method = init?.method ?? "GET";
      const path = url.slice(new URL(url).origin.length);
      const ask = () => internet(url, init);
      const response = await (line.meddle ? line.meddle(method, path, ask) : ask());
      line.calls.push({ method, path, status: response.status });
      return response;
    },
  };
  return line;
}

export const offline = () => Promise.reject(new TypeError("Network connection lost."));

export async function sandboxAuthority(): Promise<Uint8Array> {
  const { text } = await call("GET", "/sandbox/authority.pem");
  return Uint8Array.from(atob(text.replace(/-----[A-Z ]+-----|\s/g, "")), (character) => character.charCodeAt(0));
}

export async function newPhone(options: Partial<IphoneOptions> = {}): Promise<Iphone> {
  return new Iphone({ fetch: internet, now: Date.now, authorities: [await sandboxAuthority()], ...options });
}

/** Fields as a shop would have them: two that speak, one that does not. */
export const speakingFields = [
  { key: "points", label: "Points", type: "number", position: "header", default: 0, changeMessage: "Now %@ points" },
  { key: "tier", label: "Tier", type: "text", position: "back", default: "Silver", changeMessage: "You are %@" },
  { key: "member", label: "Member", type: "text", position: "secondary" },
];

export async function change(tenant: TestTenant, passId: string, body: Record<string, unknown>): Promise<any> {
  const { status, text, body: pass } = await tenant.patch(`/v2/passes/${passId}`, body);
  if (status !== 200) throw new Error(text);
  return pass;
}
