import { eq } from "drizzle-orm";
import { deployment } from "../../db/control-schema";
import { UnknownMasterKeyError } from "../../db/vault";
import type { BaseContext } from "../context";
import { ServiceError } from "../errors";

const masterKeyRow = "master_key_id";

/**
 * Whether this deployment can read its own secrets: the first call notes the id of the master key, later
 * ones compare. Throws `master_key_mismatch`.
 */
export async function checkDeployment(ctx: BaseContext): Promise<{ environment: string; masterKeyId: string }> {
  const masterKeyId = await ctx.vault.keyId();
  await ctx.control
    .insert(deployment)
    .values({ name: masterKeyRow, value: await ctx.vault.seal(new Uint8Array(1)) })
    .onConflictDoNothing();
  const [row] = await ctx.control.select().from(deployment).where(eq(deployment.name, masterKeyRow));
  try {
    await ctx.vault.open(row!.value);
  } catch (error) {
    if (!(error instanceof UnknownMasterKeyError)) throw error;
    throw new ServiceError("master_key_mismatch", `The secrets stored here belong to the master key ${error.kid}.`);
  }
  return { environment: ctx.environment, masterKeyId };
}
