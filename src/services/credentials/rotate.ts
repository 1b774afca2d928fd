import { sql } from "drizzle-orm";
import { isConstraintFailure, runBatch, valueIf } from "../../db/client";
import { credentials, type CredentialRow } from "../../db/control-schema";
import { auditRow } from "../audit/record";
import { orDone } from "../audit/second-attempt";
import type { TenantContext } from "../context";
import { ServiceError } from "../errors";
import { assertGrantable, insertKey, prepareKey, readMade, type CreatedKey } from "./create";
import { announceEpoch, bumpEpoch, publishEpoch } from "./epoch";
import { ownKey, readKey } from "./list";
import type { Scope } from "../scopes";

/**
 * Replaces a key by a new one with the same name and scopes. Both are valid until the window ends; a window
 * of 0 ends the old one at once. A revoked key cannot be rotated (`key_revoked`), nor one that may do more than
 * the key that asks, whose scopes are `granted` (`insufficient_scope`).
 */
export const rotateKey = (
  ctx: TenantContext,
  granted: Scope[],
  id: string,
  windowSeconds: number,
): Promise<CreatedKey> =>
  orDone(
    ctx,
    ctx.control,
    () => rotate(ctx, granted, id, windowSeconds),
    async () => {
      // That attempt may have ended before it told the limiter.
      await publishEpoch(ctx, ctx.tenant.id);
      return readMade(ctx);
    },
  );

/** Of rotations at once one gets through each time. */
const attemptsMax = 20;

async function rotate(ctx: TenantContext, granted: Scope[], id: string, windowSeconds: number): Promise<CreatedKey> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await rotateOnce(ctx, granted, id, windowSeconds);
    } catch (error) {
      if (!isConstraintFailure(error, "NOT NULL", "credentials.name")) throw error;
      if (attempt === attemptsMax) {
        throw new ServiceError("temporarily_unavailable", "Others are changing this key at the same time.", {
          retryAfterSeconds: 1,
        });
      }
    }
  }
}

async function rotateOnce(
  ctx: TenantContext,
  granted: Scope[],
  id: string,
  windowSeconds: number,
): Promise<CreatedKey> {
  const old = await readKey(ctx, id);
  const expired = old.expiresAt !== null && old.expiresAt <= ctx.now && old.rotatedTo === null;
  if (old.revokedAt !== null || expired) throw keyRevoked();
  assertGrantable(granted, old.scopes as Scope[]);
  const created = await prepareKey(ctx, ctx.tenant, {
    name: old.name,
    scopes: old.scopes as Scope[],
    expiresAt: await ownExpiry(ctx, old),
  });
  const end = Math.min(old.expiresAt ?? Infinity, ctx.now + windowSeconds * 1000);
  await announceEpoch(ctx, ctx.tenant.id);
  const asRead = sql`${credentials.revokedAt} is null and ${credentials.rotatedTo} is ${old.rotatedTo}
    and ${credentials.expiresAt} is ${old.expiresAt}`;
  await runBatch(ctx.control, [
    auditRow(ctx, ctx.control, {
      action: "api_key.rotated",
      objectId: id,
      changes: [
        { pointer: "#/rotatedTo", from: old.rotatedTo, to: created.row.id },
        { pointer: "#/expiresAt", to: new Date(end).toISOString() },
      ],
    }),
    insertKey(ctx.control, created.row),
    ctx.control
      .update(credentials)
      .set({ expiresAt: end, rotatedTo: created.row.id, name: valueIf(asRead, old.name) })
      .where(ownKey(ctx, id)),
    bumpEpoch(ctx, ctx.tenant.id),
  ]);
  await publishEpoch(ctx, ctx.tenant.id);
  return created;
}

/** The expiry that a key was made with. That of a rotated key is the end of its window; its successor has the other. */
async function ownExpiry(ctx: TenantContext, key: CredentialRow): Promise<number | null> {
  let last = key;
  while (last.rotatedTo !== null) {
    const [successor] = await ctx.control.select().from(credentials).where(ownKey(ctx, last.rotatedTo));
    if (!successor) break;
    last = successor;
  }
  return last.expiresAt;
}

const keyRevoked = () => new ServiceError("key_revoked", "The key was revoked or has expired; make a new one.");
