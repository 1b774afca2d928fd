import { isLoopbackHost, isPublicHost } from "./addresses";
import type { FetchedFile, FetchPublic } from "./contract";

const urlLengthMax = 2048;
const redirectsMax = 3;
const redirectStatuses = new Set([301, 302, 303, 307, 308]);
/** Nothing of the caller goes out: no cookie, no credential, no header of the request that is being served; its trace has ids only. */
const ownHeaders = { "user-agent": "WePass/2", accept: "*/*" };

type Refusal = Extract<FetchedFile, { ok: false }>;
type Fetch = (url: string, init: RequestInit) => Promise<Response>;

interface GuardOptions {
  /** Lets http and any port through to this machine, for trials. */
  allowLoopback: boolean;
  /** W3C Trace Context of the request that is being served. */
  traceparent?: string;
  fetch?: Fetch;
}

export function guardedFetch({
  allowLoopback,
  traceparent,
  fetch = (url, init) => globalThis.fetch(url, init),
}: GuardOptions): FetchPublic {
  const headers = { ...ownHeaders, ...(traceparent !== undefined && { traceparent }) };
  return async (url, { bytesMax, timeoutMs }) => {
    const abort = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const expiry = new Promise<FetchedFile>((resolve) => {
      timer = setTimeout(() => {
        resolve(refusal("url_timeout", `the URL did not answer whole within ${timeoutMs / 1000} seconds`));
        abort.abort();
      }, timeoutMs);
    });
    const get = (target: string) => fetch(target, { redirect: "manual", headers, signal: abort.signal });
    const fetched = follow(url, { allowLoopback, get, bytesMax }).catch(() =>
      refusal("url_unreachable", "the server of the URL could not be reached, or broke off"),
    );
    try {
      return await Promise.race([fetched, expiry]);
    } finally {
      clearTimeout(timer);
    }
  };
}

interface Hop {
  allowLoopback: boolean;
  get: (url: string) => Promise<Response>;
  bytesMax: number;
}

async function follow(first: string, { allowLoopback, get, bytesMax }: Hop): Promise<FetchedFile> {
  let url = first;
  for (let redirects = 0; redirects <= redirectsMax; redirects += 1) {
    const complaint = urlComplaint(url, allowLoopback);
    if (complaint)
      return refusal("url_not_allowed", redirects === 0 ? complaint : `it redirects, and then ${complaint}`);
    const response = await get(url);
    if (!redirectStatuses.has(response.status)) return readBody(response, bytesMax);
    await response.body?.cancel();
    const location = response.headers.get("location");
    const next = location === null ? null : URL.parse(location, url);
    if (!next) return refusal("url_unreachable", `the URL answers ${response.status} and does not say where to go`);
    url = next.href;
  }
  return refusal("url_unreachable", `the URL redirects more than ${redirectsMax} times`);
}

/** Why a URL may not be fetched; null if it may. */
function urlComplaint(text: string, allowLoopback: boolean): string | null {
  if (text.length > urlLengthMax) return `a URL may have at most ${urlLengthMax} characters`;
  const url = URL.parse(text);
  if (!url) return "the URL is malformed";
  if (url.username !== "" || url.password !== "") return "a URL may hold no user name and no password";
  if (allowLoopback && isLoopbackHost(url.hostname)) {
    return ["http:", "https:"].includes(url.protocol) ? null : "the URL must be https";
  }
  if (url.protocol !== "https:") return "the URL must be https";
  if (url.port !== "") return "the URL may name no port; https is served on 443";
  return isPublicHost(url.hostname) ? null : "the URL must lead to a host on the public internet";
}

async function readBody(response: Response, bytesMax: number): Promise<FetchedFile> {
  const { status, body } = response;
  if (!response.ok) {
    await body?.cancel();
    return refusal("url_unreachable", `the URL answers ${status}`);
  }
  const tooLarge = refusal("url_too_large", `the file at the URL has more than ${bytesMax} bytes`);
  // Both checks: the announced length spares the transfer, and may be a lie.
  if (Number(response.headers.get("content-length") ?? 0) > bytesMax) {
    await body?.cancel();
    return tooLarge;
  }
  const parts: Uint8Array[] = [];
  let length = 0;
  const reader = body?.getReader();
  for (let read = await reader?.read(); read && !read.done; read = await reader?.read()) {
    parts.push(read.value);
    length += read.value.length;
    if (length <= bytesMax) continue;
    await reader?.cancel();
    return tooLarge;
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  const mediaType = response.headers.get("content-type")?.split(";")[0]!.trim().toLowerCase() ?? null;
  return { ok: true, bytes, mediaType };
}

const refusal = (code: Refusal["code"], detail: string): Refusal => ({ ok: false, code, detail });
