/** The shape of a template's content, for the routes: the schema that validates is the one that documents. */
export { designMembers, type TemplateDesign } from "../../pass-model/design";
export { passOverrides } from "../../pass-model/overrides";
export { e164, instant, json, jsonObject } from "../../pass-model/scalars";
