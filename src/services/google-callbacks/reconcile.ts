import { eq, sql } from "drizzle-orm";
import type { Database } from "../../db/client";
import { googleObjects, passes, type GoogleObjectRow } from "../../db/data-schema";
import type { GoogleAnswer, GoogleError } from "../../providers/google/contract";
import type { JsonObject } from "../../pass-model/resolved-pass";
import { forTenant, type BaseContext, type TenantContext } from "../context";
import { describeFault } from "../describe-fault";
import { readGoogleAccount, type GoogleAccount } from "../google/account";
import { callAll } from "../google/calls";
import { objectIdOf } from "../google/project";
import { serviceAccountOf } from "../google/service-account";
import { findTenant } from "../tenants/read";

/** An invocation may make 50 requests on the free plan; a tenant takes some five of its own and one for twenty objects. */
const objectsPerRun = 100;
const tenantsPerRun = 3;

/** `reconcile_at` is a day after `reconciled_at`. */
const dayMs = 24 * 3_600_000;
const retryMs = 3_600_000;

const askingMs = 45_000;
/** Leaves places to people who open a link. */
const waitMsMax = 2000;

interface Taken extends Pick<GoogleObjectRow, "tenantId" | "passId" | "id" | "vertical" | "drift"> {
  /** Of the last callback that our count held before Google was asked. */
  countedSeq: number;
}

/** What Google says of a pass: whether somebody has it; null if there is nothing to compare with. */
interface Compared {
  object: Taken;
  hasUsers: boolean | null;
}

/**
 * Compares what Google says of passes (`hasUsers`) with our count of callbacks, each pass once a day and those first
 * that waited longest. A difference is a callback that never came: it is noted as the pass's drift, and changes no count.
 * Google's own outages were the cause before (android-codelab#2). Runs from cron; answers how many passes it compared.
 */
export async function reconcileCallbacks(ctx: BaseContext): Promise<number> {
  let compared = 0;
  for (const data of ctx.dataDatabases()) {
    const taken = await takeLongestWaiting(ctx, data);
    const tenantIds = [...new Set(taken.map(({ tenantId }) => tenantId))];
    const counts = await Promise.all(
      tenantIds.map((tenantId) =>
        reconcileTenant(ctx, { data, tenantId, objects: taken.filter((object) => object.tenantId === tenantId) }),
      ),
    );
    compared += counts.reduce((sum, count) => sum + count, 0);
  }
  return compared;
}

/**
 * What is taken comes again in an hour, unless it is compared: nothing that fails, or is cut off, stands first in line
 * for ever.
 */
async function takeLongestWaiting({ now }: BaseContext, data: Database): Promise<Taken[]> {
  const rows: unknown[] = await data.all(sql`
    update ${googleObjects} set reconciled_at = ${now - dayMs + retryMs}
    where (tenant_id, pass_id) in (
      with line as materialized (
        select tenant_id, pass_id, reconcile_at from ${googleObjects}
        where reconcile_at <= ${now} order by reconcile_at limit ${objectsPerRun}
      )
      select tenant_id, pass_id from line where tenant_id in (
        select tenant_id from line group by tenant_id order by min(reconcile_at), tenant_id limit ${tenantsPerRun}
      )
    )
    returning tenant_id as tenantId, pass_id as passId, id, vertical, drift,
      (select google_counted_seq from ${passes} where ${passes.tenantId} = google_objects.tenant_id and ${passes.id} = pass_id) as countedSeq
  `);
  return rows as Taken[];
}

interface Share {
  data: Database;
  tenantId: string;
  objects: Taken[];
}

/** Never throws: one tenant holds up no other. */
async function reconcileTenant(ctx: BaseContext, share: Share): Promise<number> {
  try {
    const compared = await compare(ctx, share);
    tellOfNew(ctx, share, await note(ctx, share, compared));
    return compared.length;
  } catch (error) {
    const { tenantId } = share;
    ctx.log({ level: "error", msg: "google reconcile failed", tenantId, error: describeFault(error) });
    return 0;
  }
}

/** What can be said now; whatever Google did not answer is left for later. */
async function compare(ctx: BaseContext, { tenantId, objects }: Share): Promise<Compared[]> {
  const tenant = await findTenant(ctx, tenantId);
  const own = tenant?.status === "active" ? forTenant(ctx, tenant, { type: "system" }) : null;
  const account = own && (await readGoogleAccount(own));
  const unknown = (object: Taken): Compared => ({ object, hasUsers: null });
  if (!account) return objects.map(unknown);
  // Only its own issuer answers us for an object.
  const isOurs = ({ id, passId }: Taken) => id === objectIdOf(account.issuerId, passId);
  const answers = await ask(own, account, objects.filter(isOurs));
  return [...objects.filter((object) => !isOurs(object)).map(unknown), ...answers];
}

async function ask(ctx: TenantContext, account: GoogleAccount, objects: Taken[]): Promise<Compared[]> {
  if (objects.length === 0) return [];
  const patience = { deadline: ctx.now + askingMs, waitMsMax };
  const api = ctx.google.as(await serviceAccountOf(ctx, account), patience);
  const answers = await callAll(
    api,
    objects.map(({ id, vertical }) => ({ method: "get", kind: "object", vertical, id })),
  );
  tellOfUnanswered(ctx, answers);
  return objects.flatMap((object, index) => {
    const answer = answers[index]!;
    if (answer.ok) return [{ object, hasUsers: hasUsersOf(answer.value) }];
    return isUnanswered(answer.error) ? [] : [{ object, hasUsers: null }];
  });
}

const hasUsersOf = ({ hasUsers }: JsonObject): boolean | null => (typeof hasUsers === "boolean" ? hasUsers : null);

const isUnanswered = ({ kind }: GoogleError): boolean => kind !== "not_found";

function tellOfUnanswered({ log, tenant }: TenantContext, answers: GoogleAnswer<JsonObject>[]): void {
  const errors = answers.flatMap((answer) => (answer.ok || !isUnanswered(answer.error) ? [] : [answer.error]));
  const [first] = errors;
  if (!first) return;
  const { length: passCount } = errors;
  log({ level: "warn", msg: "google reconcile put off", tenantId: tenant.id, code: first.kind, passes: passCount });
}

/**
 * One statement, which also reads our counts: of a pass that a callback came for while Google was asked, nothing can be
 * said. Answers the drift of each pass by its id; not of those that went to another issuer meanwhile.
 */
async function note(
  { now }: BaseContext,
  { data, tenantId }: Share,
  compared: Compared[],
): Promise<Map<string, Taken["drift"]>> {
  if (compared.length === 0) return new Map();
  const records = compared.map(({ object: { passId, id, countedSeq }, hasUsers }) => [
    passId,
    id,
    hasUsers,
    countedSeq,
  ]);
  // Null if a callback came meanwhile, and then neither comparison holds.
  const active = sql`(select ${passes.googleActive} from ${passes} where ${eq(passes.tenantId, tenantId)} and ${passes.id} = said.pass_id
    and ${passes.googleCountedSeq} = said.counted_seq)`;
  const said = sql`select value ->> 0 as pass_id, value ->> 1 as id, value ->> 2 as has_users, value ->> 3 as counted_seq
    from json_each(${JSON.stringify(records)})`;
  // Materialised, or else every object of the tenant would be held against every record.
  const rows: unknown[] = await data.all(sql`
    update ${googleObjects} set
      reconciled_at = ${now},
      drift = case has_users when 1 then iif(${active} = 0, 'save', null) when 0 then iif(${active} > 0, 'removal', null) end
    from (with records as materialized (${said}) select * from records) as said
    where ${googleObjects.tenantId} = ${tenantId} and ${googleObjects.passId} = said.pass_id and ${googleObjects.id} = said.id
    returning google_objects.pass_id as passId, drift
  `);
  return new Map((rows as Pick<Taken, "passId" | "drift">[]).map(({ passId, drift }) => [passId, drift]));
}

/** Counts alone: who holds which pass is in no log. */
function tellOfNew({ log }: BaseContext, { tenantId, objects }: Share, drifts: Map<string, Taken["drift"]>): void {
  const found = objects.filter(({ passId, drift }) => drifts.get(passId) && drifts.get(passId) !== drift);
  if (found.length === 0) return;
  const count = (drift: Taken["drift"]) => found.filter(({ passId }) => drifts.get(passId) === drift).length;
  log({ level: "warn", msg: "google callbacks missing", tenantId, saves: count("save"), removals: count("removal") });
}
