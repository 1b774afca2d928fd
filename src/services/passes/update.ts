import { and, eq, sql } from "drizzle-orm";
import { isConstraintFailure, runBatch, valueIf, type BatchStatement } from "../../db/client";
import { passVersions, passes, type ChangeSummary, type CustomerRow, type PassRow } from "../../db/data-schema";
import { announcing } from "../../pass-model/compile-design";
import type { Values } from "../../pass-model/expressions";
import { passOverrides, type PassOverrides } from "../../pass-model/overrides";
import { checkOverrides, checkResolved, checkValues, resolvePass } from "../../pass-model/resolve";
import type { Json, ResolvedPass, Warning } from "../../pass-model/resolved-pass";
import { actorName, type TenantContext } from "../context";
import { readCustomer, upsertCustomer, type CustomerInput } from "../customers/upsert";
import { ServiceError, refuseIssues } from "../errors";
import { eventRow, nextEventSeq } from "../events/record";
import { mergePatch, sameJson } from "../merge-patch";
import { contentBytesMax, sizeIssues } from "../size";
import { zodIssues } from "../zod-issues";
import { ownPass, readPass, recordOf, withStoredExpiry, type PassFile } from "./read";
import { viewPass, type PassView } from "./view";

export interface PassPatch {
  /** Merged into the pass's values; null takes one away. */
  values?: Record<string, Json> | undefined;
  overrides?: { [key: string]: Json } | undefined;
  /** Null detaches the pass from its customer. */
  customer?: CustomerInput | null | undefined;
  /** Lock-screen text of this update, for the fields that it changes. */
  changeMessage?: string | undefined;
}

export interface PassReplacement {
  values: Record<string, unknown>;
  overrides: PassOverrides;
  customer?: CustomerInput | undefined;
  changeMessage?: string | undefined;
}

/** Merges (RFC 7396). `ifVersion` is the version that the caller saw; another one refuses the update. */
export function patchPass(
  ctx: TenantContext,
  id: string,
  patch: PassPatch,
  ifVersion: number | null,
): Promise<PassView> {
  return changePass(ctx, id, ifVersion, patch.changeMessage, ({ pass }) => ({
    values: mergePatch(pass.fieldValues, patch.values ?? {}) as Record<string, unknown>,
    overrides: mergePatch(pass.overrides as Json, patch.overrides ?? {}),
    customerId: patch.customer === undefined ? pass.customerId : (patch.customer?.id ?? null),
    customer: patch.customer ?? undefined,
  }));
}

/** Replaces values and overrides whole. */
export function replacePass(
  ctx: TenantContext,
  id: string,
  content: PassReplacement,
  ifVersion: number | null,
): Promise<PassView> {
  return changePass(ctx, id, ifVersion, content.changeMessage, () => ({
    values: content.values,
    overrides: content.overrides as Json,
    customerId: content.customer?.id ?? null,
    customer: content.customer,
  }));
}

/** Voids: wallets show the pass void, its links stop, it stays readable. A second call changes nothing. */
export async function voidPass(ctx: TenantContext, id: string, ifVersion: number | null): Promise<PassView> {
  for (let attempt = 1; ; attempt += 1) {
    const file = await readPass(ctx, id);
    assertVersion(file.pass, ifVersion);
    if (file.pass.voidedAt !== null) return viewPass(ctx, file);
    const next = { ...nextRow(ctx, file.pass, "voided", ["#/status"]), announcement: null, voidedAt: ctx.now };
    try {
      await runBatch(ctx.data, [
        ...storeNext(ctx, file.pass, next),
        eventRow(ctx, {
          type: "pass.voided",
          at: next.updatedAt,
          passId: id,
          templateId: next.templateId,
          data: { version: next.version },
        }),
      ]);
      return viewPass(ctx, { ...file, pass: next });
    } catch (error) {
      retryIfOvertaken(error, attempt, ifVersion);
    }
  }
}

interface WantedContent {
  values: Record<string, unknown>;
  overrides: Json;
  customerId: string | null;
  customer: CustomerInput | undefined;
}

async function changePass(
  ctx: TenantContext,
  id: string,
  ifVersion: number | null,
  changeMessage: string | undefined,
  change: (file: PassFile) => WantedContent,
): Promise<PassView> {
  for (let attempt = 1; ; attempt += 1) {
    const file = await readPass(ctx, id);
    if (file.pass.voidedAt !== null) throw new ServiceError("pass_voided", "The pass is voided and cannot be changed.");
    assertVersion(file.pass, ifVersion);
    const update = prepareUpdate(ctx, file, change(file), changeMessage);
    if (update.statements.length === 0) return withWarnings(viewPass(ctx, file), update.warnings);
    try {
      const { customerId } = update.pass;
      // Read in the batch that wrote it, so that no other request's change is taken for this one's.
      const reading = update.customerChanged && customerId !== null ? [readCustomer(ctx, customerId)] : [];
      const stored = await runBatch<CustomerRow[]>(ctx.data, [...update.statements, ...reading]);
      const customer = update.customerChanged ? (reading.length > 0 && stored?.[0]) || null : file.customer;
      return withWarnings(viewPass(ctx, { ...file, pass: update.pass, customer }), update.warnings);
    } catch (error) {
      retryIfOvertaken(error, attempt, ifVersion);
    }
  }
}

interface PreparedUpdate {
  pass: PassRow;
  statements: BatchStatement[];
  customerChanged: boolean;
  warnings: Warning[];
}

/** What has to be written; nothing, if the pass already is as wanted. */
function prepareUpdate(
  ctx: TenantContext,
  file: PassFile,
  wanted: WantedContent,
  changeMessage: string | undefined,
): PreparedUpdate {
  const { pass, version } = file;
  const parsed = passOverrides.safeParse(wanted.overrides);
  const overrideIssues = parsed.success
    ? checkOverrides(version.compiled, parsed.data)
    : zodIssues(parsed.error.issues, wanted.overrides, "#/overrides");
  const large = sizeIssues([wanted.values, wanted.overrides], contentBytesMax, "#");
  refuseIssues([...checkValues(version.compiled, wanted.values), ...overrideIssues, ...large], "pass");
  const content = {
    fieldValues: wanted.values as Values,
    overrides: (parsed.data ?? {}) as Record<string, unknown>,
    customerId: wanted.customerId,
  };
  const asStored = resolveContent(ctx, file, pass);
  const before = withStoredExpiry(asStored, pass);
  const unannounced = resolveContent(ctx, file, { ...pass, ...content, announcement: null });
  const keys = changedKeys(before, unannounced);
  const announcement =
    changeMessage !== undefined && keys.length > 0 ? { message: announcing(changeMessage), keys } : null;
  const recomputed = announcement ? resolveContent(ctx, file, { ...pass, ...content, announcement }) : unannounced;
  // What does not bear on the expiry leaves it as it was stored.
  const sameExpiry = recomputed.expiresAt === asStored.expiresAt;
  const resolved = sameExpiry ? { ...recomputed, expiresAt: before.expiresAt } : recomputed;
  refuseIssues(checkResolved(resolved, content.overrides as PassOverrides), "pass");

  const stored = { fieldValues: pass.fieldValues, overrides: pass.overrides, customerId: pass.customerId };
  const visible = !sameJson(withoutMessages(before), withoutMessages(resolved));
  const statements: BatchStatement[] = wanted.customer ? [upsertCustomer(ctx, wanted.customer)] : [];
  const expiresAt = resolved.expiresAt === null ? null : Date.parse(resolved.expiresAt);
  const warnings = changeMessageWarnings(changeMessage, keys);
  if (sameJson(stored, content) && !visible) {
    return { pass, statements, customerChanged: statements.length > 0, warnings };
  }
  const pointers = changedPointers(pass, content);
  const next: PassRow = visible
    ? { ...nextRow(ctx, pass, "updated", pointers), ...content, announcement, expiresAt }
    : { ...pass, ...content, expiresAt, updatedAt: after(ctx, pass), updatedBy: actorName(ctx.actor) };
  statements.push(...storeNext(ctx, pass, next));
  if (visible) {
    const data = { version: next.version, pointers };
    statements.push(
      eventRow(ctx, { type: "pass.updated", at: next.updatedAt, passId: pass.id, templateId: pass.templateId, data }),
    );
  }
  return {
    pass: next,
    statements,
    customerChanged: wanted.customer !== undefined || wanted.customerId !== pass.customerId,
    warnings,
  };
}

function resolveContent(ctx: TenantContext, { version }: PassFile, pass: PassRow): ResolvedPass {
  const result = resolvePass(version.compiled, recordOf(pass), ctx.tenant, version.images);
  if (result.ok) return result.pass;
  throw new ServiceError("validation_error", "The pass cannot be resolved.", { errors: result.issues });
}

/** Change messages announce a change; they are not one. */
function withoutMessages(pass: ResolvedPass): ResolvedPass {
  return { ...pass, fields: pass.fields.map((field) => ({ ...field, changeMessage: null })) };
}

function changedKeys(before: ResolvedPass, after: ResolvedPass): string[] {
  const old = new Map(before.fields.map(({ key, value }) => [key, value]));
  return after.fields.filter(({ key, value }) => old.get(key) !== value).map(({ key }) => key);
}

function changedPointers(pass: PassRow, content: Pick<PassRow, "fieldValues" | "overrides" | "customerId">): string[] {
  const differing = (member: string, a: Record<string, unknown>, b: Record<string, unknown>) =>
    [...new Set([...Object.keys(a), ...Object.keys(b)])]
      .filter((key) => !sameJson(a[key], b[key]))
      .map((key) => `#/${member}/${key}`);
  return [
    ...differing("values", pass.fieldValues, content.fieldValues),
    ...differing("overrides", pass.overrides, content.overrides),
    ...(pass.customerId === content.customerId ? [] : ["#/customer"]),
  ];
}

function changeMessageWarnings(changeMessage: string | undefined, keys: string[]): Warning[] {
  if (changeMessage === undefined) return [];
  const pointer = "#/changeMessage";
  if (keys.length === 0)
    return [{ code: "nothing_to_announce", pointer, detail: "no field's value changed, so no phone shows this text" }];
  const warnings: Warning[] = [];
  if (!changeMessage.includes("%@")) {
    const detail = `Wallet shows a change message only if it holds %@; it is sent as "${announcing(changeMessage)}"`;
    warnings.push({ code: "change_message_completed", pointer, detail });
  }
  if (keys.length > 1) {
    const detail = `${keys.length} fields changed at once; Wallet then shows one general text instead of this one`;
    warnings.push({ code: "several_fields_changed", pointer, detail });
  }
  return warnings;
}

const withWarnings = (view: PassView, warnings: Warning[]): PassView => ({
  ...view,
  warnings: [...warnings, ...(view.warnings ?? [])],
});

function nextRow(ctx: TenantContext, pass: PassRow, kind: ChangeSummary["kind"], pointers: string[]): PassRow {
  const [at, by] = [after(ctx, pass), actorName(ctx.actor)];
  const change = { kind, pointers, at, by, previousAt: pass.change.at };
  return { ...pass, version: pass.version + 1, change, updatedAt: at, updatedBy: by };
}

/** The time of a change: now, but later than the change before, for requests are not committed in the order in which they began. */
const after = (ctx: TenantContext, pass: PassRow): number => Math.max(ctx.now, pass.updatedAt + 1);

/** The columns that an update writes. Links and installations are other verbs', and may have changed since the pass was read. */
function ownColumns(next: PassRow) {
  const { templateVersion, customerId, fieldValues, overrides, images, announcement, change } = next;
  const { updatedAt, updatedBy, expiresAt, voidedAt, personalizedAt } = next;
  const content = { templateVersion, customerId, fieldValues, overrides, images, announcement, change };
  return { ...content, updatedAt, updatedBy, expiresAt, voidedAt, personalizedAt };
}

/** The pass row is its latest version; the ones before are kept here, at most 100 with it. */
const versionsKept = 100;

function storeNext(ctx: TenantContext, pass: PassRow, next: PassRow): BatchStatement[] {
  const unchanged = sql`${passes.version} = ${pass.version} and ${passes.updatedAt} = ${pass.updatedAt} and ${passes.voidedAt} is null`;
  const visible = next.version !== pass.version;
  const update = ctx.data
    .update(passes)
    .set({
      ...ownColumns(next),
      version: valueIf(unchanged, next.version),
      // The event of the change follows in the same batch.
      ...(visible && { revision: nextEventSeq(pass.tenantId) }),
    })
    .where(ownPass(ctx, pass.id));
  if (!visible) return [update];
  const ownVersions = and(eq(passVersions.tenantId, pass.tenantId), eq(passVersions.passId, pass.id));
  return [
    update,
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

function assertVersion(pass: PassRow, ifVersion: number | null): void {
  if (ifVersion === null || pass.version === ifVersion) return;
  const detail = `The pass is at version ${pass.version}, not ${ifVersion}. Read it again and repeat the change.`;
  throw new ServiceError("version_mismatch", detail, { extra: { currentVersion: pass.version } });
}

/** Of any number that write at once one gets through each time, so this many may. Each attempt is two queries of the 50 that a request may make. */
const attemptsMax = 20;

function retryIfOvertaken(error: unknown, attempt: number, ifVersion: number | null): void {
  if (!isConstraintFailure(error, "NOT NULL", "passes.version")) throw error;
  // With If-Match the next round reads the new version and refuses.
  if (attempt >= attemptsMax && ifVersion === null) {
    throw new ServiceError("temporarily_unavailable", "Others are changing this pass at the same time.", {
      retryAfterSeconds: 1,
    });
  }
}
