import type { JsonObject } from "../../pass-model/resolved-pass";
import { requireRole } from "./access";
import { canonical } from "./canonical";
import { checkBody } from "./check-body";
import { merged, withoutNulls } from "./json";
import { Refusal } from "./refusal";
import { newIssuerId } from "./service-accounts";
import type { CallContext } from "./simulation";

/** As many as one account makes where strangers share the simulator. */
const issuersMax = 10;

/** Whoever makes an issuer owns it. */
export function insertIssuer(ctx: CallContext, input: JsonObject): JsonObject {
  const issuerId = newIssuerId();
  const body = { ...checked(ctx, withoutNulls(input) as JsonObject), issuerId };
  if (!ctx.open && ctx.store.issuersMadeBy(ctx.account) >= issuersMax) {
    throw new Refusal("limitExceeded", `The simulator's own limit: an account makes at most ${issuersMax} issuers.`);
  }
  ctx.store.atomically(() => {
    ctx.store.makeIssuer(issuerId, body, ctx.account);
    ctx.store.putMember(issuerId, { ...ctx.account, role: "OWNER" });
  });
  return body;
}

export function listIssuers({ store, account }: CallContext): JsonObject {
  store.bindMember(account, null);
  return { resources: store.issuersOf(account) };
}

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
