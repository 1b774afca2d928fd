import { isObject } from "../../pass-model/json";
import type { FetchedKeys } from "./contract";

const timeoutMs = 5000;
const charactersMax = 256 * 1024;

export async function fetchCallbackKeys(
  url: string,
  fetch: (request: Request) => Promise<Response>,
): Promise<FetchedKeys | null> {
  try {
    const request = new Request(url, {
      headers: { accept: "application/json" },
      redirect: "manual",
      signal: AbortSignal.timeout(timeoutMs),
    });
    const answer = await fetch(request);
    const text = await answer.text();
    const document: unknown = answer.ok && text.length <= charactersMax ? JSON.parse(text) : null;
    return isObject(document) ? { document, freshForMs: freshnessOf(answer.headers) } : null;
  } catch {
    return null;
  }
}

/** RFC 9111 §4.2: what `max-age` allows, less what caches on the way have used up. */
function freshnessOf(headers: Headers): number {
  const directives = (headers.get("cache-control") ?? "").toLowerCase().split(",");
  const named = (pattern: RegExp) => directives.map((directive) => pattern.exec(directive.trim())).find(Boolean);
  if (named(/^no-(store|cache)\b/)) return 0;
  const maxAge = Number(named(/^max-age="?(\d{1,9})"?$/)?.[1] ?? 0);
  const age = Number(/^\d{1,9}$/.exec(headers.get("age") ?? "")?.[0] ?? 0);
  return Math.max(0, maxAge - age) * 1000;
}
