import type { JsonObject } from "../../pass-model/resolved-pass";
import { eraseIssuer, eraseRegistrant, isKnown } from "./sqlite-erase";
import type { Row, Sqlite } from "./sqlite-rows";
import type { Account, Member, Role, UserStore } from "./store";

/** Issuers, who acts for them, and by which keys. */
export function sqliteUsers(sqlite: Sqlite): UserStore {
  const { rows, run } = sqlite;
  return {
    issuer: (issuerId) => rows("select body from issuers where id = ?", issuerId).map(toIssuer)[0] ?? null,
    putIssuer: (issuerId, body) =>
      run(
        "insert into issuers (id, body) values (?, ?) on conflict (id) do update set body = excluded.body",
        issuerId,
        JSON.stringify(body),
      ),
    makeIssuer: (issuerId, body, { email, fingerprint }) =>
      run(
        "insert into issuers (id, body, maker_email, maker_fingerprint) values (?, ?, ?, ?)",
        issuerId,
        JSON.stringify(body),
        email,
        fingerprint,
      ),
    issuersMadeBy: ({ email, fingerprint }) =>
      rows("select id from issuers where maker_email = ? and maker_fingerprint = ?", email, fingerprint).length,
    issuersOf: ({ email, fingerprint }) =>
      rows(
        `select body from issuers where id in
           (select issuer_id from members where email = ? and fingerprint = ?) order by id`,
        email,
        fingerprint,
      ).map(toIssuer),
    members: (issuerId) =>
      rows("select email, fingerprint, role from members where issuer_id = ? order by email", issuerId).map(toMember),
    putMember: (issuerId, { email, fingerprint, role }) =>
      run("insert or replace into members values (?, ?, ?, ?)", issuerId, email, fingerprint, role),
    removeMembers: (issuerId) => run("delete from members where issuer_id = ?", issuerId),
    bindMember: ({ email, fingerprint }, issuerId) =>
      run(
        `update members set fingerprint = ?1 where email = ?2 and fingerprint is null
           and (?3 is null or issuer_id = ?3)`,
        fingerprint,
        email,
        issuerId,
      ),

    keyAt: (issuerId, email) => keyAt(sqlite, issuerId, email),
    putAccount(issuerId, { email, fingerprint }, publicKey) {
      const former = keyAt(sqlite, issuerId, email);
      run(
        "insert or replace into accounts values (?, ?, ?, ?)",
        issuerId,
        email,
        fingerprint,
        JSON.stringify(publicKey),
      );
      if (former === null || isKnown(sqlite, email, former)) return;
      run("update members set fingerprint = ? where email = ? and fingerprint = ?", fingerprint, email, former);
      run(
        "update issuers set maker_fingerprint = ? where maker_email = ? and maker_fingerprint = ?",
        fingerprint,
        email,
        former,
      );
    },
    publicKeys: (email) =>
      rows("select distinct fingerprint, public_key from accounts where email = ?", email).map((row) => ({
        fingerprint: row.fingerprint as string,
        publicKey: JSON.parse(row.public_key as string) as JsonWebKey,
      })),
    putRegistrant: (issuerId, registrant) =>
      run("insert or ignore into registrants values (?, ?)", issuerId, registrant),
    eraseIssuer: (issuerId) => eraseIssuer(sqlite, issuerId),
    eraseRegistrant: (registrant) => eraseRegistrant(sqlite, registrant),

    accountOfToken: (tokenHash, now) =>
      rows(
        `select email, fingerprint from tokens where hash = ? and expires_at > ? and exists (select 1 from accounts
           where accounts.email = tokens.email and accounts.fingerprint = tokens.fingerprint)`,
        tokenHash,
        now,
      ).map(({ email, fingerprint }): Account => ({ email: email as string, fingerprint: fingerprint as string }))[0] ??
      null,
    putToken(tokenHash, { email, fingerprint }, expiresAt, now) {
      run("delete from tokens where expires_at <= ?", now);
      run("insert into tokens values (?, ?, ?, ?)", tokenHash, email, fingerprint, expiresAt);
    },
  };
}

function keyAt({ rows }: Sqlite, issuerId: string, email: string): string | null {
  const [row] = rows("select fingerprint from accounts where issuer_id = ? and email = ?", issuerId, email);
  return row ? (row.fingerprint as string) : null;
}

const toIssuer = ({ body }: Row): JsonObject => JSON.parse(body as string) as JsonObject;

const toMember = (row: Row): Member => ({
  email: row.email as string,
  fingerprint: row.fingerprint as string | null,
  role: row.role as Role,
});
