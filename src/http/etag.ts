import type { Context } from "hono";
import type { AppEnv } from "./env";

/** Whether `If-None-Match` names this tag; compared weakly (RFC 9110 §8.8.3.2, §13.1.2). */
export function holdsEtag(c: Context<AppEnv>, etag: string): boolean {
  const header = c.req.header("if-none-match")?.trim();
  if (header === undefined) return false;
  if (header === "*") return true;
  const opaque = etag.replace(/^W\//, "");
  return [...header.matchAll(/"[^"]*"/g)].some(([tag]) => tag === opaque);
}
