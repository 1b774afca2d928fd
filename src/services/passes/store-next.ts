import { and, eq, sql } from "drizzle-orm";
import { isConstraintFailure, valueIf, type BatchStatement } from "../../db/client";
import { passVersions, passes, type ChangeSummary, type PassRow } from "../../db/data-schema";
import { actorName, type TenantContext } from "../context";
import { ServiceError } from "../errors";
import { nextEventSeq } from "../events/record";
import { markDue } from "../google/due";
import { countUses, imagesExist } from "../images/uses";
import { changedUses } from "./own-images";
import { ownPass } from "./read";

/** The row that follows `pass` after a change that a holder could see. */
export function nextRow(ctx: TenantContext, pass: PassRow, kind: ChangeSummary["kind"], pointers: string[]): PassRow {
  const [at, by] = [timeOfChange(ctx, pass), actorName(ctx.actor)];
  const change = { kind, pointers, at, by, previousAt: pass.change.at };
  return { ...pass, version: pass.version + 1, change, updatedAt: at, updatedBy: by };
}

/** Now, but later than the change before, for requests are not committed in the order in which they began. */
export const timeOfChange = (ctx: TenantContext, pass: PassRow): number => Math.max(ctx.now, pass.updatedAt + 1);

/** The columns that an update writes. Links and installations are other verbs', and may have changed since the pass was read. */
function ownColumns(next: PassRow) {
  const { templateVersion, customerId, fieldValues, overrides, images, announcement, change } = next;
  const { updatedAt, updatedBy, expiresAt, voidedAt, personalizedAt } = next;
  const content = { templateVersion, customerId, fieldValues, overrides, images, announcement, change };
  return { ...content, updatedAt, updatedBy, expiresAt, voidedAt, personalizedAt };
}

/** The pass row is its latest version; the ones before are kept here, at most 100 with it. */
const versionsKept = 100;

/**
 * The statements that put `next` in the place of `pass`, with the uses of its pictures. They fail if the pass
 * was changed or one of its new pictures deleted since it was read; `retryIfOvertaken` knows both.
 */
export function storeNext(ctx: TenantContext, pass: PassRow, next: PassRow): BatchStatement[] {
  const unchanged = sql`${passes.version} = ${pass.version} and ${passes.updatedAt} = ${pass.updatedAt} and ${passes.voidedAt} is null`;
  const visible = next.version !== pass.version;
  // A voided pass keeps its pictures, but counts as a use of none.
  const { added, removed } = changedUses(pass, next.voidedAt === null ? next : { images: null });
  const update = ctx.data
    .update(passes)
    .set({
      ...ownColumns(next),
      version: valueIf(unchanged, next.version),
      // The event of the change follows in the same batch.
      ...(visible && { revision: nextEventSeq(pass.tenantId) }),
      ...(added.length > 0 && {
        overrides: valueIf(imagesExist(pass.tenantId, added), JSON.stringify(next.overrides)),
      }),
    })
    .where(ownPass(ctx, pass.id));
  const counted = [...countUses(ctx, "passUses", added, 1), ...countUses(ctx, "passUses", removed, -1)];
  if (!visible) return [update, ...counted];
  const ownVersions = and(eq(passVersions.tenantId, pass.tenantId), eq(passVersions.passId, pass.id));
  return [
    update,
    ...counted,
    markDue(ctx, next),
    ctx.data.insert(passVersions).values({
      tenantId: pass.tenantId,
      passId: pass.id,
      version: pass.version,
      templateVersion: pass.templateVersion,
      fieldValues: pass.fieldValues,
      overrides: pass.overrides,
      change: pass.change,
      changedAt: pass.change.at,
      changedBy: pass.change.by,
    }),
    ctx.data
      .delete(passVersions)
      .where(and(ownVersions, sql`${passVersions.version} <= ${next.version - versionsKept}`)),
  ];
}

export function assertVersion(pass: PassRow, ifVersion: number | null): void {
  if (ifVersion === null || pass.version === ifVersion) return;
  const detail = `The pass is at version ${pass.version}, not ${ifVersion}. Read it again and repeat the change.`;
  throw new ServiceError("version_mismatch", detail, { extra: { currentVersion: pass.version } });
}

/** Whether a batch failed because a picture that the pass was to show has been deleted. */
export const pictureIsGone = (error: unknown): boolean => isConstraintFailure(error, "NOT NULL", "passes.overrides");

/** Of any number that write at once one gets through each time, so this many may. Each attempt is two queries of the 50 that a request may make. */
const attemptsMax = 20;

export function retryIfOvertaken(error: unknown, attempt: number, ifVersion: number | null): void {
  if (!isConstraintFailure(error, "NOT NULL", "passes.version") && !pictureIsGone(error)) throw error;
  // With If-Match the next round reads the new version and refuses.
  if (attempt >= attemptsMax && ifVersion === null) {
    throw new ServiceError("temporarily_unavailable", "Others are changing this pass at the same time.", {
      retryAfterSeconds: 1,
    });
  }
}
