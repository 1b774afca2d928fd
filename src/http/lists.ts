import type { Context } from "hono";
import type { Page } from "../services/paging";
import type { AppEnv } from "./env";

/** The body of one page, with the `Link` header (RFC 8288) to its neighbours. */
export function listResponse<T, J extends { id: string }>(c: Context<AppEnv>, page: Page<T>, toJson: (item: T) => J) {
  const url = new URL(c.req.url);
  const data = page.items.map(toJson);
  const backwards = url.searchParams.has("endingBefore");
  const links: string[] = [];
  const link = (rel: string, name: string, id: string) => {
    const query = new URLSearchParams(url.searchParams);
    query.delete("startingAfter");
    query.delete("endingBefore");
    query.set(name, id);
    links.push(`<${c.get("base").publicUrl}${url.pathname}?${query.toString()}>; rel="${rel}"`);
  };
  const [first, last] = [data[0], data.at(-1)];
  if (last && (page.hasMore || backwards)) link("next", "startingAfter", page.cursors?.last ?? last.id);
  if (first && (backwards ? page.hasMore : url.searchParams.has("startingAfter")))
    link("prev", "endingBefore", page.cursors?.first ?? first.id);
  if (links.length > 0) c.header("link", links.join(", "));
  // Walking backwards, `hasMore` speaks of the pages before; what follows is the page that was come from.
  return { object: "list" as const, data, hasMore: page.hasMore, url: url.pathname };
}
