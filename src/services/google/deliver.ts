import type { GoogleObjectRow } from "../../db/data-schema";
import type { JsonObject, Warning } from "../../pass-model/resolved-pass";
import type { GoogleApi, GoogleError, Patience } from "../../providers/google/contract";
import type { TenantContext } from "../context";
import { describeFault } from "../describe-fault";
import { findPasses, resolveFile, type PassFile } from "../passes/read";
import type { GoogleAccount } from "./account";
import { canAnnounce, readAnnouncements, type Told } from "./announcements";
import { ensureClasses } from "./classes";
import { failed, type DeliveryError } from "./failures";
import type { Claimed, Settlement } from "./lease";
import { keepMessages, recentNotifications, sendAnnouncements, versionOf } from "./notify";
import { objectIdOf, payloadOf, type GooglePayload } from "./project";
import { putObjects } from "./put-objects";
import { serviceAccountOf } from "./service-account";

/** One pass on its way to Google. */
export interface Item extends Told {
  payload: GooglePayload;
}

export interface Delivered extends Settlement {
  /** Why Google does not have the pass's present state; null if it does. */
  error: DeliveryError | null;
}

/**
 * Brings passes that the caller holds the lease of to Google, as they are now: classes first, then objects, then what
 * has to be told on the lock screen. Answers what is to be settled for each; it writes nothing of the passes itself.
 */
export async function deliver(
  ctx: TenantContext,
  account: GoogleAccount | null,
  claimed: Claimed[],
  patience: Required<Patience>,
): Promise<Delivered[]> {
  const ids = claimed.map(({ row }) => row.passId);
  const files = new Map((await findPasses(ctx, ids)).map((file) => [file.pass.id, file]));
  // Of a pass that is gone its tenant is being erased, and the row with it.
  const present = claimed.filter(({ row }) => files.has(row.passId));
  const refusal = refusalOf(ctx, account);
  if (refusal || !account)
    return present.map(({ row }) => failed(ctx, row, files.get(row.passId)!.pass.version, refusal!));
  const prepared = await Promise.all(present.map((each) => prepare(ctx, account, each, files.get(each.row.passId)!)));
  const ready = prepared.filter((each) => "item" in each);
  const refused = prepared.filter((each) => "settled" in each).map(({ settled }) => settled);
  const api = ctx.google.as(await serviceAccountOf(ctx, account), patience);
  return [...refused, ...(await send(ctx, api, ready))];
}

function refusalOf({ tenant }: TenantContext, account: GoogleAccount | null): DeliveryError | null {
  const because = (code: DeliveryError["code"], detail: string) => ({ code, detail, retryAfterSeconds: null });
  if (tenant.status !== "active") return because("tenant_suspended", "the account is suspended");
  return account ? null : because("google_not_configured", "the account is not connected to Google");
}

interface Ready {
  item: Item;
  /** An attempt before ended in the middle, so Google may have told the holder already. */
  uncertain: boolean;
}

/** One pass that cannot be projected holds up none of the others. */
async function prepare(
  ctx: TenantContext,
  account: GoogleAccount,
  { row, abandoned }: Claimed,
  file: PassFile,
): Promise<Ready | { settled: Delivered }> {
  const refuse = (code: DeliveryError["code"], detail: string) => ({
    settled: failed(ctx, row, file.pass.version, { code, detail, retryAfterSeconds: null }),
  });
  if (row.id !== objectIdOf(account.issuerId, row.passId)) {
    const detail = `the pass was saved under another issuer than ${account.issuerId}, which the account is connected to now`;
    return refuse("issuer_changed", detail);
  }
  try {
    const resolved = resolveFile(ctx, file);
    const payload = await payloadOf(ctx, resolved, account.issuerId, row);
    const item = { row, file, resolved, payload, toldVersion: toldBefore(row) };
    return { item, uncertain: abandoned || row.failure?.code === "unreachable" };
  } catch (error) {
    ctx.log({ level: "error", msg: "google projection failed", passId: row.passId, error: describeFault(error) });
    return refuse("internal", "the pass could not be prepared for Google");
  }
}

/** A delivery that asked Google what was told, and then failed, has noted the answer. */
const toldBefore = ({ syncedVersion, messages }: GoogleObjectRow): number =>
  Math.max(syncedVersion, ...messages.map((message) => versionOf(message as JsonObject) ?? 0));

async function send(ctx: TenantContext, api: GoogleApi, ready: Ready[]): Promise<Delivered[]> {
  const items = await Promise.all(
    ready.map(async ({ item, uncertain }) => (uncertain && canAnnounce(item) ? askWhatWasTold(ctx, api, item) : item)),
  );
  const texts = await readAnnouncements(ctx, items);
  const classErrors = await ensureClasses(ctx, api, items);
  // A text goes last: whose latest text arrived has everything.
  const open = items.filter(
    ({ toldVersion, row, file }) => toldVersion < file.pass.version || toldVersion === row.syncedVersion,
  );
  const put = await putObjects(api, open, classErrors);
  const announced = open.flatMap((item) => {
    const text = texts.get(item.row.passId);
    return text && put.get(item)?.ok ? [{ row: item.row, text, version: item.file.pass.version, item }] : [];
  });
  const answers = await sendAnnouncements(ctx, api, announced);
  const told = new Map(announced.map(({ item }, index) => [item, answers[index]!]));
  return items.map((item): Delivered => {
    const { row, file, payload } = item;
    const outcome = put.get(item);
    if (outcome && !outcome.ok) return failed(ctx, row, file.pass.version, errorOf(outcome.error));
    const notified = told.get(item);
    if (notified && !notified.ok) return failed(ctx, row, file.pass.version, errorOf(notified.error));
    const { notifiedAt, messages } = notified ?? row;
    const warnings = [...payload.warnings, ...(outcome?.warnings ?? []), ...(notified?.warnings ?? [])];
    return synced(ctx, item, { classId: outcome?.classId ?? payload.object.classId, notifiedAt, messages, warnings });
  });
}

/** Of a pass whose last delivery broke off: the texts that arrived are Google's to tell, and are not sent again. */
async function askWhatWasTold(ctx: TenantContext, api: GoogleApi, item: Item): Promise<Item> {
  const { row, payload } = item;
  const answer = await api.call({ method: "get", kind: "object", vertical: row.vertical, id: row.id });
  const messages = answer.ok && Array.isArray(answer.value.messages) ? (answer.value.messages as JsonObject[]) : [];
  const ours = messages.filter((message) => versionOf(message) !== null);
  const unknown = ours.map((message) => versionOf(message)!).filter((version) => version > item.toldVersion);
  if (unknown.length === 0) return item;
  const told = {
    ...row,
    notifiedAt: [...recentNotifications(row, ctx.now), ...unknown.map(() => ctx.now)],
    messages: keepMessages(ours),
  };
  return {
    ...item,
    row: told,
    toldVersion: Math.max(...unknown),
    payload: { ...payload, messages: told.messages as JsonObject[] },
  };
}

const errorOf = ({ kind, message, retryAfterSeconds }: GoogleError): DeliveryError => ({
  code: kind,
  detail: message,
  retryAfterSeconds,
});

function synced(
  ctx: TenantContext,
  { row, file, resolved, payload }: Item,
  told: Pick<GoogleObjectRow, "classId" | "notifiedAt" | "messages"> & { warnings: Warning[] },
): Delivered {
  const { id } = payload.object;
  const { vertical } = payload;
  const { version } = file.pass;
  const state = { syncedVersion: version, syncedAt: ctx.now, inLink: false, failures: 0, failure: null };
  return {
    row: { ...row, id, vertical, ...state, ...told },
    seenVersion: version,
    dueAt: nextExpiry(ctx, resolved),
    error: null,
  };
}

/** The clock alone makes a pass expire, and then Google has to hear of it once more. */
export function nextExpiry(
  { now }: Pick<TenantContext, "now">,
  { expiresAt, voided }: Item["resolved"],
): number | null {
  const expiry = expiresAt === null || voided ? null : Date.parse(expiresAt);
  return expiry !== null && expiry > now ? expiry : null;
}
