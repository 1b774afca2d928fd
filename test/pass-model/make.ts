import type * as z from "zod";
import { checkDesign } from "../../src/pass-model/check-design";
import { compileDesign, type CompiledDesign } from "../../src/pass-model/compile-design";
import { templateDesign, type TemplateDesign } from "../../src/pass-model/design";
import type { Issue } from "../../src/pass-model/issue";
import { passOverrides } from "../../src/pass-model/overrides";
import { resolvePass, type PassRecord, type TenantIdentity } from "../../src/pass-model/resolve";
import type { ResolvedField, ResolvedPass } from "../../src/pass-model/resolved-pass";

/** Designs, passes and resolved passes with as little in them as the rules allow; a test adds what it is about. */

export type DesignInput = Partial<z.input<typeof templateDesign>>;
export type FieldInput = NonNullable<DesignInput["fields"]>[number];

export const berlin: TenantIdentity = { locale: "de-DE", timeZone: "Europe/Berlin" };

export function designOf(members: DesignInput = {}): TemplateDesign {
  return templateDesign.parse({
    style: "generic",
    organizationName: "Fern & Finch",
    description: "Membership card",
    images: { icon: { "1x": "img_icon" } },
    ...members,
  });
}

/** A design that passes every rule, compiled. */
export function compiledOf(members: DesignInput = {}): CompiledDesign {
  const design = designOf(members);
  const { issues, compiled } = checkDesign(design);
  if (!compiled || issues.length > 0) throw new Error(`the design is refused: ${JSON.stringify(issues)}`);
  return compiled;
}

export function passOf(
  members: Partial<Omit<PassRecord, "overrides">> = {},
  overrides: z.input<typeof passOverrides> = {},
): PassRecord {
  return {
    id: "pass_1",
    serialNumber: "serial-1",
    externalId: "ext-1",
    customerId: "cust-1",
    templateId: "tmpl_1",
    templateVersion: 1,
    version: 1,
    values: {},
    announcement: null,
    issuedAt: Date.parse("2026-05-01T12:00:00Z"),
    voided: false,
    personalized: false,
    images: {},
    ...members,
    overrides: passOverrides.parse(overrides),
  };
}

export function resolveOf(
  members: DesignInput,
  pass: PassRecord = passOf(),
  tenant: TenantIdentity = berlin,
): ResolvedPass {
  const result = resolvePass(compiledOf(members), pass, tenant, {});
  if (!result.ok) throw new Error(`the pass is refused: ${JSON.stringify(result.issues)}`);
  return result.pass;
}

export function valuesOf({ fields }: Pick<ResolvedPass, "fields">): Record<string, ResolvedField["value"]> {
  return Object.fromEntries(fields.map(({ key, value }) => [key, value]));
}

/** What the compiler of expressions says of a design, without the other rules. */
export function expressionIssues(members: DesignInput): Issue[] {
  const result = compileDesign(designOf(members), "enforced");
  return result.ok ? [] : result.issues;
}
