import { and, eq, sql } from "drizzle-orm";
import { appleIdentities, passes, registrations } from "../../db/data-schema";
import type { BaseContext } from "../context";
import { namedIdentity } from "./authorize";

interface DeviceQuestion {
  tenantCode: string;
  passTypeIdentifier: string;
  deviceId: string;
  /** What the device was answered last; anything that is no tag of ours counts as none. */
  since: string | undefined;
}

interface ChangedPasses {
  serialNumbers: string[];
  /** Opaque to the device. A string: as a number iOS ignores it (developer.apple.com/forums/thread/694992). */
  lastUpdated: string;
}

/**
 * Which passes of the device changed since a tag; null if none did. A tag is the number of an event, and
 * events are numbered in the order of commits, so whatever commits after this read has a higher one. The
 * registration counts as a change, too: a pass that changed between its download and that is listed.
 */
export async function listUpdates(base: BaseContext, question: DeviceQuestion): Promise<ChangedPasses | null> {
  const { tenantCode, deviceId, since = "" } = question;
  const tag = /^\d{1,15}$/.test(since) ? Number(since) : -1;
  const revision = sql<number>`max(${passes.revision}, ${registrations.revision})`;
  const changed = await base
    .dataOf(tenantCode)
    .select({ serialNumber: passes.id, revision })
    .from(appleIdentities)
    .innerJoin(
      registrations,
      and(
        eq(registrations.tenantId, appleIdentities.tenantId),
        eq(registrations.deviceId, deviceId),
        eq(registrations.passTypeIdentifier, appleIdentities.passTypeIdentifier),
      ),
    )
    .innerJoin(passes, and(eq(passes.tenantId, registrations.tenantId), eq(passes.id, registrations.passId)))
    .where(and(namedIdentity(question), sql`${revision} > ${tag}`));
  if (changed.length === 0) return null;
  const last = changed.reduce((highest, { revision: one }) => Math.max(highest, one), 0);
  return { serialNumbers: changed.map(({ serialNumber }) => serialNumber), lastUpdated: String(last) };
}
