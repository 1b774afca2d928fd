import { splitRelativeUrl, whyNotRelative, type UrlFailure } from "./relative-url";

/**
 * The page of the tenant's site that `url` names: a place below `publicUri` (http or https, with or without path, trailing
 * slash, query and fragment), such as `/join?campaign=wallet#form`, or empty for `publicUri` itself. Queries are kept as
 * they are. Always of the tenant's origin, in the folder of its `publicUri` and without userinfo: what `url` says is looked
 * at before the page is built, and the page, as the WHATWG parser understands it, after.
 */
export function signupPage(
  publicUri: string,
  url: string,
): { ok: true; page: string } | { ok: false; reason: UrlFailure } {
  const failure = whyNotRelative(url);
  if (failure) return { ok: false, reason: failure };
  const site = new URL(publicUri);
  const { path, query, fragment } = splitRelativeUrl(url);
  const folder = site.pathname.replace(/\/+$/, "");
  const pathname = path === "" ? site.pathname : `${folder}/${path.replace(/^\//, "")}`;
  // The fragment of publicUri names a place of that page only.
  const hash = url === "" ? site.hash : fragment;
  const page = new URL(`${site.origin}${pathname}${search(site.search.slice(1), query)}${hash}`);
  const isOwn = page.origin === site.origin && page.username === "" && page.password === "";
  const isInside = page.pathname === site.pathname || page.pathname.startsWith(`${folder}/`);
  return isOwn && isInside ? { ok: true, page: page.href } : { ok: false, reason: "outside_site" };
}

/**
 * `page` with these parameters behind those that it has. What it has under the same names goes: a page that reads the
 * first of two must not find somebody else's.
 */
export function withParameters(page: string, parameters: Record<string, string>): string {
  const url = new URL(page);
  const kept = url.search
    .slice(1)
    .split("&")
    .filter((pair) => !Object.hasOwn(parameters, nameOf(pair)));
  url.search = search(...kept, new URLSearchParams(parameters).toString());
  return url.href;
}

const nameOf = (pair: string): string => [...new URLSearchParams(pair).keys()][0] ?? "";

function search(...queries: string[]): string {
  const query = queries.filter((one) => one !== "").join("&");
  return query === "" ? "" : `?${query}`;
}
