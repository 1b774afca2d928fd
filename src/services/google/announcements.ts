import { and, eq, sql } from "drizzle-orm";
import { passVersions, type GoogleObjectRow } from "../../db/data-schema";
import { announcementOf } from "../../google-wallet/announce";
import type { PassOverrides } from "../../pass-model/overrides";
import { resolvePass } from "../../pass-model/resolve";
import type { JsonObject, ResolvedPass } from "../../pass-model/resolved-pass";
import type { TenantContext } from "../context";
import { recordOf, type PassFile } from "../passes/read";

/** A pass, and the version that its holder was last told of. */
export interface Told {
  row: GoogleObjectRow;
  file: PassFile;
  resolved: ResolvedPass;
  toldVersion: number;
}

/** Whether a change can announce anything: without, nothing needs to be compared. */
export function canAnnounce({ row, file, resolved, toldVersion }: Told): boolean {
  return (
    toldVersion > 0 &&
    toldVersion < file.pass.version &&
    !resolved.voided &&
    (Object.keys(row.announced).length > 0 || resolved.fields.some(({ changeMessage }) => changeMessage !== null))
  );
}

/** Of each pass the text that its changes since its holder was last told announce. Reads only for passes that can announce any. */
export async function readAnnouncements(ctx: TenantContext, passes: Told[]): Promise<Map<string, JsonObject>> {
  const able = passes.filter(canAnnounce);
  if (able.length === 0) return new Map();
  const keys = JSON.stringify(able.map(({ row, toldVersion }) => [row.passId, toldVersion]));
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
  const texts = able.flatMap(({ row, file, resolved }): [string, JsonObject][] => {
    const version = versions.get(file.pass.id);
    const previous = version && resolveFormer(ctx, file, version);
    const announcement = previous && announcementOf(previous, withTexts(resolved, row.announced), ctx.now);
    return announcement ? [[file.pass.id, { ...announcement }]] : [];
  });
  return new Map(texts);
}

/** The texts of earlier updates of which nobody was told yet; the latest one's stands in the pass already. */
function withTexts(pass: ResolvedPass, announced: Record<string, string>): ResolvedPass {
  const textOf = (key: string) => (Object.hasOwn(announced, key) ? announced[key]! : null);
  const fields = pass.fields.map((field) => ({ ...field, changeMessage: textOf(field.key) ?? field.changeMessage }));
  return { ...pass, fields };
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
