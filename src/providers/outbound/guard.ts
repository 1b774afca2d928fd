import type { FetchPublic } from "./contract";

export function guardedFetch(_options: { allowLoopback: boolean }): FetchPublic {
  return () => Promise.resolve({ ok: false, code: "url_unreachable", detail: "not built yet" });
}
