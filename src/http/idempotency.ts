import type { Context } from "hono";
import { createMiddleware } from "hono/factory";
import type { ContentfulStatusCode, StatusCode } from "hono/utils/http-status";
import { actorName, type TenantContext } from "../services/context";
import { describeFault } from "../services/describe-fault";
import { underKey } from "../services/idempotency/derive";
import { identify } from "../services/idempotency/identify";
import { beginRequest, keepAnswer, releaseRequest, type Answer, type Attempt } from "../services/idempotency/requests";
import type { AppEnv } from "./env";
import { concat } from "../pkpass/concat";
import { parseIdempotencyKey } from "./idempotency-key";

interface IdempotentOptions {
  /** The answer holds a secret, which is shown again to the credential only that it was shown to. */
  secret?: boolean;
}

/**
 * Runs an operation once under each Idempotency-Key, and answers repeats as the first one was answered. The last middleware before
 * the handler of each POST and PATCH: what is refused earlier is not kept, so a corrected request passes under the same key.
 */
export function idempotent({ secret = false }: IdempotentOptions = {}) {
  return createMiddleware<AppEnv>(async function idempotentMiddleware(c, next) {
    const header = c.req.header("idempotency-key");
    if (header === undefined) return next();
    const ctx = c.get("tenant");
    const { pathname, search } = new URL(c.req.url);
    const mark = await identify({
      tenantId: ctx.tenant.id,
      key: parseIdempotencyKey(header),
      method: c.req.method,
      target: `${pathname}${search}`,
      precondition: c.req.header("if-match") ?? null,
      body: new Uint8Array(await c.req.arrayBuffer()),
      caller: secret ? actorName(ctx.actor) : null,
    });
    const begun = await beginRequest(ctx, mark);
    if (begun.kind === "replay") return replay(c, begun.answer);
    c.set("tenant", await underKey(ctx, begun.attempt));
    const done = next().then(() => settle(c, ctx, begun.attempt));
    // Also when the caller hangs up, who then finds the answer and not a key that is leased to nobody.
    c.executionCtx.waitUntil(done);
    await done;
  });
}

/**
 * On its way to the ledger an answer is in memory up to six times over, out of the 128 MB that an isolate has. Only bundles of passes are
 * larger, and they change nothing: a repeat makes them anew.
 */
const keptBytesMax = 12 * 1024 * 1024;

/** Keeps what was answered, unless that says that nothing came of it. Never throws: the answer leaves in any case. */
async function settle(c: Context<AppEnv>, ctx: TenantContext, attempt: Attempt): Promise<void> {
  try {
    const { status, headers } = c.res;
    const isKept = status !== 429 && status < 500;
    const body = isKept ? await readUpTo(c.res.clone().body, keptBytesMax) : "notKept";
    if (body === "notKept") return await releaseRequest(ctx, attempt);
    const errorCode = (c.get("errorCode") as string | undefined) ?? null;
    await keepAnswer(ctx, attempt, { status, headers: ownHeaders(headers), errorCode, body });
  } catch (error) {
    ctx.log({ level: "error", msg: "idempotent answer not read", error: describeFault(error) });
    await releaseRequest(ctx, attempt);
  }
}

async function readUpTo(
  body: ReadableStream<Uint8Array> | null,
  bytesMax: number,
): Promise<Uint8Array<ArrayBuffer> | null | "notKept"> {
  if (!body) return null;
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > bytesMax) return "notKept";
    chunks.push(chunk);
  }
  return concat(chunks);
}

/** Those that each answer gets anew, and cookies, which are nobody else's. */
const perRequest = /^(x-request-id|traceparent|tracestate|date|set-cookie|(x-)?ratelimit(-.*)?)$/;

const ownHeaders = (headers: Headers): Record<string, string> =>
  Object.fromEntries([...headers].filter(([name]) => !perRequest.test(name)));

function replay(c: Context<AppEnv>, { status, headers, errorCode, body }: Answer): Response {
  if (errorCode !== null) c.set("errorCode", errorCode);
  const all = { ...headers, "idempotent-replayed": "true" };
  return body ? c.body(body, status as ContentfulStatusCode, all) : c.body(null, status as StatusCode, all);
}
