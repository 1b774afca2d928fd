import type { JsonObject } from "../../pass-model/resolved-pass";
import type { GoogleVertical } from "../../pass-model/vocabulary";
import type { CallbackKeys, CardCallback } from "./contract";
import { sqliteSchema } from "./sqlite-schema";
import type { Account, Member, Page, Resource, ResourceKind, Role, SentNotification, Store } from "./store";

/** Rows that are kept of what happened to one resource. */
const historyMax = 50;
const partCharactersMax = 256 * 1024;

type Value = string | number | null;
type Row = Record<string, Value>;

/** The simulator's memory in the storage of one Durable Object. */
export function sqliteStore(storage: Pick<DurableObjectStorage, "sql" | "transactionSync">): Store {
  const { sql } = storage;
  for (const statement of sqliteSchema) sql.exec(statement);
  const rows = <T extends Row = Row>(query: string, ...values: Value[]): T[] => sql.exec<T>(query, ...values).toArray();
  const run = (query: string, ...values: Value[]): void => void sql.exec(query, ...values);

  return {
    atomically: (work) => storage.transactionSync(work),

    issuer: (issuerId) => bodyOf(rows("select body from issuers where id = ?", issuerId)[0]),
    putIssuer: (issuerId, body) => run("insert or replace into issuers values (?, ?)", issuerId, JSON.stringify(body)),
    issuersOf: ({ email, fingerprint }) =>
      rows(
        `select body from issuers where id in
           (select issuer_id from members where email = ? and fingerprint in (?, '')) order by id`,
        email,
        fingerprint,
      ).map((row) => bodyOf(row)!),
    members: (issuerId) =>
      rows("select email, fingerprint, role from members where issuer_id = ? order by email", issuerId).map(toMember),
    putMember: (issuerId, { email, fingerprint, role }) =>
      run("insert or replace into members values (?, ?, ?, ?)", issuerId, email, fingerprint ?? "", role),
    removeMember: (issuerId, email) => run("delete from members where issuer_id = ? and email = ?", issuerId, email),
    eraseIssuer(issuerId) {
      const objects = "(select id from resources where kind = 'object' and issuer_id = ?)";
      run(`delete from barcode_values where object_id in ${objects}`, issuerId);
      run(`delete from callbacks where object_id in ${objects}`, issuerId);
      run(
        "delete from notifications where (kind, resource_id) in (select kind, id from resources where issuer_id = ?)",
        issuerId,
      );
      for (const table of ["resources", "smart_taps", "members"])
        run(`delete from ${table} where issuer_id = ?`, issuerId);
      run("delete from issuers where id = ?", issuerId);
      const orphans = "where not exists (select 1 from members where members.email = ";
      run(`delete from accounts ${orphans}accounts.email and members.fingerprint in (accounts.fingerprint, ''))`);
      run(`delete from tokens ${orphans}tokens.email and members.fingerprint in (tokens.fingerprint, ''))`);
    },

    publicKeys: (email) =>
      rows("select fingerprint, public_key from accounts where email = ?", email).map((row) => ({
        fingerprint: row.fingerprint as string,
        publicKey: JSON.parse(row.public_key as string) as JsonWebKey,
      })),
    putAccount: ({ email, fingerprint }, publicKey) =>
      run("insert or replace into accounts values (?, ?, ?)", email, fingerprint, JSON.stringify(publicKey)),
    accountOfToken: (tokenHash, now) =>
      rows("select email, fingerprint from tokens where hash = ? and expires_at > ?", tokenHash, now).map(
        ({ email, fingerprint }): Account => ({ email: email as string, fingerprint: fingerprint as string }),
      )[0] ?? null,
    putToken(tokenHash, { email, fingerprint }, expiresAt, now) {
      run("delete from tokens where expires_at <= ?", now);
      run("insert into tokens values (?, ?, ?, ?)", tokenHash, email, fingerprint, expiresAt);
    },

    resource: (kind, id) =>
      rows("select * from resources where kind = ? and id = ?", kind, id).map(toResource)[0] ?? null,
    putResource: ({ kind, id, vertical, issuerId, classId, saved, body }) =>
      run(
        "insert or replace into resources (kind, id, vertical, issuer_id, class_id, saved, body) values (?, ?, ?, ?, ?, ?, ?)",
        kind,
        id,
        vertical,
        issuerId,
        classId,
        saved ? 1 : 0,
        JSON.stringify(body),
      ),
    classesOf: (issuerId, vertical, after, limit) =>
      pageOf(
        rows(
          `select * from resources where kind = 'class' and issuer_id = ? and vertical = ? and id > ?
             order by id limit ?`,
          issuerId,
          vertical,
          after,
          limit === null ? -1 : limit + 1,
        ),
        limit,
      ),
    objectsOf: (classId, after, limit) =>
      pageOf(
        rows(
          "select * from resources where kind = 'object' and class_id = ? and id > ? order by id limit ?",
          classId,
          after,
          limit === null ? -1 : limit + 1,
        ),
        limit,
      ),
    savedObjectsOf: (classId) =>
      rows("select * from resources where kind = 'object' and class_id = ? and saved = 1 order by id", classId).map(
        toResource,
      ),

    notifications: (kind, id) =>
      rows(
        "select * from notifications where kind = ? and resource_id = ? order by seq desc limit ?",
        kind,
        id,
        historyMax,
      ).map(toNotification),
    addNotification(kind, id, { at, cause, header, body, shown }) {
      run(
        "insert into notifications (kind, resource_id, at, cause, header, body, shown) values (?, ?, ?, ?, ?, ?, ?)",
        kind,
        id,
        at,
        cause,
        header,
        body,
        shown ? 1 : 0,
      );
      run(
        `delete from notifications where kind = ?1 and resource_id = ?2 and seq <=
           (select seq from notifications where kind = ?1 and resource_id = ?2 order by seq desc limit 1 offset ?3)`,
        kind,
        id,
        historyMax,
      );
    },
    callbacks: (objectId) =>
      rows("select * from callbacks where object_id = ? order by seq desc limit ?", objectId, historyMax).map(
        toCallback,
      ),
    addCallback(objectId, { at, eventType, url, status }) {
      run(
        "insert into callbacks (object_id, at, event_type, url, status) values (?, ?, ?, ?, ?)",
        objectId,
        at,
        eventType,
        url,
        status,
      );
      run(
        `delete from callbacks where object_id = ?1 and seq <=
           (select seq from callbacks where object_id = ?1 order by seq desc limit 1 offset ?2)`,
        objectId,
        historyMax,
      );
    },

    barcodeValues(objectId) {
      const parts = rows("select content from barcode_values where object_id = ? order by part", objectId);
      return parts.length === 0 ? null : parts.map(({ content }) => content as string).join("");
    },
    putBarcodeValues(objectId, values) {
      run("delete from barcode_values where object_id = ?", objectId);
      for (let part = 0; part * partCharactersMax < values.length; part += 1) {
        const content = values.slice(part * partCharactersMax, (part + 1) * partCharactersMax);
        run("insert into barcode_values values (?, ?, ?)", objectId, part, content);
      }
    },
    putSmartTap: (issuerId, id, body) =>
      run("insert or replace into smart_taps values (?, ?, ?)", issuerId, id, JSON.stringify(body)),
    callbackKeys() {
      const row = rows("select keys from callback_keys")[0];
      return row ? (JSON.parse(row.keys as string) as CallbackKeys) : null;
    },
    putCallbackKeys: (keys) => run("insert or replace into callback_keys values (1, ?)", JSON.stringify(keys)),
  };
}

const bodyOf = (row: Row | undefined): JsonObject | null =>
  row ? (JSON.parse(row.body as string) as JsonObject) : null;

const toMember = (row: Row): Member => ({
  email: row.email as string,
  fingerprint: row.fingerprint === "" ? null : (row.fingerprint as string),
  role: row.role as Role,
});

const toResource = (row: Row): Resource => ({
  kind: row.kind as ResourceKind,
  id: row.id as string,
  vertical: row.vertical as GoogleVertical,
  issuerId: row.issuer_id as string,
  classId: row.class_id as string | null,
  saved: row.saved === 1,
  body: JSON.parse(row.body as string) as JsonObject,
});

const toNotification = (row: Row): SentNotification => ({
  at: row.at as number,
  cause: row.cause as SentNotification["cause"],
  header: row.header as string,
  body: row.body as string,
  shown: row.shown === 1,
});

const toCallback = (row: Row): CardCallback => ({
  at: row.at as number,
  eventType: row.event_type as CardCallback["eventType"],
  url: row.url as string,
  status: row.status as number | null,
});

function pageOf(found: Row[], limit: number | null): Page {
  const resources = found.slice(0, limit ?? found.length).map(toResource);
  return { resources, after: found.length > resources.length ? resources.at(-1)!.id : null };
}
