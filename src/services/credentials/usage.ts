import { credentials } from "../../db/control-schema";
import type { NetworkUse } from "../../durable-objects/rate-limiter";
import type { TenantContext } from "../context";
import { notFound, ServiceError } from "../errors";
import { logUnreachable } from "./ask-limiter";
import { ownKey } from "./list";

const dayMs = 86_400_000;
const daysShown = 30;

export interface KeyUsageReport {
  id: string;
  /** The last 30 days, today first. `date` is ISO 8601, in UTC. */
  days: { date: string; requests: number }[];
  /** Latest use first. */
  networks: NetworkUse[];
}

/** How much a key was used, and from where. Throws `not_found`, and `temporarily_unavailable` while the limiter is away. */
export async function readKeyUsage(ctx: TenantContext, id: string): Promise<KeyUsageReport> {
  const [row] = await ctx.control.select({ keyId: credentials.keyId }).from(credentials).where(ownKey(ctx, id));
  if (!row) throw notFound("API key");
  const usage = await ctx
    .limiter(ctx.tenant.id)
    .usage(row.keyId)
    .catch((error: unknown) => {
      logUnreachable(ctx, ctx.tenant.id, error);
      throw new ServiceError("temporarily_unavailable", "The usage of keys cannot be read at the moment.", {
        retryAfterSeconds: 5,
      });
    });
  const counts = new Map(usage.days.map(({ day, requests }) => [day, requests]));
  const today = Math.floor(ctx.now / dayMs);
  const days = Array.from({ length: daysShown }, (_, back) => ({
    date: new Date((today - back) * dayMs).toISOString().slice(0, 10),
    requests: counts.get(today - back) ?? 0,
  }));
  return { id, days, networks: usage.networks };
}
