import {
  verifyCallback,
  walletSenderId,
  type CallbackFailure,
  type GoogleCallback,
} from "../../google-wallet/callback";
import type { TenantContext } from "../context";
import { describeFault } from "../describe-fault";
import type { ServiceError } from "../errors";
import { isWithin } from "../guards";
import { comeAgain, orComeAgain } from "./come-again";
import type { Recipient } from "./recipient";
import { recordCallback } from "./record";
import { refusalOf } from "./refusal";
import { fetchOnce, renewedKeys, usableKeys, type StoredKeys } from "./root-keys";

/**
 * Takes a callback of Google Wallet to a tenant, whatever the body is; answers whether it changed anything. It does not
 * if it did before, is about no pass of ours, or of a kind that we do not know: then it is acknowledged all the same.
 * Throws a refusal (`refusalOf`), or `temporarily_unavailable` where Google should send it again.
 */
export function receiveCallback(recipient: Recipient, body: string): Promise<boolean> {
  return orComeAgain(async () => {
    const verified = await verify(recipient, body);
    if (!verified.ok) throw await refuse(recipient.ctx, verified.reason);
    return recordOnce(recipient.ctx, verified);
  });
}

type Verified = { ok: true; issuerId: string; callback: GoogleCallback } | { ok: false; reason: CallbackFailure };

/** What is no callback at all is found so without keys, and makes nobody fetch them. */
async function verify({ ctx, issuerIds, keys: stored }: Recipient, body: string): Promise<Verified> {
  const keys = usableKeys(ctx, stored);
  const verified = await verifyForAny(issuerIds, keys, body, ctx.now);
  if (verified.ok || !newerKeysMayHelp(verified.reason)) return verified;
  const newer = keys ? await renewedKeys(ctx, keys) : await fetchOnce(ctx, stored);
  return newer === keys ? verified : verifyForAny(issuerIds, newer, body, ctx.now);
}

const newerKeysMayHelp = (reason: CallbackFailure): boolean =>
  reason === "bad_intermediate_signature" || reason === "no_live_root_key";

/** A message is signed for one issuer, and does not verify for another. Without any it can only be malformed or not authentic. */
async function verifyForAny(
  issuerIds: string[],
  keys: StoredKeys | null,
  body: string,
  now: number,
): Promise<Verified> {
  const rootKeys = keys?.document ?? { keys: [] };
  let refused: Verified = { ok: false, reason: "bad_signature" };
  for (const issuerId of issuerIds.length > 0 ? issuerIds : [""]) {
    const result = await verifyCallback(body, { issuerId, senderId: walletSenderId, rootKeys, now });
    if (result.ok) return { ok: true, issuerId, callback: result.event };
    refused = result;
    if (result.reason !== "bad_signature") break;
  }
  return refused;
}

/** As long as the ledger leases a claim. */
const inFlightSeconds = 15;

/** The ledger keeps repeats from the database; what it lets through twice, the database counts once. */
async function recordOnce(
  ctx: TenantContext,
  { issuerId, callback }: Extract<Verified, { ok: true }>,
): Promise<boolean> {
  const ledger = ctx.nonces(ctx.tenant.id);
  const nonce = `${issuerId}/${callback.nonce}`;
  const claim = await ledger.claim(nonce, callback.expiresAt);
  if (claim === "inFlight") throw comeAgain("The same message is being processed.", inFlightSeconds);
  if (claim === "duplicate") return false;
  const counted = await recordCallback(ctx, issuerId, callback);
  // Should this fail, the claim runs out, and the repeat finds everything done.
  await ledger.complete(nonce).catch((error: unknown) => {
    ctx.log({ level: "error", msg: "google callback not completed", error: describeFault(error) });
  });
  return counted;
}

/** Anybody can send anything, so what is noted of it is bounded, for each tenant. */
async function refuse(ctx: TenantContext, reason: CallbackFailure): Promise<ServiceError> {
  ctx.log({ level: "warn", msg: "google callback refused", tenantId: ctx.tenant.id, reason });
  if (await isWithin(ctx, "refusedCallback", ctx.tenant.id)) {
    await ctx
      .nonces(ctx.tenant.id)
      .refuse(reason)
      .catch((error: unknown) => ctx.log({ level: "error", msg: "refusal not noted", error: describeFault(error) }));
  }
  return refusalOf(reason);
}
