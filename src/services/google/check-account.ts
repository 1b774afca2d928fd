import { and, eq } from "drizzle-orm";
import { runBatch, type BatchStatement } from "../../db/client";
import { googleAccounts } from "../../db/data-schema";
import type { GoogleApi } from "../../providers/google/contract";
import { auditRow } from "../audit/record";
import { orDone } from "../audit/second-attempt";
import type { TenantContext } from "../context";
import { readDrift, type Drift } from "../google-callbacks/read";
import { ownAccount, requireGoogleAccount, type GoogleAccount } from "./account";
import { retryFailed } from "./connect-account";
import { codeOfError, findingOf, type Finding } from "./findings";
import { serviceAccountOf } from "./service-account";

export interface AccountCheck {
  /** Whether nothing keeps passes from being issued. */
  ok: boolean;
  checkedAt: number;
  findings: Finding[];
}

/**
 * Tries the account at Google: mints a token, reads the issuer; and tells of callbacks that never came. Whatever Google
 * answers is a finding, so this throws only if there is no account (`google_not_configured`) or its key cannot be opened.
 */
export async function checkGoogleAccount(ctx: TenantContext): Promise<AccountCheck> {
  const account = await requireGoogleAccount(ctx);
  const service = await serviceAccountOf(ctx, account);
  await service.signingKey();
  const [tried, drift] = await Promise.all([tryAccount(ctx.google.as(service), account), readDrift(ctx)]);
  const findings = [...tried, ...missedFindings(ctx, account, drift), ...standingFindings(ctx, account)];
  const ok = findings.every(({ severity }) => severity !== "error");
  const { issuerId } = account;
  const changes = [{ pointer: "#/ok", to: ok }];
  const statements = [
    auditRow(ctx, ctx.data, { action: "google_account.checked", objectId: issuerId, changes }),
    ...keep(ctx, account, findings),
    ...(ok ? [retryFailed(ctx, issuerId)] : []),
  ];
  // A second attempt tells what it found itself.
  await orDone(
    ctx,
    ctx.data,
    () => runBatch(ctx.data, statements),
    async () => undefined,
  );
  return { ok, checkedAt: ctx.now, findings };
}

/** Google takes no token and no save link of a clock that is much further off. */
const clockSkewMaxMs = 300_000;

async function tryAccount(api: GoogleApi, account: GoogleAccount): Promise<Finding[]> {
  const token = await api.authorize();
  const clockSkewMs = (token.ok ? token.value.clockSkewMs : token.clockSkewMs) ?? 0;
  const skewed = Math.abs(clockSkewMs) > clockSkewMaxMs ? [findingOf("clock_skew", { account, clockSkewMs })] : [];
  if (!token.ok) {
    const { error } = token;
    // Google's refusal of a wrong clock and of a deleted key are the same, but for the words.
    const isExplained = skewed.length > 0 && error.kind === "credentials";
    return isExplained ? skewed : [...skewed, findingOf(codeOfError("token", error), { account, error })];
  }
  return [...skewed, ...(await readIssuer(api, account))];
}

async function readIssuer(api: GoogleApi, account: GoogleAccount): Promise<Finding[]> {
  const answer = await api.getIssuer(account.issuerId);
  if (!answer.ok) {
    const { error } = answer;
    return [findingOf(codeOfError("issuer", error), { account, error })];
  }
  const { issuerId } = answer.value;
  // Google writes numbers of 64 bits as text; not everybody who plays Google does.
  const otherIssuerId = typeof issuerId === "string" || typeof issuerId === "number" ? String(issuerId) : null;
  return otherIssuerId === account.issuerId ? [] : [findingOf("wrong_issuer", { account, otherIssuerId })];
}

function missedFindings({ publicUrl }: TenantContext, account: GoogleAccount, drift: Drift): Finding[] {
  const missing = { ...drift, publicUrl };
  return drift.saves + drift.removals > 0 ? [findingOf("callbacks_missing", { account, missing })] : [];
}

/** What is so whatever Google answers. */
function standingFindings(ctx: TenantContext, account: GoogleAccount): Finding[] {
  const ofIssuer = account.key ? [findingOf("test_mode", { account })] : [];
  return ctx.environment === "sandbox" ? [...ofIssuer, findingOf("simulator", { account })] : ofIssuer;
}

/** Of a made-up account nothing is kept, and nothing if the account was replaced meanwhile. */
function keep(
  ctx: TenantContext,
  { issuerId, clientEmail, key }: GoogleAccount,
  findings: Finding[],
): BatchStatement[] {
  if (!key) return [];
  const unchanged = and(
    ownAccount(ctx),
    eq(googleAccounts.issuerId, issuerId),
    eq(googleAccounts.clientEmail, clientEmail),
    eq(googleAccounts.keyFingerprint, key.fingerprint),
  );
  return [ctx.data.update(googleAccounts).set({ checkedAt: ctx.now, findings }).where(unchanged)];
}
