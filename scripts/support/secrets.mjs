import { randomBytes, randomInt } from "node:crypto";

const BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** The key that encrypts every tenant's secrets at rest: 32 random bytes, base64. */
export function newMasterKey() {
  return randomBytes(32).toString("base64");
}

/** The operator's bearer token: `wpa_` and 43 base62 characters, 256 bits. */
export function newAdminToken() {
  return `wpa_${randomBase62(43)}`;
}

export function randomBase62(length) {
  return Array.from({ length }, () => BASE62[randomInt(BASE62.length)]).join("");
}

/** Every secret that a script can make, by the name of its binding. */
export const SECRET_MAKERS = { MASTER_KEY: newMasterKey, ADMIN_TOKEN: newAdminToken };
