import { and, eq } from "drizzle-orm";
import type { TenantRow } from "../../db/control-schema";
import { appleIdentities, passes } from "../../db/data-schema";
import { secretsMatch } from "../../db/tokens";
import type { BaseContext } from "../context";
import { ServiceError } from "../errors";
import type { EventContext } from "../events/record";
import { findTenantByCode } from "../tenants/read";

/** How a device names the pass that it holds, and proves that it holds it. */
export interface DeviceCredentials {
  tenantCode: string;
  passTypeIdentifier: string;
  serialNumber: string;
  /** The pass's authenticationToken; null if none was sent, or under another scheme. */
  token: string | null;
}

/** What verbs of a device get: no tenant, for its code led straight to the pass. */
export interface DeviceContext extends EventContext {
  pass: { id: string; templateId: string; passTypeIdentifier: string };
}

/** The one way from a device's words to a pass: the index of identities by code, then the pass's key. */
export const namedIdentity = ({ tenantCode, passTypeIdentifier }: Omit<DeviceCredentials, "serialNumber" | "token">) =>
  and(eq(appleIdentities.tenantCode, tenantCode), eq(appleIdentities.passTypeIdentifier, passTypeIdentifier));

export const namedPass = ({ serialNumber }: Pick<DeviceCredentials, "serialNumber">) =>
  and(
    eq(passes.tenantId, appleIdentities.tenantId),
    eq(passes.id, serialNumber),
    eq(passes.passTypeIdentifier, appleIdentities.passTypeIdentifier),
  );

/** One read. Throws `device_unauthorized`. */
export async function authorizeDevice(base: BaseContext, credentials: DeviceCredentials): Promise<DeviceContext> {
  const data = base.dataOf(credentials.tenantCode);
  const held = await data
    .select({
      tenantId: passes.tenantId,
      id: passes.id,
      templateId: passes.templateId,
      authenticationToken: passes.authenticationToken,
    })
    .from(appleIdentities)
    .innerJoin(passes, namedPass(credentials))
    .where(namedIdentity(credentials))
    .get();
  await assertHolder(held, credentials);
  const { tenantId, id, templateId } = held!;
  return {
    tenant: { id: tenantId },
    data,
    actor: { type: "holder" },
    requestId: base.requestId,
    now: base.now,
    pass: { id, templateId, passTypeIdentifier: credentials.passTypeIdentifier },
  };
}

/** Compared also where there is no pass, so that neither answer nor time tells which passes exist. */
export async function assertHolder(
  held: { authenticationToken: string } | undefined,
  { token }: Pick<DeviceCredentials, "token">,
): Promise<void> {
  const matches = await secretsMatch(held?.authenticationToken ?? "no such pass", token ?? "");
  if (!held || !matches) throw deviceUnauthorized();
}

/**
 * The tenant whose pass a device asks for. After a 401 a phone never asks again, so only a tenant that is gone
 * is answered by `device_unauthorized`; a suspended one may come back: `temporarily_unavailable`.
 */
export async function readServingTenant(base: BaseContext, code: string): Promise<TenantRow> {
  const tenant = await findTenantByCode(base, code);
  if (!tenant) throw deviceUnauthorized();
  if (tenant.status === "active") return tenant;
  throw new ServiceError("temporarily_unavailable", "Passes of this account are not served at present.", {
    retryAfterSeconds: 60,
  });
}

const deviceUnauthorized = () =>
  new ServiceError("device_unauthorized", "There is no pass of this type, serial number and authentication token.");
