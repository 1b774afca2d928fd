import { createMiddleware } from "hono/factory";
import type { AppEnv } from "./env";

export interface Deprecation {
  /** ISO dates: when it was announced, and when it goes. */
  announcedOn: string;
  removedOn: string;
  /** Page that says what to do instead. */
  guide: string;
}

const noticeMonths = 6;

/**
 * Announces on every answer of a route that it will go: `Deprecation` (RFC 9745) and `Sunset` (RFC 8594).
 * Throws at start if less than six months lie between announcement and removal.
 */
export function deprecated({ announcedOn, removedOn, guide }: Deprecation) {
  const announced = new Date(`${announcedOn}T00:00:00Z`);
  const removed = new Date(`${removedOn}T00:00:00Z`);
  const earliest = new Date(announced);
  earliest.setUTCMonth(earliest.getUTCMonth() + noticeMonths);
  if (!(removed >= earliest)) {
    throw new RangeError(
      `a route announced as deprecated on ${announcedOn} may not go before ${earliest.toISOString().slice(0, 10)}`,
    );
  }
  return createMiddleware<AppEnv>(async function deprecatedMiddleware(c, next) {
    await next();
    c.header("deprecation", `@${announced.getTime() / 1000}`);
    c.header("sunset", removed.toUTCString());
    c.header("link", `<${guide}>; rel="deprecation", <${guide}>; rel="sunset"`, { append: true });
  });
}
