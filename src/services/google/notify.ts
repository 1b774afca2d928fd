import { and, eq, sql } from "drizzle-orm";
import { passVersions, type GoogleObjectRow } from "../../db/data-schema";
import { announcementOf } from "../../google-wallet/announce";
import type { PassOverrides } from "../../pass-model/overrides";
import { resolvePass } from "../../pass-model/resolve";
import type { JsonObject, ResolvedPass, Warning } from "../../pass-model/resolved-pass";
import type { GoogleApi, GoogleError } from "../../providers/google/contract";
import type { TenantContext } from "../context";
import { recordOf, type PassFile } from "../passes/read";

/** Google shows at most this many notifying messages of a pass in 24 hours. */
export const notificationsMax = 3;
export const notificationWindowMs = 86_400_000;

export const recentNotifications = (row: Pick<GoogleObjectRow, "notifiedAt">, now: number): number[] =>
  row.notifiedAt.filter((at) => at > now - notificationWindowMs);

/** Of each pass the text that its changes since Google last heard of it announce. Reads only for passes that can announce any. */
export async function readAnnouncements(
  ctx: TenantContext,
  passes: { row: GoogleObjectRow; file: PassFile; resolved: ResolvedPass }[],
): Promise<Map<string, JsonObject>> {
  const able = passes.filter(
    ({ row, file, resolved }) =>
      row.syncedVersion > 0 &&
      row.syncedVersion < file.pass.version &&
      !resolved.voided &&
      resolved.fields.some(({ changeMessage }) => changeMessage !== null),
  );
  if (able.length === 0) return new Map();
  const keys = JSON.stringify(able.map(({ row }) => [row.passId, row.syncedVersion]));
  const former = await ctx.data
    .select()
    .from(passVersions)
    .where(
      and(
        eq(passVersions.tenantId, ctx.tenant.id),
        sql`(${passVersions.passId}, ${passVersions.version}) in (select value ->> 0, value ->> 1 from json_each(${keys}))`,
      ),
    );
  const versions = new Map(former.map((version) => [version.passId, version]));
  const texts = able.flatMap(({ file, resolved }): [string, JsonObject][] => {
    const version = versions.get(file.pass.id);
    const previous = version && resolveFormer(ctx, file, version);
    const announcement = previous && announcementOf(previous, resolved, ctx.now);
    return announcement ? [[file.pass.id, { ...announcement }]] : [];
  });
  return new Map(texts);
}

/** A pass as it was. Null if it was of another template version, of which nothing can be compared. */
function resolveFormer(
  ctx: TenantContext,
  { pass, version }: PassFile,
  former: typeof passVersions.$inferSelect,
): ResolvedPass | null {
  if (former.templateVersion !== pass.templateVersion) return null;
  const { fieldValues, overrides } = former;
  const record = { ...recordOf({ ...pass, fieldValues, announcement: null }), overrides: overrides as PassOverrides };
  const result = resolvePass(version.compiled, record, ctx.tenant, version.images);
  return result.ok ? result.pass : null;
}

export type Notified = { ok: true; notifiedAt: number[]; warnings: Warning[] } | { ok: false; error: GoogleError };

/** By which a text is found again if its sender died. */
export const messageIdOf = (version: number): string => `v${version}`;

/** Tells the holder on the lock screen, or silently once the day's notifications are used up. */
export async function sendAnnouncement(
  ctx: TenantContext,
  api: GoogleApi,
  { row, text, version }: { row: GoogleObjectRow; text: JsonObject; version: number },
): Promise<Notified> {
  const recent = recentNotifications(row, ctx.now);
  const send = (messageType: "TEXT" | "TEXT_AND_NOTIFY") =>
    api.call({
      method: "addMessage",
      kind: "object",
      vertical: row.vertical,
      id: row.id,
      message: { ...text, id: messageIdOf(version), messageType },
    });
  if (recent.length < notificationsMax) {
    const answer = await send("TEXT_AND_NOTIFY");
    if (answer.ok) return { ok: true, notifiedAt: [...recent, ctx.now], warnings: [] };
    if (answer.error.kind !== "notification_quota") return answer;
  }
  const answer = await send("TEXT");
  if (!answer.ok) return answer;
  const detail = `Google shows at most ${notificationsMax} notifications of a pass in 24 hours; this text came without one`;
  const warning = { code: "google_notification_limit", pointer: "#/changeMessage", detail };
  return { ok: true, notifiedAt: recent, warnings: [warning] };
}
