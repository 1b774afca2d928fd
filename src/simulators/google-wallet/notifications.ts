import type { CardNotification } from "./contract";
import { Refusal } from "./refusal";
import type { Simulation } from "./simulation";
import type { Resource } from "./store";

const notificationsMax = 3;
const windowMs = 24 * 3_600_000;

type Text = Pick<CardNotification, "cause" | "header" | "body">;

/**
 * Tells the holder, or the holders of every pass of a class. Throws when the object or class it is addressed to has had
 * its three of the last 24 hours; a pass of a class that has had its own is passed over.
 */
export function notify(ctx: Simulation, resource: Resource, text: Text): void {
  if (!hasQuota(ctx, resource, text.cause)) {
    throw new Refusal(
      "quotaExceeded",
      `QuotaExceededException: ${resource.id} has had ${notificationsMax} notifications of this kind in 24 hours.`,
    );
  }
  const add = ({ kind, id }: Resource, shown: boolean) =>
    ctx.store.addNotification(kind, id, { ...text, at: ctx.now, shown });
  add(resource, resource.saved);
  if (resource.kind === "object") return;
  for (const object of ctx.store.savedObjectsOf(resource.id)) if (hasQuota(ctx, object, text.cause)) add(object, true);
}

function hasQuota({ store, now }: Simulation, { kind, id }: Resource, cause: Text["cause"]): boolean {
  const sent = store
    .notifications(kind, id)
    .filter((sentOne) => sentOne.cause === cause && sentOne.at > now - windowMs);
  return sent.length < notificationsMax;
}
