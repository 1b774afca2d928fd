import type { CompiledDesign } from "../../pass-model/compile-design";
import { fieldTypeRules } from "../../pass-model/field-types";
import { resolvePass, type TenantIdentity } from "../../pass-model/resolve";
import type { ResolvedImages, Warning } from "../../pass-model/resolved-pass";
import { projectPassJson } from "../../pkpass/project";

/** Warnings of a pass that has a value in every field: what any pass of this design would lose. */
export function specimenWarnings(compiled: CompiledDesign, images: ResolvedImages, tenant: TenantIdentity): Warning[] {
  const values = Object.fromEntries(compiled.fields.map(({ key, type }) => [key, fieldTypeRules[type].specimen]));
  const specimen = resolvePass(
    compiled,
    {
      id: "specimen",
      serialNumber: "specimen",
      externalId: "specimen",
      customerId: "specimen",
      templateId: "specimen",
      templateVersion: 1,
      version: 1,
      values,
      overrides: {},
      images: {},
      announcement: null,
      issuedAt: 0,
      voided: false,
      personalized: false,
    },
    tenant,
    images,
  );
  if (!specimen.ok) return [];
  const identity = { passTypeIdentifier: "", teamIdentifier: "", webServiceUrl: "https:", authenticationToken: "" };
  return projectPassJson(specimen.pass, identity).warnings;
}
