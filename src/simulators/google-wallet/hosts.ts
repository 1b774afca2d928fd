import { isLoopbackHost, isPublicHost } from "../../providers/outbound/addresses";

/** Whether an address is on one's own machine, where there is no https. */
export const isLocal = ({ protocol, hostname }: URL): boolean => protocol === "http:" && isLoopbackHost(hostname);

/** Whether a callback may leave for an address: of a public host, or of this machine where the simulator runs alone. */
export function mayCall({ protocol, hostname, port }: URL, { open }: { open: boolean }): boolean {
  if (open && isLoopbackHost(hostname)) return true;
  return protocol === "https:" && port === "" && isPublicHost(hostname);
}
