/**
 * The parameter `url` of the sign-up redirect: a place on the tenant's own site. It comes from whoever made the link, so
 * everything by which some URL parser, on the way or at the site, may leave the site or its folder is refused: in the
 * path also percent-encoded, any number of times, and in look-alikes that Unicode calls compatible.
 */

export type UrlFailure =
  | "too_long"
  | "half_surrogate"
  | "control_character"
  | "surrounding_whitespace"
  | "backslash"
  | "scheme"
  | "double_slash"
  | "dot_segment"
  | "bad_percent_encoding"
  | "outside_site";

export const urlCharactersMax = 2048;

export interface RelativeUrl {
  path: string;
  /** Without `?`. */
  query: string;
  /** With `#`, or empty. */
  fragment: string;
}

export function splitRelativeUrl(url: string): RelativeUrl {
  const [, path = "", query = "", fragment = ""] = /^([^?#]*)(?:\?([^#]*))?(#.*)?$/su.exec(url) ?? [];
  return { path, query, fragment };
}

/** Why `url` is no place on the tenant's site; null if it is one. */
export function whyNotRelative(url: string): UrlFailure | null {
  if (url.length > urlCharactersMax) return "too_long";
  if (!url.isWellFormed()) return "half_surrogate";
  return whyNotPlain(url) ?? whyNotPath(splitRelativeUrl(url).path);
}

/** What is wrong with a text, wherever in the URL it stands. */
function whyNotPlain(text: string): UrlFailure | null {
  if (/\p{Cc}/u.test(text)) return "control_character";
  if (text !== text.trim()) return "surrounding_whitespace";
  return text.includes("\\") ? "backslash" : null;
}

const decodingsMax = 8;

/** Looks at the path as it stands and as it is after each decoding, until nothing is left to decode. */
function whyNotPath(path: string): UrlFailure | null {
  if (path === "") return null;
  // As it is joined to the site, for of `%2fother.example` that makes two slashes.
  const slash = path.startsWith("/") ? "" : "/";
  let stage = `${slash}${path}`;
  for (let decodings = 0; decodings <= decodingsMax; decodings += 1) {
    const failure = whyNotPlain(stage.slice(slash.length)) ?? whyNotSegments(stage, slash !== "");
    if (failure) return failure;
    const decoded = decodeOnce(stage)?.normalize("NFKC");
    if (decoded === undefined) return "bad_percent_encoding";
    if (decoded === stage) return null;
    stage = decoded;
  }
  return "bad_percent_encoding";
}

function whyNotSegments(path: string, isRelative: boolean): UrlFailure | null {
  const [, first = "", ...others] = path.split("/");
  // RFC 3986 §4.2: what stands before a colon there is a scheme.
  if (isRelative && first.includes(":")) return "scheme";
  if (path.includes("//")) return "double_slash";
  return [first, ...others].some(isDotSegment) ? "dot_segment" : null;
}

/** Some servers take `..;x` as `..` (parameters of a segment, RFC 3986 §3.3). */
const isDotSegment = (segment: string): boolean => /^\.{1,2}(;|$)/.test(segment);

/** A `%` without two digits stands for itself (WHATWG URL); bytes that are no UTF-8 give undefined. */
function decodeOnce(text: string): string | undefined {
  try {
    return text.replace(/(?:%[\da-f]{2})+/gi, (encoded) => decodeURIComponent(encoded));
  } catch {
    return undefined;
  }
}
