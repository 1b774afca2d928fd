import { runBatch, type Database } from "../../db/client";
import { credentials, type CredentialRow, type TenantRow } from "../../db/control-schema";
import { hashSecret, newApiKey } from "../../db/tokens";
import { auditRow, type AuditEntry } from "../audit/record";
import { orDone } from "../audit/second-attempt";
import { keyModes, type BaseContext, type TenantContext } from "../context";
import { ServiceError, refuseIssues } from "../errors";
import type { Scope } from "../scopes";
import { ownKey } from "./list";

export interface NewKey {
  name: string;
  scopes: Scope[];
  /** Epoch milliseconds. */
  expiresAt: number | null;
}

export interface CreatedKey {
  row: CredentialRow;
  /** The whole bearer token; it is never seen again. */
  token: string;
}

/** Makes the row and the token of a key, without storing it. */
export async function prepareKey(
  ctx: BaseContext,
  tenant: Pick<TenantRow, "id" | "code">,
  input: NewKey,
): Promise<CreatedKey> {
  const { keyId, token } = newApiKey(keyModes[ctx.environment], tenant.code, ctx.random("api key"));
  const row: CredentialRow = {
    keyId,
    tenantId: tenant.id,
    id: ctx.newId("key"),
    kind: "key",
    name: input.name,
    // Of the whole token, so that the secret is none under the prefix of the other environment.
    secretHash: await hashSecret(token),
    scopes: input.scopes,
    createdAt: ctx.now,
    expiresAt: input.expiresAt,
    revokedAt: null,
    rotatedTo: null,
  };
  return { row, token };
}

/** The audit entry of a new key. */
export const keyMade = ({ id, scopes, expiresAt }: CredentialRow): AuditEntry => ({
  action: "api_key.created",
  objectId: id,
  changes: [
    { pointer: "#/scopes", to: scopes },
    ...(expiresAt === null ? [] : [{ pointer: "#/expiresAt", to: new Date(expiresAt).toISOString() }]),
  ],
});

export const insertKey = (db: Database, row: CredentialRow) => db.insert(credentials).values(row);

/** A key may hand on only what it may do itself; throws `insufficient_scope`. */
export function assertGrantable(granted: Scope[], wanted: Scope[]): void {
  const missing = wanted.filter((scope) => !granted.includes(scope));
  if (missing.length === 0) return;
  throw new ServiceError("insufficient_scope", `A key cannot grant what it lacks: ${missing.join(", ")}.`, {
    extra: { requiredScopes: missing },
  });
}

/** `granted` are the scopes of the key that asks for it. */
export const createKey = (ctx: TenantContext, granted: Scope[], input: NewKey): Promise<CreatedKey> =>
  orDone(
    ctx,
    ctx.control,
    () => create(ctx, granted, input),
    () => readMade(ctx),
  );

/** The key that an attempt before made under the same Idempotency-Key: id and token come out as they did then. */
export async function readMade(ctx: TenantContext): Promise<CreatedKey> {
  const { row, token } = await prepareKey(ctx, ctx.tenant, { name: "", scopes: [], expiresAt: null });
  const [made] = await ctx.control.select().from(credentials).where(ownKey(ctx, row.id));
  return { row: made!, token };
}

async function create(ctx: TenantContext, granted: Scope[], input: NewKey): Promise<CreatedKey> {
  assertGrantable(granted, input.scopes);
  if (input.expiresAt !== null && input.expiresAt <= ctx.now) {
    refuseIssues(
      [{ pointer: "#/expiresAt", code: "not_in_future", detail: "expected a time in the future" }],
      "request",
    );
  }
  const created = await prepareKey(ctx, ctx.tenant, input);
  const { row } = created;
  await runBatch(ctx.control, [auditRow(ctx, ctx.control, keyMade(row)), insertKey(ctx.control, row)]);
  return created;
}
