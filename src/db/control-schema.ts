import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

export * from "./audit-schema";

/** The control database: tenants and credentials. Times are epoch milliseconds. The SQL is in migrations/control. */

export const deployment = sqliteTable("deployment", {
  name: text().primaryKey(),
  value: text().notNull(),
});

export const tenants = sqliteTable("tenants", {
  id: text().primaryKey(),
  code: text().notNull(),
  name: text().notNull(),
  publicUri: text(),
  locale: text().notNull(),
  timeZone: text().notNull(),
  plan: text().$type<"standard" | "premium">().notNull(),
  status: text().$type<"active" | "suspended" | "deleted">().notNull(),
  credentialEpoch: integer().notNull(),
  createdAt: integer().notNull(),
  updatedAt: integer().notNull(),
  deletedAt: integer(),
  purgeLeasedUntil: integer(),
  purgedAt: integer(),
  /** How a sign-up page gets what a person let Google send. */
  signupPrefill: text().$type<"query" | "token">().notNull().default("query"),
  /** The account's own limits; null: those of its plan. */
  requestsPerMinute: integer(),
  requestsPerDay: integer(),
});

export const googleIssuers = sqliteTable(
  "google_issuers",
  {
    tenantId: text().notNull(),
    issuerId: text().notNull(),
    connectedAt: integer().notNull(),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.issuerId] })],
);

export const credentials = sqliteTable("credentials", {
  keyId: text().primaryKey(),
  tenantId: text().notNull(),
  id: text().notNull(),
  kind: text().$type<"key">().notNull(),
  name: text().notNull(),
  secretHash: text().notNull(),
  scopes: text({ mode: "json" }).$type<string[]>().notNull(),
  createdAt: integer().notNull(),
  expiresAt: integer(),
  revokedAt: integer(),
  rotatedTo: text(),
});

/** Who tried many link tokens that do not exist. */
export const blockedNetworks = sqliteTable("blocked_networks", {
  network: text().primaryKey(),
  blockedUntil: integer().notNull(),
});

export type TenantRow = typeof tenants.$inferSelect;
export type CredentialRow = typeof credentials.$inferSelect;
