import type { Attempt, Begun, KeptAnswer, RequestMark } from "../../durable-objects/idempotency-ledger";
import type { TenantContext } from "../context";
import { describeFault } from "../describe-fault";
import { ServiceError } from "../errors";
import { shardOf } from "./identify";
import { openBody, sealBody } from "./sealed-body";

export type { Attempt };

/** What a request was answered, as it left. */
export interface Answer extends Omit<KeptAnswer, "body" | "file"> {
  /** Null if there is none. */
  body: Uint8Array<ArrayBuffer> | null;
}

export type Beginning = { kind: "new"; attempt: Attempt } | { kind: "replay"; answer: Answer };

/**
 * Begins a request under a key, or answers what it was answered before. Throws `idempotency_in_progress`, `idempotency_key_reused`
 * and, for who asks for a key must not be served without it, `temporarily_unavailable` if nobody can tell.
 */
export async function beginRequest(ctx: TenantContext, mark: RequestMark): Promise<Beginning> {
  const begun = await ask(ctx, mark);
  switch (begun.kind) {
    case "new":
      return begun;
    case "replay":
      return { kind: "replay", answer: await openAnswer(ctx, begun.answer) };
    case "inProgress":
      throw new ServiceError(
        "idempotency_in_progress",
        "The first request with this Idempotency-Key is still running.",
        {
          retryAfterSeconds: begun.retryAfterSeconds,
        },
      );
    case "mismatch":
      throw new ServiceError("idempotency_key_reused", "Another request came under this Idempotency-Key before.");
  }
}

async function ask(ctx: TenantContext, mark: RequestMark): Promise<Begun> {
  try {
    const begun: Begun = await ledgerOf(ctx, mark).begin(mark);
    if (kinds.has(begun.kind)) return begun;
    throw new TypeError("The ledger's answer is none that is known.");
  } catch (error) {
    ctx.log({ level: "error", msg: "idempotency ledger unreachable", error: describeFault(error) });
    throw new ServiceError("temporarily_unavailable", "Whether this request was made before cannot be told now.", {
      retryAfterSeconds: 1,
    });
  }
}

const kinds = new Set<Begun["kind"]>(["new", "replay", "inProgress", "mismatch"]);

/** Above this the sealed body is a file: a row holds 2 MB. */
const rowBytesMax = 1024 * 1024;

/**
 * Keeps what an attempt was answered. Never throws: if it fails, the lease ends by itself, and the next attempt makes the same
 * ids and so meets what this one made.
 */
export async function keepAnswer(ctx: TenantContext, attempt: Attempt, answer: Answer): Promise<void> {
  const { body, ...kept } = answer;
  await settle(ctx, async () => {
    const lines = body ? await sealBody(ctx.vault, body) : [];
    const ledger = ledgerOf(ctx, attempt);
    if (lines.reduce((size, { length }) => size + length, 0) <= rowBytesMax) {
      await ledger.complete(attempt, { ...kept, body: lines.join("") || null, file: null });
      return;
    }
    const file = fileName(ctx, attempt);
    await ledger.announceFile(attempt, file);
    await ctx.files.put(file, new Blob(lines));
    await ledger.complete(attempt, { ...kept, body: null, file });
  });
}

/** Frees the key for a repeat at once. Never throws. */
export async function releaseRequest(ctx: TenantContext, attempt: Attempt): Promise<void> {
  await settle(ctx, async () => ledgerOf(ctx, attempt).release(attempt));
}

async function settle(ctx: TenantContext, act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    ctx.log({ level: "error", msg: "idempotent answer not kept", error: describeFault(error) });
  }
}

async function openAnswer(ctx: TenantContext, { body, file, ...kept }: KeptAnswer): Promise<Answer> {
  const sealed = file === null ? body : await readFile(ctx, file);
  return { ...kept, body: sealed === null ? null : await openBody(ctx.vault, sealed) };
}

async function readFile(ctx: TenantContext, name: string): Promise<string> {
  const file = await ctx.files.get(name);
  if (file) return file.text();
  // It expired on the way from the ledger to R2: the next attempt finds the key free.
  throw new ServiceError("temporarily_unavailable", "The answer of the first request expired just now.", {
    retryAfterSeconds: 1,
  });
}

/** Of each attempt its own, so that none writes over what another one answered. */
const fileName = ({ tenant }: TenantContext, { keyHash, startedAt, number }: Attempt): string =>
  `${tenant.code}/idempotency/${keyHash}/${startedAt}-${number}`;

const ledgerOf = (ctx: TenantContext, of: Pick<RequestMark, "keyHash">) => ctx.idempotency(ctx.tenant.id, shardOf(of));
