import { toHex } from "../../pkpass/bytes";
import type { InstalledPass } from "./installed-pass";

/** How the phone reaches the network. Rejects when it is offline. */
export type PhoneFetch = (url: string, init?: RequestInit) => Promise<Response>;

export interface Device {
  deviceLibraryIdentifier: string;
  pushToken: string;
}

/** Where a pass is kept up to date; a device keeps one tag for each. */
export interface Service {
  /** `webServiceURL` of its passes. */
  url: string;
  passTypeIdentifier: string;
}

export const serviceKey = ({ url, passTypeIdentifier }: Service): string => JSON.stringify([url, passTypeIdentifier]);
export const sameService = (a: Service, b: Service): boolean => serviceKey(a) === serviceKey(b);

/** What came back; status 0 means that nothing did. */
export interface Answer {
  status: number;
  headers: Headers;
  bytes: Uint8Array;
}

const safariAgent =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1";
const walletAgent = "passd/1.0 CFNetwork/1568.100.1 Darwin/24.0.0";

/**
 * The calls of PassKit's web service as a device makes them (Apple, "Adding a Web Service to Update Passes").
 * None rejects: being offline is an answer like any other.
 */
export function webServiceClient(fetch: PhoneFetch, { deviceLibraryIdentifier, pushToken }: Device) {
  async function call(method: string, url: string, headers: Record<string, string>, json?: object): Promise<Answer> {
    try {
      const response = await fetch(url, {
        method,
        headers: { "user-agent": walletAgent, ...headers, ...(json && { "content-type": "application/json" }) },
        ...(json && { body: JSON.stringify(json) }),
      });
      const bytes = new Uint8Array(await response.arrayBuffer());
      return { status: response.status, headers: response.headers, bytes };
    } catch {
      return { status: 0, headers: new Headers(), bytes: new Uint8Array() };
    }
  }
  const authorized = ({ authenticationToken }: InstalledPass) => ({
    authorization: `ApplePass ${authenticationToken}`,
  });
  const registrations = ({ url, passTypeIdentifier }: Service) =>
    at(url, "devices", deviceLibraryIdentifier, "registrations", passTypeIdentifier);
  const registration = (pass: InstalledPass) =>
    `${registrations(pass.service!)}/${encodeURIComponent(pass.serialNumber)}`;
  const passUrl = ({ service, serialNumber }: InstalledPass) =>
    at(service!.url, "passes", service!.passTypeIdentifier, serialNumber);
  return {
    /** A person opens a link in Safari. */
    open: (url: string) => call("GET", url, { "user-agent": safariAgent }),
    register: (pass: InstalledPass) => call("POST", registration(pass), authorized(pass), { pushToken }),
    unregister: (pass: InstalledPass) => call("DELETE", registration(pass), authorized(pass)),
    listChanged: (service: Service, tag: string | null) => {
      const query = tag === null ? "" : `?passesUpdatedSince=${encodeURIComponent(tag)}`;
      return call("GET", registrations(service) + query, {});
    },
    latest: (pass: InstalledPass) =>
      call("GET", passUrl(pass), {
        ...authorized(pass),
        ...(pass.lastModified !== null && { "if-modified-since": pass.lastModified }),
        ...(pass.etag !== null && { "if-none-match": pass.etag }),
      }),
    personalize: (pass: InstalledPass, body: object) =>
      call("POST", `${passUrl(pass)}/personalize`, authorized(pass), body),
    log: (url: string, logs: string[]) => call("POST", at(url, "log"), {}, { logs }),
  };
}

/** The device adds the version itself, whether the URL ends in a slash or not. */
function at(url: string, ...segments: string[]): string {
  return [url.replace(/\/+$/, ""), "v1", ...segments.map(encodeURIComponent)].join("/");
}

/** What makes the next call for the same pass a conditional one. */
export const validatorsOf = ({ headers }: Answer) => ({
  lastModified: headers.get("last-modified"),
  etag: headers.get("etag"),
});

export const randomHex = (bytes: number): string => toHex(crypto.getRandomValues(new Uint8Array(bytes)));
