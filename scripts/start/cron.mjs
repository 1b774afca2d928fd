const INTERVAL_MS = 60_000;

/** Does each minute what cron does on Cloudflare, and never in `wrangler dev`. Answers how to stop. */
export function startCron(url) {
  const timer = setInterval(async () => {
    // A tick that is missed is made up for by the next one; a Worker that is gone is reported by whoever watches it.
    await fetch(`${url}/cdn-cgi/local/scheduled`, { signal: AbortSignal.timeout(INTERVAL_MS) }).catch(() => {});
  }, INTERVAL_MS);
  return () => clearInterval(timer);
}
