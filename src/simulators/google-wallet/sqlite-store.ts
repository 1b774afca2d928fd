import type { JsonObject } from "../../pass-model/resolved-pass";
import type { GoogleVertical } from "../../pass-model/vocabulary";
import type { CallbackKeys, CardCallback } from "./contract";
import { type Row, sqliteOf } from "./sqlite-rows";
import { sqliteSchema } from "./sqlite-schema";
import { sqliteUsers } from "./sqlite-users";
import type { Page, Resource, ResourceKind, SentNotification, Store } from "./store";

/** Rows that are kept of what happened to one resource. */
const historyMax = 50;
const partCharactersMax = 256 * 1024;

/** The simulator's memory in the storage of one Durable Object. */
export function sqliteStore(storage: Pick<DurableObjectStorage, "sql" | "transactionSync">): Store {
  const sqlite = sqliteOf(storage);
  const { rows, run } = sqlite;
  for (const statement of sqliteSchema) run(statement);

  return {
    atomically: (work) => storage.transactionSync(work),

    ...sqliteUsers(sqlite),

    resource: (kind, id) =>
      rows("select * from resources where kind = ? and id = ?", kind, id).map(toResource)[0] ?? null,
    addResource: ({ kind, id, vertical, issuerId, classId, saved, body }) =>
      storage.transactionSync(() => {
        run(
          "insert into resources (kind, id, vertical, issuer_id, class_id, saved, body) values (?, ?, ?, ?, ?, ?, ?)",
          kind,
          id,
          vertical,
          issuerId,
          classId,
          saved ? 1 : 0,
          JSON.stringify(body),
        );
        run("update issuers set resource_count = resource_count + 1 where id = ?", issuerId);
      }),
    putResource: ({ kind, id, classId, saved, body }) =>
      run(
        "update resources set class_id = ?, saved = ?, body = ? where kind = ? and id = ?",
        classId,
        saved ? 1 : 0,
        JSON.stringify(body),
        kind,
        id,
      ),
    resourceCount: (issuerId) =>
      (rows("select resource_count from issuers where id = ?", issuerId)[0]?.resource_count as number | undefined) ?? 0,
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
      const [added] = rows(
        "insert into callbacks (object_id, at, event_type, url, status) values (?, ?, ?, ?, ?) returning seq",
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
      return added!.seq as number;
    },
    putCallbackStatus: (callback, status) => run("update callbacks set status = ? where seq = ?", status, callback),

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
    callbackKeys() {
      const row = rows("select keys from callback_keys")[0];
      return row ? (JSON.parse(row.keys as string) as CallbackKeys) : null;
    },
    putCallbackKeys: (keys) => run("insert or replace into callback_keys values (1, ?)", JSON.stringify(keys)),
  };
}

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
