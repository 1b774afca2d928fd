import type { JsonObject } from "../../pass-model/resolved-pass";
import { requireRole } from "./access";
import { canonical } from "./canonical";
import { checkBody } from "./check-body";
import { merged, withoutNulls } from "./json";
import { newIssuerId } from "./service-accounts";
import type { CallContext } from "./simulation";

/** Whoever makes an issuer owns it. */
export function insertIssuer(ctx: CallContext, input: JsonObject): JsonObject {
  const issuerId = newIssuerId();
  const body = { ...checked(ctx, withoutNulls(input) as JsonObject), issuerId };
  ctx.store.atomically(() => {
    ctx.store.putIssuer(issuerId, body);
    ctx.store.putMember(issuerId, { ...ctx.account, role: "OWNER" });
  });
  return body;
}

export const listIssuers = (ctx: CallContext): JsonObject => ({ resources: ctx.store.issuersOf(ctx.account) });

export function getIssuer(ctx: CallContext, issuerId: string): JsonObject {
  requireRole(ctx, issuerId, "READER");
  return ctx.store.issuer(issuerId)!;
}

export function changeIssuer(
  ctx: CallContext,
  issuerId: string,
  input: JsonObject,
  how: "update" | "patch",
): JsonObject {
  requireRole(ctx, issuerId, "WRITER");
  const next = how === "patch" ? merged(ctx.store.issuer(issuerId)!, input) : withoutNulls(input);
  const body = { ...checked(ctx, next as JsonObject), issuerId };
  ctx.store.putIssuer(issuerId, body);
  return body;
}

function checked(ctx: CallContext, input: JsonObject): JsonObject {
  const body = canonical("Issuer", input);
  checkBody("Issuer", body, ctx);
  return body;
}
