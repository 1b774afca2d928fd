import type { Context } from "hono";
import type { AppEnv } from "./env";

/** The tags in `If-None-Match`, quoted and without their mark of weakness; `*` stands for any. */
export function knownEtags(c: Context<AppEnv>): string[] {
  const header = c.req.header("if-none-match")?.trim() ?? "";
  return header === "*" ? ["*"] : [...header.matchAll(/"[^"]*"/g)].map(([tag]) => tag);
}

/** Whether `If-None-Match` names this tag; compared weakly (RFC 9110 §8.8.3.2, §13.1.2). */
export function holdsEtag(c: Context<AppEnv>, etag: string): boolean {
  const opaque = etag.replace(/^W\//, "");
  return knownEtags(c).some((tag) => tag === "*" || tag === opaque);
}
