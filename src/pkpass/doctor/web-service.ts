import type { JsonObject } from "../../pass-model/resolved-pass";
import type { Finding } from "./examination";
import { found, show } from "./finding";
import { at, isCleanUrl } from "./members";

/** What a pass needs in order to be updated (Apple, "Adding a Web Service to Update Passes"). */

const tokenLengthMin = 16;
const loopbackHosts = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** `isSandbox`: signed under a sandbox authority, which no phone trusts, so nothing needs to be reached by one. */
export function checkWebService(pass: JsonObject, isSandbox: boolean): Finding[] {
  const { webServiceURL: url, authenticationToken: token } = pass;
  if (url === undefined && token === undefined) {
    return [found("web_service_absent", at("webServiceURL"), "neither webServiceURL nor authenticationToken is there")];
  }
  const findings: Finding[] = [];
  if (url === undefined) findings.push(found("web_service_url_missing", at("webServiceURL"), "it is missing"));
  if (token === undefined)
    findings.push(found("web_service_token_missing", at("authenticationToken"), "it is missing"));
  if (typeof token === "string" && token.length < tokenLengthMin) {
    findings.push(found("web_service_token_short", at("authenticationToken"), `${token.length} characters`));
  }
  // What is no URL at all is told with the other members.
  return typeof url === "string" && isCleanUrl(url) ? [...findings, ...checkUrl(url, isSandbox)] : findings;
}

function checkUrl(url: string, isSandbox: boolean): Finding[] {
  const { protocol, hostname, pathname } = new URL(url);
  const findings: Finding[] = [];
  const staysHere = isSandbox && loopbackHosts.has(hostname);
  if (protocol !== "https:" && !staysHere) {
    findings.push(found("web_service_not_https", at("webServiceURL"), show(url)));
  }
  if (/\/v1\/?$/.test(pathname)) findings.push(found("web_service_versioned", at("webServiceURL"), show(url)));
  return findings;
}
