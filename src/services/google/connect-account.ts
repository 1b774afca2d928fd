import { and, eq, isNotNull, not, sql } from "drizzle-orm";
import { runBatch, type BatchStatement } from "../../db/client";
import { googleAccounts, googleObjects, type GoogleAccountRow } from "../../db/data-schema";
import { UnknownMasterKeyError } from "../../db/vault";
import { parseServiceAccount } from "../../google-wallet/service-account";
import type { Issue } from "../../pass-model/issue";
import type { Json, Warning } from "../../pass-model/resolved-pass";
import { diffOf } from "../audit/diff";
import { auditRow } from "../audit/record";
import type { TenantContext } from "../context";
import { refuseIssues, ServiceError } from "../errors";
import { noteIssuer } from "../google-callbacks/issuers";
import { eventRow } from "../events/record";
import { accountOf, ownAccount, readAccountRow, type GoogleAccount } from "./account";
import { isMadeUpAddress } from "./sandbox-account";
import { claimIssues, isOfIssuer, takeOverIssuer } from "./sandbox-issuers";

export interface ConnectInput {
  /** 10 to 20 digits. */
  issuerId: string;
  /** The JSON that Google made, parsed or as text. */
  serviceAccount: unknown;
  saveLink: "skinny" | "fat";
}

export interface Connected {
  account: GoogleAccount;
  /** Whether there was none before. */
  created: boolean;
  warnings: Warning[];
}

/** Connects the tenant to an issuer, in place of the one before. The same once more changes nothing. */
export async function putGoogleAccount(ctx: TenantContext, input: ConnectInput): Promise<Connected> {
  const { issuerId, saveLink } = input;
  const parsed = await parseServiceAccount(input.serviceAccount as Json);
  if (!parsed.ok)
    throw new ServiceError("validation_error", "The service account cannot be accepted.", { errors: parsed.issues });
  const { privateKeyPkcs8, ...file } = parsed.account;
  const given = { issuerId, ...file, saveLink };
  refuseIssues([...addressIssues(ctx, given), ...(await claimIssues(ctx, given))], "account");
  const existing = await readAccountRow(ctx);
  const former = accountOf(ctx, existing);
  const warnings = former && former.issuerId !== issuerId ? await issuerWarnings(ctx, issuerId) : [];
  if (existing && isSame(existing, given) && (await canOpen(ctx, existing)))
    return { account: former!, created: false, warnings };
  if (existing?.issuerId !== issuerId) await takeOverIssuer(ctx, issuerId);
  // First: an issuer that is heard and not connected does no harm.
  await noteIssuer(ctx, ctx.tenant.id, issuerId);
  const privateKey = await ctx.vault.seal(privateKeyPkcs8);
  const rows = await runBatch<GoogleAccountRow[]>(ctx.data, [
    ...connectedRows(ctx, given, existing),
    upsertAccount(ctx, { ...given, privateKey }),
    retryFailed(ctx, issuerId),
    ctx.data.select().from(googleAccounts).where(ownAccount(ctx)),
  ]);
  return { account: accountOf(ctx, rows![0]!)!, created: existing === null, warnings };
}

/** Made-up addresses are of the tenant whose code they hold. */
function addressIssues(ctx: TenantContext, { clientEmail }: Given): Issue[] {
  if (!isMadeUpAddress(clientEmail) || ctx.environment !== "sandbox") return [];
  const detail = "this address is one of the sandbox's own; a service account of Google's has another";
  return [{ pointer: "#/serviceAccount/client_email", code: "address_taken", detail }];
}

/** What is wrong with a service account's JSON. */
export async function serviceAccountIssues(serviceAccount: unknown): Promise<Issue[]> {
  const parsed = await parseServiceAccount(serviceAccount as Json);
  return parsed.ok ? [] : parsed.issues;
}

type Given = Pick<GoogleAccountRow, "issuerId" | "clientEmail" | "privateKeyId" | "keyFingerprint" | "saveLink">;

const isSame = (row: Given, given: Given): boolean =>
  (Object.keys(given) as (keyof Given)[]).every((member) => row[member] === given[member]);

/** Sealed under a master key that is lost, a key has to be sealed anew. */
async function canOpen(ctx: TenantContext, { privateKey }: GoogleAccountRow): Promise<boolean> {
  try {
    await ctx.vault.open(privateKey);
    return true;
  } catch (error) {
    if (error instanceof UnknownMasterKeyError) return false;
    throw error;
  }
}

/** What failed with the account as it was is tried with it as it is. */
export function retryFailed(ctx: TenantContext, issuerId: string): BatchStatement {
  return ctx.data
    .update(googleObjects)
    .set({ dueAt: ctx.now, failures: 0 })
    .where(and(eq(googleObjects.tenantId, ctx.tenant.id), isOfIssuer(issuerId), isNotNull(googleObjects.failure)));
}

/** The entry in the audit log and the event. */
function connectedRows(ctx: TenantContext, given: Given, existing: GoogleAccountRow | null): BatchStatement[] {
  const { issuerId, clientEmail, keyFingerprint, saveLink } = given;
  const same = and(
    ownAccount(ctx),
    eq(googleAccounts.issuerId, issuerId),
    eq(googleAccounts.clientEmail, clientEmail),
    eq(googleAccounts.keyFingerprint, keyFingerprint),
    eq(googleAccounts.saveLink, saveLink),
    sql`${googleAccounts.privateKeyId} is ${given.privateKeyId}`,
  );
  // Of two that send the same at once, the second changes nothing.
  const onlyIf = sql`not exists (select 1 from ${googleAccounts} where ${same})`;
  const changes = diffOf<Told>(existing ? told(existing) : {}, told(given), ["issuerId", "saveLink"]);
  const data = { issuerId, clientEmail, keyFingerprint, saveLink };
  return [
    auditRow(ctx, ctx.data, { action: "google_account.connected", objectId: issuerId, changes, onlyIf }),
    eventRow(ctx, { type: "google_account.connected", data, onlyIf }),
  ];
}

/** As the account is sent. */
const told = ({ issuerId, saveLink, clientEmail, privateKeyId, keyFingerprint }: Given) => ({
  issuerId,
  saveLink,
  serviceAccount: { clientEmail, privateKeyId, keyFingerprint },
});

type Told = ReturnType<typeof told>;

function upsertAccount(ctx: TenantContext, given: Given & { privateKey: string }): BatchStatement {
  // What was found of other credentials says nothing of these.
  const unchanged = sql`${googleAccounts.issuerId} = excluded.issuer_id
    and ${googleAccounts.clientEmail} = excluded.client_email and ${googleAccounts.keyFingerprint} = excluded.key_fingerprint`;
  return ctx.data
    .insert(googleAccounts)
    .values({ tenantId: ctx.tenant.id, ...given, createdAt: ctx.now, updatedAt: ctx.now })
    .onConflictDoUpdate({
      target: googleAccounts.tenantId,
      set: {
        ...given,
        updatedAt: ctx.now,
        checkedAt: sql`iif(${unchanged}, ${googleAccounts.checkedAt}, null)`,
        findings: sql`iif(${unchanged}, ${googleAccounts.findings}, null)`,
      },
    });
}

/** Objects at Google belong to their issuer for ever. */
async function issuerWarnings(ctx: TenantContext, issuerId: string): Promise<Warning[]> {
  const [stranded] = await ctx.data
    .select({ id: googleObjects.id })
    .from(googleObjects)
    .where(and(eq(googleObjects.tenantId, ctx.tenant.id), not(isOfIssuer(issuerId))))
    .limit(1);
  if (!stranded) return [];
  const former = stranded.id.split(".")[0]!;
  const detail = `passes were saved under the issuer ${former}: these stay with their holders as they are, and are no longer updated. Who opens the link of a pass again saves it under ${issuerId}`;
  return [{ code: "issuer_changed", pointer: "#/issuerId", detail }];
}
