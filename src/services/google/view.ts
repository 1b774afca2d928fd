import type { GoogleObjectRow } from "../../db/data-schema";
import { notificationsMax, notificationWindowMs, recentNotifications } from "./notify";

/** A pass at Google, as verbs answer it. */
export interface GooglePassView {
  row: GoogleObjectRow;
  status: "synced" | "pending" | "failed" | "offered";
  /** Of the latest 24 hours; `resetsAt` is when the next one is free again. */
  notifications: { limit: number; used: number; resetsAt: number | null };
}

export function viewGooglePass(row: GoogleObjectRow, now: number): GooglePassView {
  const recent = recentNotifications(row, now);
  const [first] = recent;
  return {
    row,
    status: statusOf(row, now),
    notifications: {
      limit: notificationsMax,
      used: recent.length,
      resetsAt: first === undefined ? null : first + notificationWindowMs,
    },
  };
}

function statusOf({ dueAt, failure, inLink }: GoogleObjectRow, now: number): GooglePassView["status"] {
  if (dueAt !== null && dueAt <= now) return "pending";
  if (failure) return "failed";
  return inLink ? "offered" : "synced";
}
