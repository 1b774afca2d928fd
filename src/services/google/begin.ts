import { and, eq, sql } from "drizzle-orm";
import { googleObjects, passes, type GoogleObjectRow } from "../../db/data-schema";
import type { ResolvedPass } from "../../pass-model/resolved-pass";
import type { TenantContext } from "../context";
import { ownPass } from "../passes/read";
import { nextExpiry } from "./deliver";
import type { GooglePayload } from "./project";

/**
 * Notes that the pass is to be brought to Google now. Of an issuer that the account had before, the row begins anew: its
 * object stays with who saved it.
 */
export async function noteWanted(ctx: TenantContext, passId: string, id: string): Promise<void> {
  const [same, unmade] = [sql`google_objects.id = excluded.id`, sql`synced_version = 0 or in_link = 1`];
  await ctx.data.run(sql`
    insert into google_objects (tenant_id, pass_id, id, vertical, due_at, created_at)
    select ${passes.tenantId}, ${passes.id}, ${id}, 'generic', ${ctx.now}, ${ctx.now} from ${passes} where ${ownPass(ctx, passId)}
    on conflict (tenant_id, pass_id) do update set
      id = excluded.id, due_at = excluded.due_at,
      class_id = iif(${same}, class_id, null), synced_version = iif(${same}, synced_version, 0),
      in_link = iif(${same}, in_link, 0), messages = iif(${same}, messages, '[]'),
      drift = iif(${same}, drift, null)
    where not ${same} or ${unmade}
  `);
}

/** Notes that a link was handed out that holds the whole pass: what changes from now on is sent after it. */
export async function noteOffered(ctx: TenantContext, resolved: ResolvedPass, payload: GooglePayload): Promise<void> {
  const { id, classId } = payload.object;
  const { id: passId, version } = resolved;
  // A change since the pass was read is sent at once.
  const dueAt = sql`iif(${passes.version} = ${version}, ${nextExpiry(ctx, resolved)}, ${ctx.now})`;
  await ctx.data.run(sql`
    insert into google_objects
      (tenant_id, pass_id, id, vertical, class_id, synced_version, synced_at, in_link, due_at, created_at)
    select ${passes.tenantId}, ${passes.id}, ${id}, ${payload.vertical}, ${classId}, ${version}, ${ctx.now}, 1, ${dueAt}, ${ctx.now}
    from ${passes} where ${ownPass(ctx, passId)}
    on conflict (tenant_id, pass_id) do update set
      id = excluded.id, vertical = excluded.vertical, class_id = excluded.class_id,
      synced_version = excluded.synced_version, synced_at = excluded.synced_at, in_link = 1, drift = null,
      due_at = excluded.due_at, failures = 0, failure = null
    where google_objects.id <> excluded.id or synced_version = 0 or in_link = 1
  `);
}

export async function readObject(ctx: TenantContext, passId: string): Promise<GoogleObjectRow | null> {
  const [row] = await ctx.data
    .select()
    .from(googleObjects)
    .where(and(eq(googleObjects.tenantId, ctx.tenant.id), eq(googleObjects.passId, passId)));
  return row ?? null;
}
