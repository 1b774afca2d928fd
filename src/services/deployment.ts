import { eq } from "drizzle-orm";
import { deployment } from "../db/control-schema";
import { UnknownMasterKeyError } from "../db/vault";
import { forTenant, type BaseContext } from "./context";
import { ServiceError } from "./errors";
import { listedPass } from "./passes/view";
import { readPass, type PassFile } from "./passes/read";
import { previewOf, type PreviewInput } from "./passes/preview";
import { readTenant } from "./tenants/read";

const masterKeyRow = "master_key_id";

/**
 * Whether this deployment can read its own secrets: the first call notes the id of the master key, later
 * ones compare. Throws `master_key_mismatch`.
 */
export async function checkDeployment(ctx: BaseContext): Promise<{ environment: string; masterKeyId: string }> {
  const masterKeyId = await ctx.vault.keyId();
  await ctx.control.insert(deployment).values({ name: masterKeyRow, value: await ctx.vault.seal(new Uint8Array(1)) }).onConflictDoNothing();
  const [row] = await ctx.control.select().from(deployment).where(eq(deployment.name, masterKeyRow));
  try {
    await ctx.vault.open(row!.value);
  } catch (error) {
    if (!(error instanceof UnknownMasterKeyError)) throw error;
    throw new ServiceError("master_key_mismatch", `The secrets stored here belong to the master key ${error.kid}.`);
  }
  return { environment: ctx.environment, masterKeyId };
}

export interface Showcase {
  tenantId: string;
  passIds: string[];
}

const showcaseRow = "showcase";

/** Chooses the passes that the home page of a sandbox shows. */
export async function saveShowcase(ctx: BaseContext, showcase: Showcase): Promise<void> {
  if (ctx.environment !== "sandbox") throw new ServiceError("not_found", "Only a sandbox has a showcase.");
  const tenant = forTenant(ctx, await readTenant(ctx, showcase.tenantId), { type: "admin" });
  await Promise.all(showcase.passIds.map((id) => readPass(tenant, id)));
  const value = JSON.stringify(showcase);
  await ctx.control
    .insert(deployment)
    .values({ name: showcaseRow, value })
    .onConflictDoUpdate({ target: deployment.name, set: { value } });
}

export interface ShowcasePass {
  title: string;
  style: string;
  url: string;
  preview: PreviewInput;
}

/** The passes of the home page that can still be opened, and the body of a request that issues another. */
export async function readShowcase(ctx: BaseContext): Promise<{ passes: ShowcasePass[]; sample: object | null }> {
  const [row] = await ctx.control.select().from(deployment).where(eq(deployment.name, showcaseRow));
  if (!row || ctx.environment !== "sandbox") return { passes: [], sample: null };
  const { tenantId, passIds } = JSON.parse(row.value) as Showcase;
  const tenant = forTenant(ctx, await readTenant(ctx, tenantId), { type: "holder" });
  const files = await Promise.all(passIds.map((id) => readPass(tenant, id).catch(() => null)));
  const shown = files.filter((file): file is PassFile => file !== null && file.pass.voidedAt === null);
  const first = shown[0]?.pass;
  return {
    passes: shown.flatMap((file) => {
      const { links } = listedPass(tenant, file.pass);
      const { design } = file.version.compiled;
      const preview = previewOf(tenant, file);
      return links.page === null ? [] : [{ title: design.organizationName, style: design.style, url: links.page, preview }];
    }),
    sample: first ? { templateId: first.templateId, values: first.fieldValues } : null,
  };
}
