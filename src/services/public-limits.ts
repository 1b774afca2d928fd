/**
 * What the routes without a key take, per minute: all their limits. Behind each guard is a Rate Limiting binding, which has the
 * same number in wrangler.toml; it counts at each location of Cloudflare and tempers floods, so none of these is a quota.
 *
 * A network is an IPv4 address or the /64 of an IPv6 one. A carrier or a festival has thousands of people behind one, so what is
 * counted by network alone is generous.
 */
export interface PublicLimit {
  /** Name of the binding. */
  binding: string;
  perMinute: number;
  /** What is counted. */
  key: string;
  why: string;
}

export const publicLimits = {
  link: {
    binding: "LINK_GUARD",
    perMinute: 600,
    key: "link token",
    why: "A link is one person's, but some post one for everybody.",
  },
  linkNetwork: {
    binding: "LINK_NETWORK_GUARD",
    perMinute: 3000,
    key: "network",
    why: "A crowd at a gate opens its passes at once, each a page or two. Who guesses is stopped long before (`linkGuesses`).",
  },
  device: {
    binding: "DEVICE_GUARD",
    perMinute: 300,
    key: "account and device library identifier",
    why: "A phone that was restored registers all its passes of an account at once.",
  },
  devicePass: {
    binding: "DEVICE_PASS_GUARD",
    perMinute: 600,
    key: "account, serial number and network",
    why: "A pass can be on many phones, which a push wakes together. With the network, for serial numbers stand in barcodes: who reads one keeps no other phone from its pass.",
  },
  deviceNetwork: {
    binding: "DEVICE_NETWORK_GUARD",
    perMinute: 6000,
    key: "network",
    why: "After a push each phone of a carrier asks twice.",
  },
  deviceLog: {
    binding: "DEVICE_LOG_GUARD",
    perMinute: 60,
    key: "account",
    why: "Anybody may send logs, each call is a write, and the newest 1,000 messages are kept. Beyond it they are dropped without a word.",
  },
  deviceLogNetwork: {
    binding: "DEVICE_LOG_NETWORK_GUARD",
    perMinute: 30,
    key: "account and network",
    why: "Half of `deviceLog`, so that one sender does not drown the others. Beyond it they are dropped without a word.",
  },
  callback: {
    binding: "CALLBACK_GUARD",
    perMinute: 6000,
    key: "account and network",
    why: "Google tells of each save, from few addresses; what is refused it sends again.",
  },
  refusedCallback: {
    binding: "REFUSED_CALLBACK_GUARD",
    perMinute: 600,
    key: "account",
    why: "Anybody can send what is no callback. Beyond it a refusal is answered as ever, and not counted.",
  },
  signup: {
    binding: "SIGNUP_GUARD",
    perMinute: 300,
    key: "network",
    why: "People join one by one, each by two or three requests.",
  },
  prefill: {
    binding: "PREFILL_GUARD",
    perMinute: 20,
    key: "account and network",
    why: "A fifth of the 1,000 prefills that may wait for ten minutes, so no sender takes all. Beyond it a person gets an empty form.",
  },
  image: {
    binding: "IMAGE_GUARD",
    perMinute: 3000,
    key: "network",
    why: "Pages load several pictures, and most are answered by the cache in front of the Worker.",
  },
  home: {
    binding: "HOME_GUARD",
    perMinute: 600,
    key: "network",
    why: "The home page and the certificate of a sandbox, which people look at.",
  },
} as const satisfies Record<string, PublicLimit>;

export type PublicGuard = keyof typeof publicLimits;

/**
 * Link tokens of one network that do not exist, counted exactly (`GuessGuard`) in minutes that the first of them opens. A token has
 * 95 random bits, and a person mistypes a few.
 */
export const linkGuesses = {
  minuteMs: 60_000,
  /** What comes after so many in a minute is refused until it ends. */
  refusedAfter: 30,
  /** So many, those refused among them, block the network, and are a security event. */
  blockedAt: 100,
  blockMs: 15 * 60_000,
};
