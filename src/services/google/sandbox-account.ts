import { base32Number } from "../../db/ids";
import type { GoogleAccount } from "./account";

/**
 * The account at Google that a sandbox's tenant has before it connects one. Nothing of it is stored: it follows
 * from the tenant's code, which no other tenant ever has.
 */
export function madeUpAccount(tenantCode: string): GoogleAccount {
  return {
    issuerId: madeUpIssuerId(tenantCode),
    clientEmail: `wallet-${tenantCode.toLowerCase()}${madeUpDomain}`,
    privateKeyId: null,
    key: null,
    saveLink: "skinny",
    createdAt: null,
    updatedAt: null,
    checkedAt: null,
    findings: null,
  };
}

const madeUpDomain = "@sandbox.wepass.iam.gserviceaccount.com";

export const isMadeUpAddress = (clientEmail: string): boolean => clientEmail.toLowerCase().endsWith(madeUpDomain);

/** Google's issuer ids are as long and begin with 3388 as well; none is known that goes on with 99. */
const madeUpPrefix = "338899";

/** A code has 40 bits, which are 13 digits at most. */
export const madeUpIssuerId = (tenantCode: string): string =>
  `${madeUpPrefix}${String(base32Number(tenantCode)).padStart(13, "0")}`;

export const isMadeUpIssuerId = (issuerId: string): boolean =>
  issuerId.length === 19 && issuerId.startsWith(madeUpPrefix);
