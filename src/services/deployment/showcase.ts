import { eq, sql } from "drizzle-orm";
import { runBatch } from "../../db/client";
import { deployment } from "../../db/control-schema";
import { auditTenant } from "../audit/record";
import { forTenant, type BaseContext } from "../context";
import { ServiceError } from "../errors";
import { previewOf, type PreviewInput } from "../passes/preview";
import { readPass, type PassFile } from "../passes/read";
import { listedPass } from "../passes/view";
import { findTenant, readTenant } from "../tenants/read";

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
  const { tenantId } = showcase;
  const changes = [{ pointer: "#/passIds", to: showcase.passIds }];
  const same = sql`select 1 from ${deployment} where ${eq(deployment.name, showcaseRow)} and ${eq(deployment.value, value)}`;
  await runBatch(ctx.control, [
    auditTenant(ctx, tenantId, {
      action: "showcase.updated",
      objectId: tenantId,
      changes,
      onlyIf: sql`not exists (${same})`,
    }),
    ctx.control
      .insert(deployment)
      .values({ name: showcaseRow, value })
      .onConflictDoUpdate({ target: deployment.name, set: { value } }),
  ]);
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
  const owner = await findTenant(ctx, tenantId);
  if (owner?.status !== "active") return { passes: [], sample: null };
  const tenant = forTenant(ctx, owner, { type: "holder" });
  const files = await Promise.all(passIds.map((id) => readPass(tenant, id).catch(() => null)));
  const shown = files.filter((file): file is PassFile => file !== null && file.pass.voidedAt === null);
  const first = shown[0]?.pass;
  return {
    passes: shown.flatMap((file) => {
      const { links } = listedPass(tenant, file.pass, { apple: file.identity !== null, google: true });
      const { design } = file.version.compiled;
      const preview = previewOf(tenant, file);
      return links.page === null
        ? []
        : [{ title: design.organizationName, style: design.style, url: links.page, preview }];
    }),
    sample: first ? { templateId: first.templateId, values: first.fieldValues } : null,
  };
}
