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
  /** What the pass keeps of the messages' order. */
  line: { googleRecent: SQL<[number, 1 | -1][]>; googleSettled: SQL<number> };
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
  if (eventType !== "save" && eventType !== "del") return null;
  const saved = eventType === "save";
  const { active, ...line } = lineWith({ expiresAt, change: saved ? 1 : -1 }, ctx.now);
  const ofPass = (expression: SQL): SQL => sql`(select ${expression} from ${passes} where ${ownPass(ctx, passId)})`;
  return {
    passId,
    objectId,
    saved,
    added: {
      installsActive: ofPass(sql`${active} - ${passes.googleActive}`),
      ...(saved && {
        installsTotal: sql`1`,
        passesInstalled: ofPass(sql`${passes.firstInstalledAt} is null`),
      }),
    },
    line,
  };
}

/** So many that are valid for long are remembered of a pass. */
const recentMax = 50;
/** Further apart, expiries tell no order: no page of Google's says how they are chosen, so arrival is the better sign. */
const apartMsMax = 10 * 60_000;

/**
 * The count of a pass with one more message in its place. Messages can come in another order than Google sent them in, and
 * when they expire tells that order, within ten minutes; of two that expire together, the one that came first was first.
 * In this order a save adds one and a removal takes one away, never below 0: where a removal finds nothing, its save was
 * lost. Nothing can come before what has expired, so the count up to there is settled.
 */
function lineWith({ expiresAt, change }: { expiresAt: number; change: 1 | -1 }, now: number) {
  const recent = sql`json_each(coalesce(${passes.googleRecent}, '[]'))`;
  const newest = sql`(select max(value ->> 0) from ${recent})`;
  const at = sql`iif(${expiresAt} < ${newest} - ${apartMsMax}, ${newest}, cast(${expiresAt} as integer))`;
  const messages = sql`
    select value ->> 0 as expires_at, value ->> 1 as change, key as place from ${recent}
    union all select ${at}, ${sql.raw(String(change))}, ${recentMax}`;
  const walk = sql`
    select expires_at, change, place, sum(change) over (order by expires_at, place) as height,
      expires_at <= ${now} or row_number() over (order by expires_at desc, place desc) > ${recentMax} as settled
    from (${messages})`;
  // Where a walk ends that starts at `googleSettled` and is held up at 0: as high as it is above its lowest point, or above
  // its start if it is never held up.
  const end = sql`max(${passes.googleSettled} + sum(change), sum(change) - min(height))`;
  return {
    active: sql<number>`(select ${end} from (${walk}))`,
    googleSettled: sql<number>`coalesce((select ${end} from (${walk}) where settled), ${passes.googleSettled})`,
    googleRecent: sql<[number, 1 | -1][]>`(select json_group_array(json_array(expires_at, change)) from (
      select expires_at, change from (${walk}) where not settled order by expires_at, place))`,
  };
}
