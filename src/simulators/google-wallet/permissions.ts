import { isObject } from "../../pass-model/json";
import type { JsonObject } from "../../pass-model/resolved-pass";
import { requireRole } from "./access";
import { canonical } from "./canonical";
import { checkBody } from "./check-body";
import { withoutNulls } from "./json";
import { Refusal } from "./refusal";
import type { CallContext } from "./simulation";
import type { Role } from "./store";

/** Users of an issuer by their addresses. */
export function getPermissions(ctx: CallContext, issuerId: string): JsonObject {
  requireRole(ctx, issuerId, "READER");
  const permissions = ctx.store.members(issuerId).map(({ email, role }) => ({ emailAddress: email, role }));
  return { issuerId, permissions };
}

/** The new list replaces the old one; an issuer keeps an owner. Who is in both keeps the key that it is known by. */
export function updatePermissions(ctx: CallContext, issuerId: string, input: JsonObject): JsonObject {
  requireRole(ctx, issuerId, "OWNER");
  const body = canonical("Permissions", withoutNulls(input) as JsonObject);
  checkBody("Permissions", body, ctx);
  if (body.issuerId !== undefined && body.issuerId !== issuerId) {
    throw new Refusal("invalid", "issuerId: is not the one of the path");
  }
  const wanted = rolesOf(body);
  if (![...wanted.values()].includes("OWNER")) throw new Refusal("invalid", "permissions: an issuer needs an OWNER");
  ctx.store.atomically(() => {
    const before = ctx.store.members(issuerId);
    ctx.store.removeMembers(issuerId);
    for (const [email, role] of wanted) {
      const fingerprint = before.find((member) => member.email === email)?.fingerprint ?? null;
      ctx.store.putMember(issuerId, { email, fingerprint, role });
    }
  });
  return getPermissions(ctx, issuerId);
}

function rolesOf({ permissions }: JsonObject): Map<string, Role> {
  const roles = new Map<string, Role>();
  for (const permission of Array.isArray(permissions) ? permissions : []) {
    const { emailAddress, role } = isObject(permission) ? permission : {};
    if (
      typeof emailAddress !== "string" ||
      !/^[^\s@]{1,120}@[^\s@]{1,200}$/.test(emailAddress) ||
      typeof role !== "string"
    ) {
      throw new Refusal("invalid", "permissions: each needs an emailAddress and a role");
    }
    roles.set(emailAddress, role as Role);
  }
  return roles;
}
