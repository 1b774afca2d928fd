import type { Sqlite } from "./sqlite-rows";

/** What is kept of resources, whose ids all begin with their issuer's. */
const ownedByResource = [
  "barcode_values where object_id > ?1 and object_id < ?2",
  "callbacks where object_id > ?1 and object_id < ?2",
  "notifications where kind in ('class', 'object') and resource_id > ?1 and resource_id < ?2",
  "resources where kind in ('class', 'object') and id > ?1 and id < ?2",
];
const ownedByIssuer = ["members", "registrants", "accounts"];

/** An issuer, its resources, and the accounts that were registered for no other. */
export function eraseIssuer(sqlite: Sqlite, issuerId: string): void {
  const accounts = sqlite.rows("select email, fingerprint from accounts where issuer_id = ?", issuerId);
  // "/" follows "." in ASCII.
  for (const owned of ownedByResource) sqlite.run(`delete from ${owned}`, `${issuerId}.`, `${issuerId}/`);
  for (const table of ownedByIssuer) sqlite.run(`delete from ${table} where issuer_id = ?`, issuerId);
  sqlite.run("delete from issuers where id = ?", issuerId);
  for (const { email, fingerprint } of accounts) forget(sqlite, email as string, fingerprint as string);
}

/** The issuers of a registrant that no other registered as well. */
export function eraseRegistrant(sqlite: Sqlite, registrant: string): void {
  const issuers = sqlite.rows(
    `select issuer_id from registrants as own where registrant = ?1 and not exists
       (select 1 from registrants where issuer_id = own.issuer_id and registrant <> ?1)`,
    registrant,
  );
  sqlite.run("delete from registrants where registrant = ?", registrant);
  for (const row of issuers) eraseIssuer(sqlite, row.issuer_id as string);
}

/** Whether an account is registered for any issuer. */
export const isKnown = (sqlite: Sqlite, email: string, fingerprint: string): boolean =>
  sqlite.rows("select 1 from accounts where email = ? and fingerprint = ? limit 1", email, fingerprint).length > 0;

/** With an account goes what it made. */
function forget(sqlite: Sqlite, email: string, fingerprint: string): void {
  if (isKnown(sqlite, email, fingerprint)) return;
  sqlite.run("delete from members where email = ? and fingerprint = ?", email, fingerprint);
  const made = sqlite.rows(
    "select id from issuers where maker_email = ? and maker_fingerprint = ?",
    email,
    fingerprint,
  );
  for (const { id } of made) eraseIssuer(sqlite, id as string);
}
