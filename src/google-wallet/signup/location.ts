import { splitRelativeUrl, whyNotRelative, type UrlFailure } from "./relative-url";

interface LocationOptions {
  /** An http(s) URL, with or without path, trailing slash, query and fragment. */
  publicUri: string;
  /** A place below it, such as `/join?campaign=wallet#form`; empty for `publicUri` itself. */
  url: string;
  /** Appended to the query. */
  parameters: Record<string, string>;
}

/**
 * Where a person is led: `url` below `publicUri`, the queries of both as they are, and the parameters behind them. Always
 * of the tenant's origin, in the folder of its `publicUri`, and without userinfo: what `url` says is looked at before the
 * URL is built, and the URL, as the WHATWG parser understands it, after.
 */
export function signupLocation({
  publicUri,
  url,
  parameters,
}: LocationOptions): { ok: true; location: string } | { ok: false; reason: UrlFailure } {
  const failure = whyNotRelative(url);
  if (failure) return { ok: false, reason: failure };
  const site = new URL(publicUri);
  const { path, query, fragment } = splitRelativeUrl(url);
  const folder = site.pathname.replace(/\/+$/, "");
  const pathname = path === "" ? site.pathname : `${folder}/${path.replace(/^\//, "")}`;
  const queries = [site.search.slice(1), query, new URLSearchParams(parameters).toString()].filter(Boolean).join("&");
  // The fragment of the publicUri names a place of that page only.
  const hash = url === "" ? site.hash : fragment;
  const target = new URL(`${site.origin}${pathname}${queries && "?"}${queries}${hash}`);
  const isInside = target.pathname === site.pathname || target.pathname.startsWith(`${folder}/`);
  const isOwn = target.origin === site.origin && target.username === "" && target.password === "";
  return isOwn && isInside ? { ok: true, location: target.href } : { ok: false, reason: "outside_site" };
}
