import { issuerOf } from "./access";
import { makeCallbackKeys, signCallback } from "./callbacks";
import type { CallbackKeys, CardCallback } from "./contract";
import { at } from "./json";
import { Refusal } from "./refusal";
import type { Simulation } from "./simulation";
import type { Resource } from "./store";

const callbackLifeMs = 3_600_000;

/** An issuer's server hears no more of one pass than this, however often somebody presses the button. */
const callbacksMax = 10;
const callbackWindowMs = 60_000;

/**
 * Puts objects into the simulated holder's wallet, or takes them out, and tells their issuers. What is there already
 * stays as it is. Throws, and changes nothing, if one of them has had its callbacks of the last minute.
 */
export async function setSaved(sim: Simulation, objects: Resource[], saved: boolean): Promise<void> {
  // Read again: while their link was opened, another request can have changed them.
  const changed = [...new Set(objects.map(({ id }) => id))].flatMap((id) => {
    const object = sim.store.resource("object", id);
    return object && object.saved !== saved ? [object] : [];
  });
  for (const object of changed) if (callbackUrl(sim, object) !== null) requireCallback(sim, object);
  // Noted before anything is awaited, so that a second click meanwhile finds it.
  const callbacks = changed.flatMap((object) => {
    sim.store.putResource({ ...object, saved });
    const url = callbackUrl(sim, object);
    if (url === null) return [];
    const eventType: CardCallback["eventType"] = saved ? "save" : "del";
    return [
      {
        object,
        url,
        eventType,
        noted: sim.store.addCallback(object.id, { at: sim.now, eventType, url, status: null }),
      },
    ];
  });
  for (const { object, url, eventType, noted } of callbacks) {
    const message = {
      classId: object.classId!,
      objectId: object.id,
      eventType,
      expTimeMillis: sim.now + callbackLifeMs,
      // There is one holder.
      count: 1,
      nonce: crypto.randomUUID(),
    };
    const signed = await signCallback(await callbackKeys(sim), { issuerId: issuerOf(object.classId), message });
    sim.store.putCallbackStatus(noted, await sim.deliver(url, signed));
  }
}

function callbackUrl({ store }: Simulation, { classId }: Resource): string | null {
  const url = at(store.resource("class", classId!)?.body, ["callbackOptions", "url"]);
  return typeof url === "string" ? url : null;
}

function requireCallback({ store, now }: Simulation, { id }: Resource): void {
  const oldest = store.callbacks(id)[callbacksMax - 1];
  if (!oldest || oldest.at <= now - callbackWindowMs) return;
  throw new Refusal(
    "rateLimitExceeded",
    `${id} was saved and removed ${callbacksMax} times within a minute, and its issuer told each time: the simulator's own limit.`,
    { retryAfterSeconds: Math.ceil((oldest.at + callbackWindowMs - now) / 1000) },
  );
}

/** Made when they are first needed. */
export async function callbackKeys({ store, now }: Simulation): Promise<CallbackKeys> {
  const known = store.callbackKeys();
  if (known) return known;
  const made = await makeCallbackKeys(now);
  const meanwhile = store.callbackKeys();
  if (!meanwhile) store.putCallbackKeys(made);
  return meanwhile ?? made;
}
