import type { GoogleObjectRow } from "../../db/data-schema";
import type { JsonObject, Warning } from "../../pass-model/resolved-pass";
import type { GoogleAnswer, GoogleApi, GoogleCall, GoogleError } from "../../providers/google/contract";
import type { TenantContext } from "../context";
import { callAll } from "./calls";

/** Google shows at most this many notifying messages of a pass in 24 hours. */
export const notificationsMax = 3;
export const notificationWindowMs = 86_400_000;

export const recentNotifications = (row: Pick<GoogleObjectRow, "notifiedAt">, now: number): number[] =>
  row.notifiedAt.filter((at) => at > now - notificationWindowMs);

/** A text for one pass, of the version that it tells of. */
export interface Announcement {
  row: GoogleObjectRow;
  text: JsonObject;
  version: number;
}

export type Notified =
  | { ok: true; notifiedAt: number[]; messages: GoogleObjectRow["messages"]; warnings: Warning[] }
  | { ok: false; error: GoogleError };

const idOf = (version: number): string => `wepass-v${version}`;

/** The version that a message tells of; null if it is one of the design's. */
export function versionOf({ id }: JsonObject): number | null {
  const [, version] = typeof id === "string" ? (/^wepass-v(\d{1,9})$/.exec(id) ?? []) : [];
  return version === undefined ? null : Number(version);
}

/** More would say nothing new, and Google has room for ten with those of the design. */
const messagesKept = 3;

/** The texts that a pass shows below its details; sent again they notify nobody. */
export const keepMessages = (messages: JsonObject[]): GoogleObjectRow["messages"] =>
  messages.slice(-messagesKept).map(({ id, header, body, localizedHeader, localizedBody }) => ({
    id,
    header,
    body,
    ...(localizedHeader !== undefined && { localizedHeader }),
    ...(localizedBody !== undefined && { localizedBody }),
    messageType: "TEXT",
  }));

/** Tells the holders on the lock screen, or silently where the day's notifications are used up. Answers in the order of the announcements. */
export async function sendAnnouncements(
  ctx: TenantContext,
  api: GoogleApi,
  announcements: Announcement[],
): Promise<Notified[]> {
  const isFree = ({ row }: Announcement) => recentNotifications(row, ctx.now).length < notificationsMax;
  const first = await callAll(
    api,
    announcements.map((each) => messageCall(each, isFree(each) ? "TEXT_AND_NOTIFY" : "TEXT")),
  );
  // Google counted otherwise than we did.
  const refused = announcements.flatMap((each, index) => (isOverQuota(first[index]!) ? [{ each, index }] : []));
  const second = await callAll(
    api,
    refused.map(({ each }) => messageCall(each, "TEXT")),
  );
  const silent = new Map(refused.map(({ index }, position) => [index, second[position]!]));
  return announcements.map((each, index): Notified => {
    const answer = silent.get(index) ?? first[index]!;
    const recent = recentNotifications(each.row, ctx.now);
    // The pass itself is there: a text that Google never takes holds it up no longer.
    if (!answer.ok && answer.error.kind === "invalid") {
      return { ok: true, notifiedAt: recent, messages: each.row.messages, warnings: [refusedWarning] };
    }
    if (!answer.ok) return answer;
    const notified = isFree(each) && !silent.has(index);
    return {
      ok: true,
      notifiedAt: notified ? [...recent, ctx.now] : recent,
      messages: keepMessages([...(each.row.messages as JsonObject[]), messageOf(each)]),
      warnings: notified ? [] : [limitWarning],
    };
  });
}

const messageOf = ({ text, version }: Announcement): JsonObject => ({ ...text, id: idOf(version) });

const messageCall = (announcement: Announcement, messageType: "TEXT" | "TEXT_AND_NOTIFY"): GoogleCall => ({
  method: "addMessage",
  kind: "object",
  vertical: announcement.row.vertical,
  id: announcement.row.id,
  message: { ...messageOf(announcement), messageType },
});

const isOverQuota = (answer: GoogleAnswer<JsonObject>): boolean =>
  !answer.ok && answer.error.kind === "notification_quota";

const refusedWarning: Warning = {
  code: "google_text_refused",
  pointer: "#/changeMessage",
  detail: "Google does not take the text of this change; the pass was changed without it",
};

const limitWarning: Warning = {
  code: "google_notification_limit",
  pointer: "#/changeMessage",
  detail: `Google shows at most ${notificationsMax} notifications of a pass in 24 hours; this text came without one`,
};
