import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { sql } from "drizzle-orm";

/** What a tenant owns of Google Wallet: a part of the data database (`data-schema.ts`). */

export const googleAccounts = sqliteTable("google_accounts", {
  tenantId: text().primaryKey(),
  issuerId: text().notNull(),
  clientEmail: text().notNull(),
  privateKeyId: text(),
  /** Envelope around PKCS#8. */
  privateKey: text().notNull(),
  keyFingerprint: text().notNull(),
  saveLink: text().$type<"skinny" | "fat">().notNull(),
  createdAt: integer().notNull(),
  updatedAt: integer().notNull(),
  checkedAt: integer(),
  findings: text({ mode: "json" }).$type<{ code: string; severity: string; detail: string; remedy: string }[]>(),
});

export const googleClasses = sqliteTable(
  "google_classes",
  {
    tenantId: text().notNull(),
    id: text().notNull(),
    templateId: text().notNull(),
    templateVersion: integer().notNull(),
    createdAt: integer().notNull(),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.id] })],
);

export const googleObjects = sqliteTable(
  "google_objects",
  {
    tenantId: text().notNull(),
    passId: text().notNull(),
    id: text().notNull(),
    vertical: text()
      .$type<"eventTicket" | "flight" | "generic" | "giftCard" | "loyalty" | "offer" | "transit">()
      .notNull(),
    /** Null until it is made, and its vertical decided. */
    classId: text(),
    /** 0 until Google has the object. */
    syncedVersion: integer().notNull().default(0),
    syncedAt: integer(),
    inLink: integer({ mode: "boolean" }).notNull().default(false),
    /** When Google has to be told next; in future for an expiry. */
    dueAt: integer(),
    leasedUntil: integer(),
    enqueuedUntil: integer(),
    failures: integer().notNull().default(0),
    failure: text({ mode: "json" }).$type<{ code: string; detail: string; at: number }>(),
    warnings: text({ mode: "json" }).$type<{ code: string; pointer: string; detail: string }[]>().notNull().default([]),
    /** Field key to text. */
    announced: text({ mode: "json" }).$type<Record<string, string>>().notNull().default({}),
    messages: text({ mode: "json" }).$type<Record<string, unknown>[]>().notNull().default([]),
    /** Epoch milliseconds of the notifying messages of the latest 24 hours. */
    notifiedAt: text({ mode: "json" }).$type<number[]>().notNull().default([]),
    createdAt: integer().notNull(),
    sweepAt: integer().generatedAlwaysAs(sql`(sweep_at)`, { mode: "virtual" }),
    /** When Google's `hasUsers` was last compared with our count, and what that found to have been missed. */
    reconciledAt: integer(),
    drift: text().$type<"save" | "removal">(),
    reconcileAt: integer().generatedAlwaysAs(sql`(reconcile_at)`, { mode: "virtual" }),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.passId] })],
);

export const googleClassCallbacks = sqliteTable(
  "google_class_callbacks",
  {
    tenantId: text().notNull(),
    classId: text().notNull(),
    saves: integer().notNull(),
    removals: integer().notNull(),
    unmatched: integer().notNull(),
    lastAt: integer().notNull(),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.classId] })],
);

export const signupPrefills = sqliteTable(
  "signup_prefills",
  {
    tenantId: text().notNull(),
    /** SHA-256 of the token, hex. */
    tokenHash: text().notNull(),
    /** Envelope around the values, as JSON. */
    sealed: text().notNull(),
    expiresAt: integer().notNull(),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.tokenHash] })],
);

export type GoogleAccountRow = typeof googleAccounts.$inferSelect;
export type GoogleClassCallbacksRow = typeof googleClassCallbacks.$inferSelect;
export type GoogleObjectRow = typeof googleObjects.$inferSelect;
