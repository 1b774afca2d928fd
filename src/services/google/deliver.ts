import { and, eq, sql } from "drizzle-orm";
import { googleClasses, type GoogleObjectRow } from "../../db/data-schema";
import type { JsonObject, ResolvedPass, Warning } from "../../pass-model/resolved-pass";
import type { GoogleAnswer, GoogleApi, GoogleCall, GoogleError } from "../../providers/google/contract";
import type { TenantContext } from "../context";
import { findPasses, resolveFile, type PassFile } from "../passes/read";
import type { GoogleAccount } from "./account";
import { serviceAccountOf } from "./service-account";
import type { Claimed, Settlement } from "./lease";
import { messageIdOf, readAnnouncements, sendAnnouncement } from "./notify";
import { objectIdOf, payloadOf, type GooglePayload } from "./project";

/** One pass on its way to Google. */
interface Item {
  row: GoogleObjectRow;
  file: PassFile;
  resolved: ResolvedPass;
  payload: GooglePayload;
  /** An attempt before ended in the middle, so Google may have this version already. */
  uncertain: boolean;
}

export interface Delivered extends Settlement {
  /** Why Google does not have the pass's present state; null if it does. */
  error: DeliveryError | null;
}

export interface DeliveryError {
  code: GoogleError["kind"] | "google_not_configured" | "issuer_changed" | "tenant_suspended";
  detail: string;
  retryAfterSeconds: number | null;
}

/**
 * Brings passes that the caller holds the lease of to Google, as they are now: classes first, then objects, then what
 * has to be told on the lock screen. Answers what is to be settled for each; it writes nothing of the passes itself.
 */
export async function deliver(
  ctx: TenantContext,
  account: GoogleAccount | null,
  claimed: Claimed[],
): Promise<Delivered[]> {
  const files = new Map(
    (
      await findPasses(
        ctx,
        claimed.map(({ row }) => row.passId),
      )
    ).map((file) => [file.pass.id, file]),
  );
  // Of a pass that is gone its tenant is being erased, and the row with it.
  const present = claimed.filter(({ row }) => files.has(row.passId));
  const refuse = (code: DeliveryError["code"], detail: string) => (each: Claimed) =>
    failed(ctx, each.row, files.get(each.row.passId)!, { code, detail, retryAfterSeconds: null });
  if (ctx.tenant.status !== "active") return present.map(refuse("tenant_suspended", "the account is suspended"));
  if (!account) {
    return present.map(refuse("google_not_configured", "the account is not connected to Google"));
  }
  const [own, foreign] = partition(present, ({ row }) => row.id === objectIdOf(account.issuerId, row.passId));
  const detail = `the pass was saved under another issuer than ${account.issuerId}, which the account is connected to now`;
  const refused = foreign.map(refuse("issuer_changed", detail));
  const items = await Promise.all(
    own.map(async ({ row, abandoned }): Promise<Item> => {
      const file = files.get(row.passId)!;
      const resolved = resolveFile(ctx, file);
      const payload = await payloadOf(ctx, resolved, account.issuerId, row);
      return { row, file, resolved, payload, uncertain: row.syncedVersion > 0 && (abandoned || row.failure !== null) };
    }),
  );
  const api = ctx.google.as(await serviceAccountOf(ctx, account));
  return [...refused, ...(await send(ctx, api, items))];
}

async function send(ctx: TenantContext, api: GoogleApi, items: Item[]): Promise<Delivered[]> {
  const texts = await readAnnouncements(ctx, items);
  const [classErrors, done] = await Promise.all([ensureClasses(ctx, api, items), findDone(api, items, texts)]);
  const errorOf = ({ payload }: Item) => classErrors.get(payload.object.classId) ?? null;
  const ready = items.filter((item) => !errorOf(item) && !done.has(item.row.passId));
  const answers = await putObjects(api, ready);
  const answerOf = new Map(ready.map((item, index) => [item, answers[index]!]));
  return Promise.all(
    items.map(async (item): Promise<Delivered> => {
      const { row, file, payload } = item;
      const answer = answerOf.get(item);
      const error = errorOf(item) ?? (answer?.ok === false ? answer.error : null);
      if (error) return failed(ctx, row, file, told(error));
      const text = texts.get(row.passId);
      if (!text || !answer) return synced(ctx, item, { notifiedAt: row.notifiedAt, warnings: payload.warnings });
      const notified = await sendAnnouncement(ctx, api, { row, text, version: file.pass.version });
      if (!notified.ok) return failed(ctx, row, file, told(notified.error));
      return synced(ctx, item, {
        notifiedAt: notified.notifiedAt,
        warnings: [...payload.warnings, ...notified.warnings],
      });
    }),
  );
}

/** Makes the classes that Google does not have, each once; answers why one could not be made. */
async function ensureClasses(ctx: TenantContext, api: GoogleApi, items: Item[]): Promise<Map<string, GoogleError>> {
  const wanted = new Map(
    items.flatMap(({ payload, file }) => (payload.class ? [[payload.class.id, { payload, file }]] : [])),
  );
  const ids = JSON.stringify([...wanted.keys()]);
  const known = await ctx.data
    .select({ id: googleClasses.id })
    .from(googleClasses)
    .where(
      and(eq(googleClasses.tenantId, ctx.tenant.id), sql`${googleClasses.id} in (select value from json_each(${ids}))`),
    );
  for (const { id } of known) wanted.delete(id);
  const errors = new Map<string, GoogleError>();
  for (const [id, { payload, file }] of wanted) {
    const answer = await api.put("class", payload.vertical, payload.class!);
    if (!answer.ok) {
      errors.set(id, answer.error);
      continue;
    }
    const { templateId, templateVersion } = file.pass;
    const row = { tenantId: ctx.tenant.id, id, templateId, templateVersion, createdAt: ctx.now };
    await ctx.data.insert(googleClasses).values(row).onConflictDoNothing();
  }
  return errors;
}

/** Passes of which Google has this very version: its text, which goes last, is there. */
async function findDone(api: GoogleApi, items: Item[], texts: Map<string, JsonObject>): Promise<Set<string>> {
  const uncertain = items.filter(({ row, uncertain }) => uncertain && texts.has(row.passId));
  const done = await Promise.all(
    uncertain.map(async ({ row, file }) => {
      const answer = await api.call({ method: "get", kind: "object", vertical: row.vertical, id: row.id });
      const messages = answer.ok && Array.isArray(answer.value.messages) ? (answer.value.messages as JsonObject[]) : [];
      return messages.some(({ id }) => id === messageIdOf(file.pass.version)) ? [row.passId] : [];
    }),
  );
  return new Set(done.flat());
}

/**
 * Replaces what Google has and inserts what it has not. Replaces (PUT), for a patch would merge: of a balance that
 * was a whole number and is none any more it would leave both.
 */
async function putObjects(api: GoogleApi, items: Item[]): Promise<GoogleAnswer<JsonObject>[]> {
  const insert = ({ payload: { vertical, object } }: Item): GoogleCall => ({
    method: "insert",
    kind: "object",
    vertical,
    body: object,
  });
  const update = ({ payload: { vertical, object } }: Item): GoogleCall => {
    return { method: "update", kind: "object", vertical, id: object.id, body: object };
  };
  const answers = await callAll(
    api,
    items.map((item) => (item.row.syncedVersion > 0 ? update(item) : insert(item))),
  );
  // What is there although we do not know, and what is not although we thought so.
  const other = items.flatMap((item, index): [number, GoogleCall][] => {
    const answer = answers[index]!;
    if (answer.ok) return [];
    if (answer.error.kind === "already_exists") return [[index, update(item)]];
    return answer.error.kind === "not_found" && item.row.syncedVersion > 0 ? [[index, insert(item)]] : [];
  });
  const second = await callAll(
    api,
    other.map(([, call]) => call),
  );
  for (const [position, [index]] of other.entries()) answers[index] = second[position]!;
  return answers;
}

async function callAll(api: GoogleApi, calls: GoogleCall[]): Promise<GoogleAnswer<JsonObject>[]> {
  if (calls.length === 0) return [];
  return calls.length === 1 ? [await api.call(calls[0]!)] : api.batch(calls);
}

function synced(
  ctx: TenantContext,
  { row, file, resolved, payload }: Item,
  { notifiedAt, warnings }: { notifiedAt: number[]; warnings: Warning[] },
): Delivered {
  const { id, classId } = payload.object;
  const { vertical } = payload;
  const { version } = file.pass;
  const expiry = resolved.expiresAt === null || resolved.voided ? null : Date.parse(resolved.expiresAt);
  return {
    row: {
      ...row,
      id,
      vertical,
      classId,
      syncedVersion: version,
      syncedAt: ctx.now,
      failure: null,
      warnings,
      notifiedAt,
    },
    seenVersion: version,
    // The clock alone makes it expire, and then Google has to hear of it once more.
    dueAt: expiry !== null && expiry > ctx.now ? expiry : null,
    error: null,
  };
}

/** When to try again: a pass or its account may have to be put right first, and then it is due for other reasons. */
const retrySeconds: Record<DeliveryError["code"], number | null> = {
  invalid: null,
  not_found: null,
  already_exists: null,
  notification_quota: null,
  issuer_changed: null,
  credentials: 3600,
  permission: 3600,
  disabled: 3600,
  google_not_configured: 3600,
  tenant_suspended: 3600,
  busy: 5,
  unreachable: 5,
};

function failed(ctx: TenantContext, row: GoogleObjectRow, { pass }: PassFile, error: DeliveryError): Delivered {
  const { code, detail } = error;
  const seconds = error.retryAfterSeconds ?? retrySeconds[code];
  return {
    row: { ...row, failure: { code, detail, at: ctx.now } },
    seenVersion: pass.version,
    dueAt: seconds === null ? null : ctx.now + seconds * 1000,
    error: { ...error, retryAfterSeconds: seconds },
  };
}

const told = ({ kind, message, retryAfterSeconds }: GoogleError): DeliveryError => ({
  code: kind,
  detail: message,
  retryAfterSeconds,
});

function partition<T>(items: T[], test: (item: T) => boolean): [T[], T[]] {
  return [items.filter(test), items.filter((item) => !test(item))];
}
