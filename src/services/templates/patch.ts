import type * as z from "zod";
import type { TemplateDesign } from "../../pass-model/design";
import type { Json, JsonObject } from "../../pass-model/resolved-pass";
import { orDone } from "../audit/second-attempt";
import type { TenantContext } from "../context";
import { refuseIssues } from "../errors";
import { mergePatch } from "../merge-patch";
import { zodIssues } from "../zod-issues";
import type { TemplateContent, TemplateView } from "./create";
import { readTemplate } from "./read";
import { updateTemplate } from "./update";

type ContentSchema = z.ZodType<{ name: string; status?: "active" | "archived" | undefined } & TemplateDesign>;

/** Merges `patch` into the template (RFC 7396) and checks the result whole, by the schema of a new template. */
export function patchTemplate(
  ctx: TenantContext,
  id: string,
  patch: JsonObject,
  schema: ContentSchema,
): Promise<TemplateView> {
  const merge = (current: TemplateContent): TemplateContent => {
    const { name, status, design } = current;
    const merged = mergePatch({ name, status, ...(design as unknown as JsonObject) }, patch as Json);
    const parsed = schema.safeParse(merged);
    if (!parsed.success) refuseIssues(zodIssues(parsed.error.issues, merged), "template");
    const { name: newName, status: newStatus = "active", ...newDesign } = parsed.data!;
    return { name: newName, status: newStatus, design: newDesign as TemplateDesign };
  };
  return orDone(
    ctx,
    ctx.data,
    () => updateTemplate(ctx, id, merge),
    () => readTemplate(ctx, id),
  );
}
