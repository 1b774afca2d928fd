import { eq, isNotNull, sql } from "drizzle-orm";
import { runBatch, type BatchStatement, type Database } from "../../db/client";
import { appleIdentities, passes, type AppleIdentityRow } from "../../db/data-schema";
import type { BaseContext } from "../context";

/**
 * Passes that were issued while the account had no certificate have neither pass type nor team. The first
 * certificate gives them its own, once and for all: some in the batch that activates it, the rest by cron.
 */

const passesPerSlice = 500;
const slicesPerRun = 20;
const identitiesPerRun = 5;

type Adopter = Pick<AppleIdentityRow, "tenantId" | "passTypeIdentifier" | "teamIdentifier">;

/** Gives the type to the next passes in the order of ids, if the identity is one that adopts. */
export function adoptSlice(db: Database, identity: Adopter): BatchStatement {
  const { tenantId, passTypeIdentifier, teamIdentifier } = identity;
  return db
    .update(passes)
    .set({ passTypeIdentifier, teamIdentifier })
    .where(
      sql`${passes.tenantId} = ${tenantId} and ${passes.passTypeIdentifier} is null and ${passes.id} in (
        select id from ${passes} where tenant_id = ${tenantId} and id > (${adoptedTo(identity)}) order by id limit ${passesPerSlice}
      )`,
    );
}

/** NULL, and so no pass, if nothing is to be adopted. */
const adoptedTo = ({ tenantId, passTypeIdentifier }: Adopter) =>
  sql`select adopted_to from ${appleIdentities} where tenant_id = ${tenantId} and pass_type_identifier = ${passTypeIdentifier}`;

/**
 * Goes on with what certificates began. Runs from cron. A pass that was being issued meanwhile took its type in its own
 * insert, if that came after the certificate, and stands among those that are adopted, if it came before.
 */
export async function adoptPasses(ctx: BaseContext): Promise<number> {
  let slices = 0;
  for (const db of ctx.dataDatabases()) {
    const adopting = await db
      .select()
      .from(appleIdentities)
      .where(isNotNull(appleIdentities.adoptedTo))
      .limit(identitiesPerRun);
    for (const identity of adopting) {
      for (let slice = 0; slice < slicesPerRun; slice += 1) {
        slices += 1;
        if (await adoptNext(db, identity)) break;
      }
    }
  }
  return slices;
}

/** Answers whether that was the last slice. A second run of the same does no harm. */
async function adoptNext(db: Database, identity: Adopter): Promise<boolean> {
  const { tenantId, passTypeIdentifier } = identity;
  const last = sql<string | null>`(
    select id from ${passes} where tenant_id = ${tenantId} and id > (${adoptedTo(identity)})
    order by id limit 1 offset ${passesPerSlice - 1}
  )`;
  const progress = db
    .update(appleIdentities)
    .set({ adoptedTo: last })
    .where(
      sql`${eq(appleIdentities.tenantId, tenantId)} and ${eq(appleIdentities.passTypeIdentifier, passTypeIdentifier)}`,
    )
    .returning({ adoptedTo: appleIdentities.adoptedTo });
  const rows = await runBatch<{ adoptedTo: string | null }[]>(db, [adoptSlice(db, identity), progress]);
  return (rows?.[0]?.adoptedTo ?? null) === null;
}
