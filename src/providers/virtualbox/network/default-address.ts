import type { HostAddress } from "../control.ts";

/**
 * Whether an adapter has the address that VirtualBox gives a new one, or none yet: nobody has configured it.
 * "vboxnetN" gets 192.168.(56 + N).1: getDefaultIPv4Address() of src/VBox/Main/include/netif.h. Names of Windows tell
 * nothing; there it is the first of some network 192.168.x.0/24, or one that Windows chose itself.
 */
export function hasDefaultAddress(name: string, found: HostAddress | undefined): boolean {
  if (found === undefined || found.address.startsWith("169.254.")) return true;
  if (found.prefixLength !== 24) return false;
  const [, index] = /^vboxnet(\d+)$/.exec(name) ?? [];
  if (index === undefined) return /^192\.168\.\d+\.1$/.test(found.address);
  return found.address === `192.168.${56 + Number(index)}.1`;
}
