import { createMiddleware } from "hono/factory";
import { newId, systemRandom, type RandomBytes } from "../db/ids";
import type { AppEnv } from "./env";

/** W3C Trace Context, level 1: the place of one request in a trace. */
export interface Trace {
  /** 32 hex digits, the caller's if it sent any. */
  traceId: string;
  /** 16 hex digits, our own. */
  spanId: string;
  sampled: boolean;
  /** What other vendors want handed on. */
  tracestate: string | null;
}

/** Goes on with the caller's trace; starts one where there is none that can be read (§4.3). */
export function continueTrace(
  traceparent: string | null | undefined,
  tracestate?: string | null,
  random: RandomBytes = systemRandom,
): Trace {
  const caller = readTraceparent(traceparent ?? "");
  return {
    traceId: caller?.traceId ?? hex(random(16)),
    spanId: hex(random(8)),
    sampled: caller?.sampled ?? true,
    tracestate: caller && tracestate && isTracestate(tracestate) ? tracestate : null,
  };
}

/** §3.2. Of flags beside `sampled` nothing may be handed on. */
export const traceparentOf = ({ traceId, spanId, sampled }: Trace): string =>
  `00-${traceId}-${spanId}-${sampled ? "01" : "00"}`;

/** Version 00 has four fields; later ones begin with the same and may have more (§4.3). */
const fields = /^(?!ff)([\da-f]{2})-(?!0{32})([\da-f]{32})-(?!0{16})[\da-f]{16}-([\da-f]{2})(-.*)?$/;

function readTraceparent(text: string): Pick<Trace, "traceId" | "sampled"> | null {
  const [, version, traceId, flags, more] = fields.exec(text) ?? [];
  if (traceId === undefined || (version === "00" && more !== undefined)) return null;
  return { traceId, sampled: (Number.parseInt(flags!, 16) & 1) === 1 };
}

const tracestateMax = 512;
const membersMax = 32;
const member =
  /^(?<key>[a-z][\w\-*/]{0,255}|[a-z\d][\w\-*/]{0,240}@[a-z][\w\-*/]{0,13})=[ -+\--<>-~]{0,255}[!-+\--<>-~]$/;

/** §3.3: a list of `vendor=value`, each vendor once. Capitals of `\w` are none of a key. */
function isTracestate(text: string): boolean {
  if (text.length > tracestateMax) return false;
  const members = text.split(",").flatMap((one) => one.replace(/^[ \t]+|[ \t]+$/g, "") || []);
  const keys = members.map((one) => member.exec(one)?.groups?.key);
  return (
    members.length > 0 &&
    members.length <= membersMax &&
    keys.every((key) => key !== undefined && key === key.toLowerCase()) &&
    new Set(keys).size === keys.length
  );
}

const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

/**
 * Gives each request its id, which is always ours, for what a caller chose could stand for anything in our logs, and its place in
 * the caller's trace; every answer carries both.
 */
export function traced() {
  return createMiddleware<AppEnv>(async function tracedMiddleware(c, next) {
    const requestId = newId("req", Date.now());
    const trace = continueTrace(c.req.header("traceparent"), c.req.header("tracestate"));
    c.set("requestId", requestId);
    c.set("trace", trace);
    const headers = { "x-request-id": requestId, traceparent: traceparentOf(trace) };
    for (const [name, value] of Object.entries(headers)) c.header(name, value);
    await next();
    // Answers that Hono has not made have not got them.
    for (const [name, value] of Object.entries(headers)) c.res.headers.set(name, value);
  });
}
