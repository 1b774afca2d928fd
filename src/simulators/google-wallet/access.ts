import { Refusal } from "./refusal";
import type { Account, Role, Store } from "./store";

const ranks: Record<Role, number> = { READER: 1, WRITER: 2, OWNER: 3 };

/** The issuer's part of a resource id: what stands before the first dot, for suffixes may hold dots. */
export function issuerOf(id: unknown): string {
  const issuerId = typeof id === "string" ? /^(\d{1,20})\.[\w.-]{1,1000}$/.exec(id)?.[1] : undefined;
  if (issuerId === undefined) {
    throw new Refusal("invalidResource", `Invalid resource ID: ${typeof id === "string" ? id.slice(0, 200) : "none"}`);
  }
  return issuerId;
}

/** Refuses an account that is no user of the issuer; whether there is such an issuer is not for others to know. */
export function requireRole(
  { store, account }: { store: Store; account: Account },
  issuerId: string,
  role: Role,
): void {
  store.bindMember(account, issuerId);
  const allowed = store
    .members(issuerId)
    .some(
      (member) =>
        member.email === account.email &&
        member.fingerprint === account.fingerprint &&
        ranks[member.role] >= ranks[role],
    );
  if (!allowed) throw new Refusal("permissionDenied", "Permission denied.");
}
