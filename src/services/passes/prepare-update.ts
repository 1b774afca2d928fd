import type { SQL } from "drizzle-orm";
import type { BatchStatement } from "../../db/client";
import type { PassRow } from "../../db/data-schema";
import { announcing } from "../../pass-model/compile-design";
import type { Values } from "../../pass-model/expressions";
import { passOverrides, type PassOverrides } from "../../pass-model/overrides";
import { checkOverrides, checkResolved, checkValues, resolvePass } from "../../pass-model/resolve";
import type { Json, ResolvedPass, Warning } from "../../pass-model/resolved-pass";
import { diffOf } from "../audit/diff";
import { auditRow } from "../audit/record";
import { actorName, type TenantContext } from "../context";
import { changedMembers, customerDiffers, upsertCustomer, type CustomerInput } from "../customers/upsert";
import { ServiceError, refuseIssues } from "../errors";
import { eventRow } from "../events/record";
import { sameJson } from "../merge-patch";
import { contentBytesMax, sizeIssues } from "../size";
import { zodIssues } from "../zod-issues";
import { takeOwnImages, type TakenSources } from "./own-images";
import { recordOf, withStoredExpiry, type PassFile } from "./read";
import { nextRow, storeNext, timeOfChange } from "./store-next";

export interface WantedContent {
  values: Record<string, unknown>;
  overrides: Json;
  customerId: string | null;
  customer: CustomerInput | undefined;
  /** When the holder enrols. */
  personalizedAt?: number;
}

interface PreparedUpdate {
  pass: PassRow;
  statements: BatchStatement[];
  customerChanged: boolean;
  warnings: Warning[];
}

/**
 * What has to be written; nothing, if the pass already is as wanted. `taken` keeps the pictures that were
 * fetched for a round before. Pictures are stored last, when nothing can be refused any more.
 */
export async function prepareUpdate(
  ctx: TenantContext,
  file: PassFile,
  wanted: WantedContent,
  changeMessage: string | undefined,
  taken: TakenSources,
): Promise<PreparedUpdate> {
  const { pass, version } = file;
  const parsed = passOverrides.safeParse(wanted.overrides);
  const given = parsed.data ?? {};
  const own = await takeOwnImages(ctx, given, pass, taken);
  const overrideIssues = parsed.success
    ? checkOverrides(version.compiled, parsed.data)
    : zodIssues(parsed.error.issues, wanted.overrides, "#/overrides");
  const large = sizeIssues([wanted.values, { ...given, images: null }], contentBytesMax, "#");
  refuseIssues([...checkValues(version.compiled, wanted.values), ...overrideIssues, ...own.issues, ...large], "pass");
  const fieldValues = wanted.values as Values;
  if (own.changed) {
    const trial = { ...pass, fieldValues, overrides: given, customerId: wanted.customerId };
    refuseIssues(checkResolved(resolveContent(ctx, file, trial), given), "pass");
  }
  const placed = await own.place();
  const content = {
    fieldValues,
    overrides: placed.overrides as Record<string, unknown>,
    images: placed.images,
    customerId: wanted.customerId,
    personalizedAt: wanted.personalizedAt ?? pass.personalizedAt,
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

  const { overrides, images, customerId, personalizedAt } = pass;
  const stored = { fieldValues: pass.fieldValues, overrides, images, customerId, personalizedAt };
  const visible = !sameJson(withoutMessages(before), withoutMessages(resolved));
  const statements: BatchStatement[] = wanted.customer ? [upsertCustomer(ctx, wanted.customer)] : [];
  const expiresAt = resolved.expiresAt === null ? null : Date.parse(resolved.expiresAt);
  const warnings = changeMessageWarnings(changeMessage, keys);
  const ofCustomer = customerPointers(file, wanted);
  if (sameJson(stored, content) && !visible) {
    if (wanted.customer) {
      const onlyIf = customerDiffers(ctx, wanted.customer);
      statements.unshift(...auditUpdate(ctx, { pass, next: pass, pointers: ofCustomer, onlyIf }));
    }
    return { pass, statements, customerChanged: statements.length > 0, warnings };
  }
  const pointers = changedPointers(pass, content);
  const next: PassRow = visible
    ? { ...nextRow(ctx, pass, "updated", pointers), ...content, announcement, expiresAt }
    : { ...pass, ...content, expiresAt, updatedAt: timeOfChange(ctx, pass), updatedBy: actorName(ctx.actor) };
  statements.unshift(...auditUpdate(ctx, { pass, next, pointers: [...pointers, ...ofCustomer] }));
  statements.push(...placed.statements, ...storeNext(ctx, pass, next));
  if (visible) {
    const data = { version: next.version, pointers };
    statements.push(
      eventRow(ctx, { type: "pass.updated", at: next.updatedAt, passId: pass.id, templateId: pass.templateId, data }),
    );
  }
  if (next.personalizedAt !== pass.personalizedAt) {
    const { id: passId, templateId } = pass;
    statements.push(eventRow(ctx, { type: "pass.personalized", at: next.updatedAt, passId, templateId }));
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

interface AuditedUpdate {
  pass: PassRow;
  next: PassRow;
  pointers: string[];
  onlyIf?: SQL;
}

/** None of a holder who enrols: an event tells of that. */
function auditUpdate(ctx: TenantContext, { pass, next, pointers, onlyIf }: AuditedUpdate): BatchStatement[] {
  if (ctx.actor.type === "holder") return [];
  const changes = [...diffOf({ version: pass.version }, { version: next.version }, ["version"])];
  changes.push(...pointers.map((pointer) => ({ pointer })));
  return [auditRow(ctx, ctx.data, { action: "pass.updated", objectId: pass.id, changes, onlyIf })];
}

/** What the request changes of the customer that the pass has already; of another one the pass's own member tells. */
function customerPointers({ customer }: PassFile, wanted: WantedContent): string[] {
  if (!wanted.customer || customer?.id !== wanted.customer.id) return [];
  return changedMembers(customer, wanted.customer).map((member) => `#/customer/${member}`);
}

type Content = Pick<PassRow, "fieldValues" | "overrides" | "customerId" | "personalizedAt">;

function changedPointers(pass: PassRow, content: Content): string[] {
  const differing = (member: string, a: Record<string, unknown>, b: Record<string, unknown>) =>
    [...new Set([...Object.keys(a), ...Object.keys(b)])]
      .filter((key) => !sameJson(a[key], b[key]))
      .map((key) => `#/${member}/${key}`);
  return [
    ...differing("values", pass.fieldValues, content.fieldValues),
    ...differing("overrides", pass.overrides, content.overrides),
    ...(pass.customerId === content.customerId ? [] : ["#/customer"]),
    ...(pass.personalizedAt === content.personalizedAt ? [] : ["#/personalizedAt"]),
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
