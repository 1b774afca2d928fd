import type { BatchStatement } from "../../db/client";
import { events } from "../../db/data-schema";
import { newId } from "../../db/ids";
import { actorName, type TenantContext } from "../context";

export const eventTypes = [
  "template.created",
  "template.updated",
  "template.deleted",
  "pass.created",
  "pass.updated",
  "pass.voided",
] as const;
export type EventType = (typeof eventTypes)[number];

/**
 * The event row of a change, to be written in the same batch as the change (an outbox): a change without
 * its event, or an event without its change, cannot exist.
 */
export function eventRow(
  ctx: TenantContext,
  event: { type: EventType; at?: number; passId?: string; templateId?: string; data?: Record<string, unknown> },
): BatchStatement {
  // Events of one object sort as its changes do.
  const at = event.at ?? ctx.now;
  return ctx.data.insert(events).values({
    tenantId: ctx.tenant.id,
    id: newId("evt", at),
    type: event.type,
    passId: event.passId ?? null,
    templateId: event.templateId ?? null,
    data: event.data ?? {},
    actor: actorName(ctx.actor),
    requestId: ctx.requestId,
    createdAt: at,
  });
}
