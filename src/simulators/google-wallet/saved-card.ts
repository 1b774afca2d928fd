import type { Simulation } from "./simulation";
import type { SavedCard } from "./contract";
import { present } from "./resources";
import type { Resource } from "./store";

/** What the save page shows of one object. */
export function cardOf({ store }: Simulation, object: Resource): SavedCard {
  return {
    vertical: object.vertical,
    class: store.resource("class", object.classId!)!.body,
    object: present({ store }, object),
    saved: object.saved,
    notifications: store
      .notifications("object", object.id)
      .filter(({ shown }) => shown)
      .map(({ shown: _shown, ...notification }) => notification),
    callbacks: store.callbacks(object.id),
  };
}
