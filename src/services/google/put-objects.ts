import type { JsonObject, Warning } from "../../pass-model/resolved-pass";
import type { GoogleAnswer, GoogleApi, GoogleCall, GoogleError } from "../../providers/google/contract";
import { callAll } from "./calls";
import type { Item } from "./deliver";

export type Put = { ok: true; classId: string; warnings: Warning[] } | { ok: false; error: GoogleError };

/**
 * Replaces what Google has and inserts what it has not. Replaces (PUT), for a patch would merge: of a balance that
 * was a whole number and is none any more it would leave both.
 */
export async function putObjects(
  api: GoogleApi,
  items: Item[],
  classErrors: Map<string, GoogleError>,
): Promise<Map<Item, Put>> {
  const outcomes = new Map<Item, Put>();
  const ready = items.filter(({ payload }) => !classErrors.has(payload.object.classId));
  const answers = await callAll(
    api,
    ready.map((item) => (isThere(item) ? update(item) : insert(item))),
  );
  for (const [index, item] of ready.entries()) {
    const answer = answers[index]!;
    outcomes.set(item, answer.ok ? taken(item) : await recover(api, item, answer.error));
  }
  for (const item of items.filter((each) => !outcomes.has(each))) {
    outcomes.set(item, await keepCurrent(api, item, classErrors.get(item.payload.object.classId)!));
  }
  return outcomes;
}

const isThere = ({ row }: Item): boolean => row.syncedVersion > 0 && !row.inLink;

const insert = (item: Item): GoogleCall => ({
  method: "insert",
  kind: "object",
  vertical: item.payload.vertical,
  body: bodyOf(item),
});

const update = (item: Item, classId = item.payload.object.classId): GoogleCall => ({
  method: "update",
  kind: "object",
  vertical: item.payload.vertical,
  id: item.payload.object.id,
  body: { ...bodyOf(item), classId },
});

/** Google takes ten; three are kept of those that the holder was told, and the next comes on top. */
const designedMax = 6;

/** With the texts that the holder was told before, which replacing would take away. */
function bodyOf({ payload: { object, messages } }: Item): JsonObject {
  const designed = Array.isArray(object.messages) ? object.messages.slice(0, designedMax) : [];
  const all = [...designed, ...messages];
  return all.length > 0 ? { ...object, messages: all } : object;
}

const taken = ({ payload }: Item, warnings: Warning[] = [], classId = payload.object.classId): Put => ({
  ok: true,
  classId,
  warnings,
});

/** What is there although we do not know, and what is not although we thought so. */
async function recover(api: GoogleApi, item: Item, error: GoogleError): Promise<Put> {
  if (error.kind === "already_exists") return settled(api, item, await api.call(update(item)));
  if (error.kind !== "not_found") return keepCurrent(api, item, error);
  // Of the object or of its class: both are put back.
  const { payload } = item;
  const made = payload.class && (await api.put("class", payload.vertical, payload.class));
  if (made && !made.ok) return keepCurrent(api, item, made.error);
  const inserted = await api.call(insert(item));
  const exists = !inserted.ok && inserted.error.kind === "already_exists";
  return settled(api, item, exists ? await api.call(update(item)) : inserted);
}

const settled = (api: GoogleApi, item: Item, answer: GoogleAnswer<JsonObject>): Put | Promise<Put> =>
  answer.ok ? taken(item) : keepCurrent(api, item, answer.error);

/**
 * Of what Google refuses for good, as much as it takes: the pass in the class that it has, or at least that it is
 * void or expired.
 */
async function keepCurrent(api: GoogleApi, item: Item, error: GoogleError): Promise<Put> {
  const { row, payload } = item;
  const { classId, vertical, id } = row;
  if (!isThere(item) || classId === null || error.kind !== "invalid") return { ok: false, error };
  if (payload.object.classId !== classId) {
    const answer = await api.call(update(item, classId));
    if (answer.ok) return taken(item, [classKept], classId);
  }
  const { state } = payload.object;
  if (state === "ACTIVE" || state === undefined) return { ok: false, error };
  const answer = await api.call({ method: "patch", kind: "object", vertical, id, body: { state } });
  return answer.ok ? taken(item, [stateOnly], classId) : { ok: false, error };
}

const classKept: Warning = {
  code: "google_class_unchanged",
  pointer: "#/google/class",
  detail: "Google does not take the class that the pass asks for now; it stays in the one that it has",
};

const stateOnly: Warning = {
  code: "google_state_only",
  pointer: "#/status",
  detail: "Google does not take the pass as it is now; it was only told that the pass is no longer valid",
};
