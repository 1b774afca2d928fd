/**
 * The network of an IP address, as text: an IPv4 address alone, of an IPv6 address its /64, for all of that belongs to one site
 * at least (RFC 6177, RFC 4291 §2.5.4). What is no address is its own network.
 */
export function networkOf(address: string): string {
  const canonical = address.includes(":") ? URL.parse(`http://[${address}]/`)?.hostname.slice(1, -1) : undefined;
  if (canonical === undefined) return address.slice(0, addressLengthMax);
  const groups = groupsOf(canonical);
  // An IPv4 address in IPv6's clothes (RFC 4291 §2.5.5.2).
  if (groups.slice(0, 6).join(":") === "0:0:0:0:0:ffff") return dotted(groups[6]!) + "." + dotted(groups[7]!);
  return `${URL.parse(`http://[${groups.slice(0, 4).join(":")}::]/`)!.hostname.slice(1, -1)}/64`;
}

/** Of any IP address (RFC 4291 §2.2, with an IPv4 address at its end). */
const addressLengthMax = 45;

/** The eight groups of an IPv6 address, `::` written out. */
function groupsOf(canonical: string): string[] {
  const [head = "", tail] = canonical.split("::");
  const before = head === "" ? [] : head.split(":");
  if (tail === undefined) return before;
  const after = tail === "" ? [] : tail.split(":");
  return [...before, ...Array<string>(8 - before.length - after.length).fill("0"), ...after];
}

function dotted(group: string): string {
  const number = Number.parseInt(group, 16);
  return `${number >> 8}.${number & 255}`;
}
