import { env } from "cloudflare:workers";
import { publicLimits, type PublicGuard } from "../../src/services/public-limits";

/**
 * Environments whose guards of public routes take what a test says. Those of the runtime count by the minutes of the real
 * clock, which no test can turn.
 */

/** A guard takes so many under each key, and never forgets; what is not named takes everything. Answers what each was asked. */
export function limitedEnv(limits: Partial<Record<PublicGuard, number>>, base: Cloudflare.Env = env) {
  const asked: Partial<Record<PublicGuard, string[]>> = {};
  const bindings = Object.entries(publicLimits).map(([name, { binding }]) => {
    const keys: string[] = (asked[name as PublicGuard] = []);
    const most = limits[name as PublicGuard] ?? Infinity;
    const limit = async ({ key }: { key: string }) => {
      keys.push(key);
      return { success: keys.filter((one) => one === key).length <= most };
    };
    return [binding, { limit }];
  });
  return { env: { ...base, ...Object.fromEntries(bindings) } as Cloudflare.Env, asked };
}

/** Every guard refuses. */
export function exhaustedGuards(): Cloudflare.Env {
  const none = Object.keys(publicLimits).map((name) => [name, 0]);
  return limitedEnv(Object.fromEntries(none)).env;
}

export const from = (address: string): Record<string, string> => ({ "cf-connecting-ip": address });

/** An address of the test's own, in a network of its own. */
export const newAddress = (): string => crypto.getRandomValues(new Uint8Array(4)).join(".");
