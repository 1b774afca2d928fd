import { and, eq, sql } from "drizzle-orm";
import { googleObjects, passes, type GoogleObjectRow } from "../../db/data-schema";
import { signSaveJwt, type SaveJwt, type SaveJwtInput } from "../../google-wallet/save-link";
import type { TenantContext } from "../context";
import { ServiceError } from "../errors";
import { ownPass, resolveFile, type PassFile } from "../passes/read";
import { requireGoogleAccount, type GoogleAccount } from "./account";
import { deliver } from "./deliver";
import { claimDue, settle } from "./lease";
import { objectIdOf, payloadOf } from "./project";
import { serviceAccountOf } from "./service-account";

/**
 * A fresh link that saves the pass to Google Wallet. Class and object are made when it is first asked for; after
 * that a link costs no call to Google. Throws `google_not_configured`, and `temporarily_unavailable` while Google does
 * not take the pass.
 */
export async function openSaveLink(ctx: TenantContext, file: PassFile): Promise<string> {
  const account = await requireGoogleAccount(ctx);
  const objectId = objectIdOf(account.issuerId, file.pass.id);
  const row = file.googleObject;
  if (row?.id === objectId && row.syncedVersion > 0) return skinnyLink(ctx, account, row);
  const fat = account.saveLink === "fat" ? await fatLink(ctx, account, file) : null;
  return fat ?? skinnyLink(ctx, account, await makeObject(ctx, account, file.pass.id));
}

/** Brings the pass to Google. First comes its row, so that a crash leaves something that cron goes on with. */
async function makeObject(ctx: TenantContext, account: GoogleAccount, passId: string): Promise<GoogleObjectRow> {
  await noteObject(ctx, passId, objectIdOf(account.issuerId, passId), ctx.now);
  const { claimed, held } = await claimDue(ctx, [passId]);
  if (held.length > 0) throw notYet("Another request is bringing the pass to Google.", 2);
  const [delivered] = claimed.length > 0 ? await deliver(ctx, account, claimed) : [];
  if (!delivered) return readMade(ctx, passId);
  await settle(ctx, [delivered]);
  const { row, error } = delivered;
  if (!error) return row;
  ctx.log({ level: "error", msg: "google object not made", passId, code: error.code });
  throw notYet("Google does not take the pass at this moment.", Math.min(error.retryAfterSeconds ?? 60, 60));
}

/** Of an issuer that the account had before, the row begins anew; its object stays with who saved it. */
function noteObject(ctx: TenantContext, passId: string, id: string, dueAt: number | null) {
  const anew = { id, classId: null, syncedVersion: 0, failure: null, dueAt };
  return ctx.data
    .insert(googleObjects)
    .select(
      ctx.data
        .select({
          tenantId: passes.tenantId,
          passId: passes.id,
          id: sql<string>`${id}`.as("id"),
          // Decided when it is made.
          vertical: sql<GoogleObjectRow["vertical"]>`'generic'`.as("vertical"),
          classId: sql<null>`null`.as("class_id"),
          syncedVersion: sql<number>`0`.as("synced_version"),
          syncedAt: sql<null>`null`.as("synced_at"),
          dueAt: sql<number | null>`${dueAt}`.as("due_at"),
          leasedUntil: sql<null>`null`.as("leased_until"),
          failure: sql<null>`null`.as("failure"),
          warnings: sql<never[]>`'[]'`.as("warnings"),
          notifiedAt: sql<number[]>`'[]'`.as("notified_at"),
          createdAt: sql<number>`${ctx.now}`.as("created_at"),
        })
        .from(passes)
        .where(ownPass(ctx, passId)),
    )
    .onConflictDoUpdate({
      target: [googleObjects.tenantId, googleObjects.passId],
      set: anew,
      setWhere: sql`${googleObjects.id} <> ${id} or (${googleObjects.syncedVersion} = 0 and ${dueAt} is not null)`,
    });
}

/** Another request made it between our reading and our writing. */
async function readMade(ctx: TenantContext, passId: string): Promise<GoogleObjectRow> {
  const [row] = await ctx.data
    .select()
    .from(googleObjects)
    .where(and(eq(googleObjects.tenantId, ctx.tenant.id), eq(googleObjects.passId, passId)));
  if (!row || row.syncedVersion === 0) throw notYet("The pass is on its way to Google.", 2);
  return row;
}

/** The whole pass within the link: Google makes class and object when it is saved. Null if that is too long for a link. */
async function fatLink(ctx: TenantContext, account: GoogleAccount, file: PassFile): Promise<string | null> {
  const { vertical, class: body, object } = await payloadOf(ctx, resolveFile(ctx, file), account.issuerId, null);
  if (!body) return null;
  const { jwt, form } = await sign(ctx, account, { vertical, object, fat: { class: body, object } });
  if (form === "skinny") return null;
  // From now on changes are sent after it: whether it was saved by then or not.
  await noteObject(ctx, file.pass.id, object.id, null);
  return ctx.google.saveUrl(jwt);
}

async function skinnyLink(ctx: TenantContext, account: GoogleAccount, row: GoogleObjectRow): Promise<string> {
  const { vertical, id, classId } = row;
  const { jwt } = await sign(ctx, account, { vertical, object: { id, classId: classId! } });
  return ctx.google.saveUrl(jwt);
}

async function sign(
  ctx: TenantContext,
  account: GoogleAccount,
  saved: Pick<SaveJwtInput, "vertical" | "object" | "fat">,
): Promise<SaveJwt> {
  const { clientEmail, signingKey } = await serviceAccountOf(ctx, account);
  return signSaveJwt({ ...saved, account: { clientEmail }, key: await signingKey(), origins: [], now: ctx.now });
}

const notYet = (detail: string, retryAfterSeconds: number) =>
  new ServiceError("temporarily_unavailable", detail, { retryAfterSeconds });
