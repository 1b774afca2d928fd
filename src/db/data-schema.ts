import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { sql } from "drizzle-orm";

export * from "./audit-schema";
export * from "./google-schema";

/**
 * The data database: everything a tenant owns. Every key starts with `tenant_id`. Times are epoch
 * milliseconds. The SQL, with its indexes and why they are there, is in migrations/data.
 */

export const templates = sqliteTable(
  "templates",
  {
    tenantId: text().notNull(),
    id: text().notNull(),
    name: text().notNull(),
    style: text().notNull(),
    status: text().$type<"active" | "archived" | "deleted">().notNull(),
    version: integer().notNull(),
    createdAt: integer().notNull(),
    updatedAt: integer().notNull(),
    listed: integer().generatedAlwaysAs(sql`(listed)`, { mode: "virtual" }),
    passTypeIdentifier: text(),
    /** Totals of its passes, in both wallets. */
    passesInstalled: integer().notNull().default(0),
    installsActive: integer().notNull().default(0),
    installsTotal: integer().notNull().default(0),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.id] })],
);

export const templateVersions = sqliteTable(
  "template_versions",
  {
    tenantId: text().notNull(),
    templateId: text().notNull(),
    version: integer().notNull(),
    design: text().notNull(),
    images: text().notNull(),
    /** SHA-256 of the pack, which is its name in R2. */
    packHash: text().notNull(),
    createdAt: integer().notNull(),
    createdBy: text().notNull(),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.templateId, table.version] })],
);

/** Derived pictures of an image, by slot and density. */
export type ImageVariants = Record<string, Record<string, { width: number; height: number; sha256: string }>>;

export const images = sqliteTable(
  "images",
  {
    tenantId: text().notNull(),
    id: text().notNull(),
    sha256: text().notNull(),
    width: integer().notNull(),
    height: integer().notNull(),
    bytes: integer().notNull(),
    createdAt: integer().notNull(),
    /** Of the file that was sent. */
    mediaType: text().$type<"image/png" | "image/jpeg" | "image/svg+xml">().notNull().default("image/png"),
    personal: integer({ mode: "boolean" }).notNull().default(false),
    templateUses: integer().notNull().default(0),
    passUses: integer().notNull().default(0),
    variants: text({ mode: "json" }).$type<ImageVariants>().notNull().default({}),
    /** Since when its objects are being erased: the image is gone, and its row waits for cron. */
    deletingAt: integer(),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.id] })],
);

export const appleIdentities = sqliteTable(
  "apple_identities",
  {
    tenantId: text().notNull(),
    passTypeIdentifier: text().notNull(),
    teamIdentifier: text().notNull(),
    /** Base64 DER. */
    certificate: text().notNull(),
    issuerCertificate: text().notNull(),
    /** Envelope around PKCS#8. */
    privateKey: text().notNull(),
    nfc: integer({ mode: "boolean" }).notNull(),
    isDefault: integer({ mode: "boolean" }).notNull(),
    notAfter: integer().notNull(),
    createdAt: integer().notNull(),
    tenantCode: text(),
    notBefore: integer().notNull().default(0),
    expiryWarnedDays: integer(),
    warnAt: integer().generatedAlwaysAs(sql`(warn_at)`, { mode: "virtual" }),
    adoptedTo: text(),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.passTypeIdentifier] })],
);

export const appleCertificateRequests = sqliteTable(
  "apple_certificate_requests",
  {
    tenantId: text().notNull(),
    id: text().notNull(),
    csr: text().notNull(),
    privateKey: text(),
    status: text().$type<"pending" | "completed">().notNull(),
    passTypeIdentifier: text(),
    createdAt: integer().notNull(),
    completedAt: integer(),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.id] })],
);

export const customers = sqliteTable(
  "customers",
  {
    tenantId: text().notNull(),
    id: text().notNull(),
    name: text(),
    email: text(),
    phone: text(),
    segments: text({ mode: "json" }).$type<string[]>().notNull(),
    createdAt: integer().notNull(),
    updatedAt: integer().notNull(),
    postalCode: text(),
    /** ISO 3166, in capitals. */
    countryCode: text(),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.id] })],
);

/** What one change did, for the history. Field values stay out of it. */
export interface ChangeSummary {
  kind: "issued" | "updated" | "voided";
  /** JSON Pointers of the members that changed. */
  pointers: string[];
  /** When and by whom; `updated_at` and `updated_by` also move with changes that nobody sees. */
  at: number;
  by: string;
  /** When the change before it was made; absent for the first. */
  previousAt?: number;
}

export const passes = sqliteTable(
  "passes",
  {
    tenantId: text().notNull(),
    id: text().notNull(),
    templateId: text().notNull(),
    templateVersion: integer().notNull(),
    customerId: text(),
    externalId: text(),
    passTypeIdentifier: text(),
    teamIdentifier: text(),
    authenticationToken: text().notNull(),
    linkToken: text(),
    fieldValues: text({ mode: "json" }).$type<Record<string, string | number>>().notNull(),
    overrides: text({ mode: "json" }).$type<Record<string, unknown>>().notNull(),
    announcement: text({ mode: "json" }).$type<{ message: string; keys: string[] }>(),
    version: integer().notNull(),
    change: text({ mode: "json" }).$type<ChangeSummary>().notNull(),
    createdAt: integer().notNull(),
    updatedAt: integer().notNull(),
    updatedBy: text().notNull(),
    expiresAt: integer(),
    voidedAt: integer(),
    lapsesAt: integer().generatedAlwaysAs(sql`(lapses_at)`, { mode: "virtual" }),
    externalSlot: text().generatedAlwaysAs(sql`(external_slot)`, { mode: "virtual" }),
    /** Number of the event of the latest change: the tag that devices ask with. */
    revision: integer().notNull().default(0),
    images: text({ mode: "json" }).$type<Record<string, Record<string, unknown>>>(),
    appleActive: integer().notNull().default(0),
    appleTotal: integer().notNull().default(0),
    firstInstalledAt: integer(),
    personalizedAt: integer(),
    googleActive: integer().notNull().default(0),
    googleTotal: integer().notNull().default(0),
    /** Number of the latest event that these two count. */
    googleCountedSeq: integer().notNull().default(0),
    /** Saves (1) and removals (-1) by when they expire, that others may still come before; and the count before them. */
    googleRecent: text({ mode: "json" }).$type<[expiresAt: number, change: 1 | -1][]>(),
    googleSettled: integer().notNull().default(0),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.id] })],
);

export const passVersions = sqliteTable(
  "pass_versions",
  {
    tenantId: text().notNull(),
    passId: text().notNull(),
    version: integer().notNull(),
    templateVersion: integer().notNull(),
    fieldValues: text({ mode: "json" }).$type<Record<string, string | number>>().notNull(),
    overrides: text({ mode: "json" }).$type<Record<string, unknown>>().notNull(),
    change: text({ mode: "json" }).$type<ChangeSummary>().notNull(),
    changedAt: integer().notNull(),
    changedBy: text().notNull(),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.passId, table.version] })],
);

export const links = sqliteTable(
  "links",
  {
    tenantId: text().notNull(),
    token: text().notNull(),
    passId: text().notNull(),
    createdAt: integer().notNull(),
    revokedAt: integer(),
    former: integer({ mode: "boolean" }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.token] })],
);

export const events = sqliteTable(
  "events",
  {
    tenantId: text().notNull(),
    seq: integer().notNull(),
    id: text().notNull(),
    type: text().notNull(),
    passId: text(),
    templateId: text(),
    data: text({ mode: "json" }).$type<Record<string, unknown>>().notNull(),
    actor: text().notNull(),
    requestId: text().notNull(),
    createdAt: integer().notNull(),
    /** Totals of the tenant as of this event. */
    templates: integer().notNull(),
    passesIssued: integer().notNull(),
    passesUpdated: integer().notNull(),
    passesVoided: integer().notNull(),
    installsActive: integer().notNull().default(0),
    installsTotal: integer().notNull().default(0),
    /** What it was made of, where that can come twice. */
    source: text(),
    /** Null where a former version wrote, which did not count them. */
    passesInstalled: integer(),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.seq] })],
);

export const devices = sqliteTable(
  "devices",
  {
    tenantId: text().notNull(),
    id: text().notNull(),
    pushToken: text().notNull(),
    createdAt: integer().notNull(),
    updatedAt: integer().notNull(),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.id] })],
);

export const registrations = sqliteTable(
  "registrations",
  {
    tenantId: text().notNull(),
    deviceId: text().notNull(),
    passTypeIdentifier: text().notNull(),
    passId: text().notNull(),
    revision: integer().notNull(),
    createdAt: integer().notNull(),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.deviceId, table.passTypeIdentifier, table.passId] })],
);

export const appleLogs = sqliteTable(
  "apple_logs",
  {
    tenantId: text().notNull(),
    seq: integer().notNull(),
    message: text().notNull(),
    createdAt: integer().notNull(),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.seq] })],
);

export type TemplateRow = typeof templates.$inferSelect;
export type TemplateVersionRow = typeof templateVersions.$inferSelect;
export type CustomerRow = typeof customers.$inferSelect;
export type PassRow = typeof passes.$inferSelect;
export type EventRow = typeof events.$inferSelect;
export type AppleIdentityRow = typeof appleIdentities.$inferSelect;
export type LinkRow = typeof links.$inferSelect;
export type ImageRow = typeof images.$inferSelect;
export type AppleCertificateRequestRow = typeof appleCertificateRequests.$inferSelect;
export type AppleLogRow = typeof appleLogs.$inferSelect;
