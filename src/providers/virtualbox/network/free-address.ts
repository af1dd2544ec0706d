import type { DhcpServer } from "../control.ts";
import { boundsOf, type Network, toAddress, toNumber } from "./cidr.ts";

/**
 * The lowest address of the network that no machine, no DHCP server and not the host itself has, and
 * that no DHCP server gives away; undefined when there is none.
 */
export function freeAddress(
  network: Network,
  taken: Iterable<string>,
  servers: readonly DhcpServer[],
): string | undefined {
  const [first, last] = boundsOf(network);
  const used = new Set([...taken, network.address, ...servers.map(({ address }) => address)]);
  const pools = servers.filter(({ isEnabled }) => isEnabled);
  const isPooled = (number: number) =>
    pools.some(({ lowest, highest }) => toNumber(lowest) <= number && number <= toNumber(highest));
  for (let number = first + 1; number < last; number += 1) {
    if (!used.has(toAddress(number)) && !isPooled(number)) return toAddress(number);
  }
  return undefined;
}
