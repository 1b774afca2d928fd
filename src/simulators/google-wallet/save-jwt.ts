import { isObject } from "../../pass-model/json";
import type { JsonObject } from "../../pass-model/resolved-pass";
import { parseObject } from "./json";
import { Refusal } from "./refusal";
import { verifySigner } from "./signatures";
import type { Simulation } from "./simulation";
import type { Account } from "./store";

/** How far the clock of who signs may be ahead of ours. */
const skewSeconds = 300;

interface SaveJwt {
  /** Who signed. */
  account: Account;
  /** Classes and objects, by vertical. */
  content: JsonObject;
}

/** Opens the JWT of a save link; throws what is wrong with it. */
export async function openSaveJwt(sim: Simulation, jwt: string): Promise<SaveJwt> {
  const verified = await verifySigner(sim.store, jwt);
  if (!verified.ok) throw new Refusal("invalid", `Invalid JWT: ${signerFaults[verified.reason]}`);
  const content = contentOf(verified.claims);
  const fault = claimFault(verified.claims, Math.floor(sim.now / 1000));
  if (fault !== null) throw new Refusal("invalid", `Invalid JWT: ${fault}`);
  // Read again: the bounds of a body hold for what a JWT carries, too.
  return { account: verified.account, content: parseObject(JSON.stringify(content)) };
}

/** What a JWT carries. Throws if it carries nothing. */
export function contentOf(claims: JsonObject): JsonObject {
  if (!isObject(claims.payload)) throw new Refusal("invalid", "Invalid JWT: payload is no object.");
  return claims.payload;
}

const signerFaults = {
  malformed: "it is not three parts of base64url, of which the second is JSON with the claim iss.",
  unknown_account: "its iss is no service account that is known here.",
  wrong_signature: "its signature (RS256) is not by a key of the service account that iss names.",
};

function claimFault(claims: JsonObject, nowSeconds: number): string | null {
  const { aud, typ, iat, exp, origins } = claims;
  if (aud !== "google" && !(Array.isArray(aud) && aud.includes("google"))) return 'aud has to be "google".';
  if (typ !== "savetowallet") return 'typ has to be "savetowallet".';
  if (iat !== undefined && typeof iat !== "number") return "iat has to be a number of seconds.";
  if (typeof iat === "number" && iat > nowSeconds + skewSeconds) return "iat lies in the future.";
  if (typeof exp === "number" && exp <= nowSeconds) return "it has expired.";
  if (origins !== undefined && !(Array.isArray(origins) && origins.every((origin) => typeof origin === "string"))) {
    return "origins has to be a list of sites.";
  }
  return null;
}
