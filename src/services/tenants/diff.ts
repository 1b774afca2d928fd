import type { AuditedChange } from "../../db/audit-schema";
import type { TenantRow } from "../../db/control-schema";
import { diffOf } from "../audit/diff";

/** Members that say nothing of a person. */
const plainMembers = [
  "plan",
  "status",
  "locale",
  "timeZone",
  "signupPrefill",
  "requestsPerMinute",
  "requestsPerDay",
] as const;

/** What differs between two states of a tenant, by the names that its members have in the API. */
export function tenantDiff(before: Partial<TenantRow>, after: Partial<TenantRow>): AuditedChange[] {
  return diffOf<TenantRow>(before, after, plainMembers).map(({ pointer, ...values }) => ({
    pointer: pointer.replace("#/requestsPer", "#/limits/requestsPer"),
    ...values,
  }));
}
