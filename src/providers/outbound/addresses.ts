/**
 * Which hosts a URL of a user may name. Names that resolve to private addresses are refused by the platform
 * itself (compatibility flag `global_fetch_strictly_public`); this is what can be told from the name alone.
 */

/** IPv4 blocks that are not on the public internet (RFC 6890, RFC 5737, RFC 2544, RFC 6598), and what clouds keep there. */
const privateBlocks: [address: string, prefixBits: number][] = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  // Azure answers a machine's own secrets here, outside of every private block.
  ["168.63.129.16", 32],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
];

/** Last labels of names that mean something else in every network (RFC 6761, RFC 6762, RFC 8375, RFC 9476, ICANN). */
const privateSuffixes = new Set([
  "localhost",
  "local",
  "internal",
  "intranet",
  "lan",
  "home",
  "corp",
  "private",
  "onion",
  "alt",
  "test",
  "example",
  "invalid",
]);

/** `URL` has brought every spelling of an IPv4 address into this one. */
const ipv4 = /^\d{1,3}(\.\d{1,3}){3}$/;

/** `hostname` as `URL` answers it. */
export function isPublicHost(hostname: string): boolean {
  // Any IPv6 address can hold an IPv4 one (mapped, NAT64, 6to4, Teredo), and nobody serves pictures by one.
  if (hostname.startsWith("[")) return false;
  if (ipv4.test(hostname)) return !privateBlocks.some(([address, bits]) => isWithin(hostname, address, bits));
  const labels = hostname.split(".");
  if (labels.length < 2 || labels.includes("")) return false;
  return !privateSuffixes.has(labels.at(-1)!) && !hostname.endsWith(".home.arpa");
}

export const isLoopbackHost = (hostname: string): boolean =>
  hostname === "localhost" || hostname === "[::1]" || (ipv4.test(hostname) && isWithin(hostname, "127.0.0.0", 8));

function isWithin(hostname: string, block: string, prefixBits: number): boolean {
  const shift = 2 ** (32 - prefixBits);
  return Math.floor(numberOf(hostname) / shift) === Math.floor(numberOf(block) / shift);
}

const numberOf = (address: string): number =>
  address.split(".").reduce((number, part) => number * 256 + Number(part), 0);
