import { eq, sql } from "drizzle-orm";
import { blockedNetworks, tenants, type TenantRow } from "../../db/control-schema";
import { IsolateCache } from "../../db/isolate-cache";
import type { Guesses } from "../../durable-objects/guess-guard";
import { toHex } from "../../pkpass/bytes";
import type { BaseContext } from "../context";
import { describeFault } from "../describe-fault";
import { tooMany } from "../guards";
import { networkOf } from "../network";
import { linkGuesses } from "../public-limits";
import { logGuessing, tellAccount } from "./record-guessing";

/** Who opens a link, as far as guesses are concerned: the MAC of the network, so that no address stands in names and rows. */
export type Guesser = string | null;

export async function guesserOf({ address, vault }: BaseContext): Promise<Guesser> {
  if (address === null) return null;
  return toHex(await vault.mac("link-guesses", networkOf(address)));
}

/** Until when a network is blocked, in epoch milliseconds. It stays so until then, whatever happens. */
const blocks = new IsolateCache<number>(10_000);

/** Until when the network is blocked, as far as this isolate remembers; null if it is not. */
export function rememberedBlock({ now }: BaseContext, guesser: Guesser): number | null {
  const until = guesser === null ? undefined : blocks.get(guesser);
  return until !== undefined && until > now ? until : null;
}

/** The tenant of this code, if any, and until when the network is blocked, in one read. */
export async function findTenantAndBlock(
  { control, now }: BaseContext,
  guesser: Guesser,
  code: string,
): Promise<{ tenant: TenantRow; blockedUntil: number | null } | null> {
  const { network, blockedUntil } = blockedNetworks;
  const [row] = await control
    .select({
      tenant: tenants,
      blockedUntil: sql<number | null>`(select ${blockedUntil} from ${blockedNetworks}
        where ${network} = ${guesser} and ${blockedUntil} > ${now})`,
    })
    .from(tenants)
    .where(eq(tenants.code, code));
  if (guesser !== null && row && row.blockedUntil !== null) blocks.set(guesser, row.blockedUntil);
  return row ?? null;
}

/**
 * Throws `rate_limited` to who is blocked. `unread`: while nobody has looked whether the token exists; in the block of a minute
 * somebody does, for the unknown ones go on counting and the others are no guesses.
 */
export function refuseBlocked(base: BaseContext, blockedUntil: number | null, { unread }: { unread: boolean }): void {
  if (blockedUntil === null || (unread && blockedUntil - base.now <= linkGuesses.minuteMs)) return;
  throw tooMany(secondsUntil(base, blockedUntil));
}

/** Counts a token behind which there is nothing. Throws `rate_limited` if there were too many. */
export async function countGuess(base: BaseContext, guesser: Guesser, code: string | null): Promise<void> {
  if (guesser === null) return;
  const guesses = await count(base, guesser, code);
  if (!guesses || guesses.blockedUntil === null) return;
  // Remembered only once it is noted: until then each attempt tries to note it.
  if (guesses.isNoted || (await noteBlock(base, guesser, guesses))) blocks.set(guesser, guesses.blockedUntil);
  if (guesses.attempts > linkGuesses.refusedAfter) throw tooMany(secondsUntil(base, guesses.blockedUntil));
}

const secondsUntil = ({ now }: BaseContext, until: number): number => Math.max(1, Math.ceil((until - now) / 1000));

/** Null if the object cannot be reached, or is of another version: then the token is answered as it is. */
async function count(base: BaseContext, guesser: string, code: string | null): Promise<Guesses | null> {
  try {
    const guesses: Guesses = await base.guesses(guesser).count(code, linkGuesses);
    if (typeof guesses.attempts === "number") return guesses;
    throw new TypeError("an answer of another version");
  } catch (error) {
    base.log({ level: "error", msg: "guess not counted", error: describeFault(error) });
    return null;
  }
}

/** Whether it is noted where every isolate sees it, and as a security event if it is one. Any number of times. */
async function noteBlock(base: BaseContext, guesser: string, guesses: Guesses): Promise<boolean> {
  const { attempts, about } = guesses;
  const until = guesses.blockedUntil!;
  const isEvent = attempts >= linkGuesses.blockedAt;
  try {
    // First: once the block stands in the database nobody asks the object, and so nobody would try again.
    const isTold = isEvent && (await tellAccount(base, { guesser, code: about, attempts, blockedUntil: until }));
    const { meta } = await base.control.run(sql`
      insert into ${blockedNetworks} (network, blocked_until) values (${guesser}, ${until})
      on conflict (network) do update set blocked_until = excluded.blocked_until
        where excluded.blocked_until > blocked_networks.blocked_until
    `);
    if (isEvent && !isTold && meta.changes > 0) logGuessing(base, { blockedUntil: until });
    await base.guesses(guesser).noted(until);
    return true;
  } catch (error) {
    base.log({ level: "error", msg: "block of guesses not noted", error: describeFault(error) });
    return false;
  }
}
