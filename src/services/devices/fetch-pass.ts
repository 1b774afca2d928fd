import { and, eq, inArray, sql, type SQL, type SQLWrapper } from "drizzle-orm";
import { appleIdentities, customers, passes, templateVersions, type PassRow } from "../../db/data-schema";
import { forTenant, type BaseContext } from "../context";
import { packageFile } from "../passes/apple";
import { resolveFile } from "../passes/read";
import { assertSignable } from "../passes/signable";
import { loadVersion } from "../templates/load";
import { assertHolder, namedIdentity, namedPass, readServingTenant, type DeviceCredentials } from "./authorize";

/** What the device says it has: the revisions of entity tags, or the second of its Last-Modified. */
export type Seen =
  | { by: "revisions"; revisions: number[] }
  | { by: "anyRevision" }
  | { by: "second"; epochSeconds: number }
  | { by: "nothing" };

/** `bytes` is null where nothing was packaged: the device has the pass, or asked for the head alone. */
interface FetchedPass {
  pass: PassRow;
  unchanged: boolean;
  bytes: Uint8Array | null;
}

/**
 * The latest pass for a device that holds it: one read if it has that already, and one more (the tenant) to
 * build it. A voided pass is served, void. A head alone is refused like the whole. Throws `device_unauthorized`,
 * `temporarily_unavailable`, `apple_not_configured` and `nfc_certificate_required`.
 */
export async function fetchPass(
  base: BaseContext,
  credentials: DeviceCredentials,
  seen: Seen,
  headOnly: boolean,
): Promise<FetchedPass> {
  const row = await readHeld(base, credentials, seen);
  await assertHolder(row?.pass, credentials);
  const { pass, identity, version, customer, unchanged } = row!;
  if (unchanged) return { pass, unchanged: true, bytes: null };
  const tenant = await readServingTenant(base, credentials.tenantCode);
  const ctx = forTenant(base, tenant, { type: "holder" });
  const file = { pass, version: loadVersion(version!), customer, identity };
  const resolved = resolveFile(ctx, file);
  assertSignable(ctx, identity, resolved);
  return { pass, unchanged: false, bytes: headOnly ? null : await packageFile(ctx, file, resolved) };
}

/** The verdict falls in the statement: a device that is up to date makes it read no design. */
function readHeld(base: BaseContext, credentials: DeviceCredentials, seen: Seen) {
  const unchanged = hasSeen(seen);
  // Null is equal to no key.
  const unlessUnchanged = (column: SQLWrapper) => sql`iif(${unchanged}, null, ${column})`;
  return base
    .dataOf(credentials.tenantCode)
    .select({
      pass: passes,
      identity: appleIdentities,
      version: templateVersions,
      customer: customers,
      unchanged: sql<number>`${unchanged}`.mapWith(Boolean),
    })
    .from(appleIdentities)
    .innerJoin(passes, namedPass(credentials))
    .leftJoin(
      templateVersions,
      and(
        eq(templateVersions.tenantId, passes.tenantId),
        eq(templateVersions.templateId, passes.templateId),
        eq(templateVersions.version, unlessUnchanged(passes.templateVersion)),
      ),
    )
    .leftJoin(
      customers,
      and(eq(customers.tenantId, passes.tenantId), eq(customers.id, unlessUnchanged(passes.customerId))),
    )
    .where(namedIdentity(credentials))
    .get();
}

const changedAt = sql`cast(${passes.change} ->> '$.at' as integer)`;
const previouslyChangedAt = sql`cast(${passes.change} ->> '$.previousAt' as integer)`;

function hasSeen(seen: Seen): SQL {
  switch (seen.by) {
    case "revisions":
      return inArray(passes.revision, seen.revisions);
    case "anyRevision":
      return sql`true`;
    case "second":
      // A second with two changes tells nothing: the device may have the one before.
      return sql`${changedAt} / 1000 <= ${seen.epochSeconds}
        and coalesce(${previouslyChangedAt} / 1000 < ${changedAt} / 1000, true)`;
    case "nothing":
      return sql`false`;
  }
}
