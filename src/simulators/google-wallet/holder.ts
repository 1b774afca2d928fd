import { makeCallbackKeys, signCallback } from "./callbacks";
import type { CallbackKeys, CardCallback } from "./contract";
import { at } from "./json";
import type { Simulation } from "./simulation";
import type { Resource } from "./store";

const callbackLifeMs = 3_600_000;

/** Puts an object into the simulated holder's wallet, or takes it out, and tells its issuer. A second time changes nothing. */
export async function setSaved(sim: Simulation, { id }: Resource, saved: boolean): Promise<void> {
  const object = sim.store.resource("object", id);
  if (!object || object.saved === saved) return;
  sim.store.putResource({ ...object, saved });
  const { issuerId, body } = sim.store.resource("class", object.classId!)!;
  const url = at(body, ["callbackOptions", "url"]);
  if (typeof url !== "string") return;
  const eventType: CardCallback["eventType"] = saved ? "save" : "del";
  const message = {
    classId: object.classId!,
    objectId: id,
    eventType,
    expTimeMillis: sim.now + callbackLifeMs,
    // There is one holder.
    count: 1,
    nonce: crypto.randomUUID(),
  };
  const signed = await signCallback(await callbackKeys(sim), { issuerId, message });
  const status = await sim.deliver(url, signed);
  sim.store.addCallback(id, { at: sim.now, eventType, url, status });
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
