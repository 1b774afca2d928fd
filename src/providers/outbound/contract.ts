/** Fetches a URL that a user gave: the one SSRF guard of the platform. Never throws. */
export type FetchPublic = (url: string, limits: { bytesMax: number; timeoutMs: number }) => Promise<FetchedFile>;

export type FetchedFile =
  | { ok: true; bytes: Uint8Array; mediaType: string | null }
  | {
      ok: false;
      code: "url_not_allowed" | "url_unreachable" | "url_timeout" | "url_too_large";
      /** For the person who gave the URL. */
      detail: string;
    };
