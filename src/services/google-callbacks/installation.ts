import { sql, type SQL } from "drizzle-orm";
import { passes } from "../../db/data-schema";
import { idPattern } from "../../db/ids";
import type { GoogleCallback } from "../../google-wallet/callback";
import type { TenantContext } from "../context";
import { ownPass } from "../passes/read";

/** A pass was added to a Google Wallet or removed from one, if the tenant has such a pass. */
export interface Installation {
  passId: string;
  objectId: string;
  saved: boolean;
  /** To the totals of pass, template and tenant, by the pass as it is at that place of the batch. */
  added: { installsActive: SQL; installsTotal?: SQL; passesInstalled?: SQL };
  /** The new value of `passes.google_early_removals`. */
  earlyRemovals: SQL<number[] | null>;
}

const passIdPattern = idPattern("pass");

/** Null if the message is of another kind, or its object cannot be a pass of ours. */
export function installationOf(
  ctx: TenantContext,
  issuerId: string,
  { eventType, objectId, expiresAt }: GoogleCallback,
): Installation | null {
  const passId = objectId?.slice(issuerId.length + 1) ?? "";
  if (objectId === null || !passIdPattern.test(passId)) return null;
  const ofPass = (expression: SQL): SQL => sql`(select ${expression} from ${passes} where ${ownPass(ctx, passId)})`;
  const known = { passId, objectId };
  if (eventType === "save") return { ...known, saved: true, ...savedOnce(ctx, ofPass, expiresAt) };
  if (eventType === "del") return { ...known, saved: false, ...removedOnce(ctx, ofPass, expiresAt) };
  return null;
}

type OfPass = (expression: SQL) => SQL;
type Effect = Pick<Installation, "added" | "earlyRemovals">;

const early = sql`json_each(coalesce(${passes.googleEarlyRemovals}, '[]'))`;

/**
 * Messages can come in another order than Google wrote them in. A removal that finds nothing to remove is remembered; a
 * save that is not newer than it (by when they expire) is the one that it removed, so it counts as one that was, and not
 * as one that is. One that is newer counts as usual: then a save before was lost.
 */
function savedOnce({ now }: TenantContext, ofPass: OfPass, expiresAt: number): Effect {
  const itsRemoval = sql`(select key from ${early} where value >= ${expiresAt} order by value limit 1)`;
  return {
    added: {
      installsActive: ofPass(sql`${itsRemoval} is null`),
      installsTotal: sql`1`,
      passesInstalled: ofPass(sql`${passes.firstInstalledAt} is null`),
    },
    earlyRemovals: listOf(sql`select value from ${early} where value > ${now} and key is not ${itsRemoval}`),
  };
}

/** So many people can hold one pass and remove it before we hear of it. */
const earlyRemovalsMax = 20;

function removedOnce({ now }: TenantContext, ofPass: OfPass, expiresAt: number): Effect {
  const remembered = sql`select value from ${early} where value > ${now} union all select cast(${expiresAt} as integer)
    where ${passes.googleActive} = 0 order by value desc limit ${earlyRemovalsMax}`;
  return {
    added: { installsActive: ofPass(sql`-(${passes.googleActive} > 0)`) },
    earlyRemovals: listOf(remembered),
  };
}

const listOf = (values: SQL): SQL<number[] | null> =>
  sql`nullif((select json_group_array(value) from (${values})), '[]')`;
