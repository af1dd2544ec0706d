// What QEMU's monitor says of the user-mode network; there is no command of QMP for forwards.
// https://www.qemu.org/docs/master/system/monitor.html, hostfwd_add, hostfwd_remove, info usernet
import type { Forward } from "../../provider.ts";

/** The id of the network in QEMU's arguments. */
export const networkId = "network";

/**
 * An address that the guest has besides the one that it is given, and from which it leads to its 127.0.0.1;
 * see templates/guest/root/usr/lib/tsmachine/loopback-ports.
 */
const guestLoopback = "10.0.2.127";

/** The line that adds a forward to the one guest there is. */
export function addCommand(forward: Forward): string {
  const guestAddress = forward.guestSide === "loopback" ? guestLoopback : "";
  return `hostfwd_add ${networkId} ${hostSide(forward)}-${guestAddress}:${forward.guestPort}`;
}

export function removeCommand(forward: Forward): string {
  return `hostfwd_remove ${networkId} ${hostSide(forward)}`;
}

export const listCommand = "info usernet";

/** Whether a removal was one, or there was nothing to remove. */
export function isRemoved(answer: string): boolean {
  return /^\s*$| removed\s*$| not found\s*$/.test(answer);
}

/** The forwards among the connections that `info usernet` lists, in its order. */
export function parseForwards(answer: string): readonly Forward[] {
  return answer.split("\n").flatMap((line) => {
    const [, protocol, address, hostPort, guest, guestPort] = forwardLine.exec(line) ?? [];
    if (protocol === undefined || address === undefined) return [];
    return {
      protocol: protocol === "UDP" ? ("udp" as const) : ("tcp" as const),
      // How libslirp prints INADDR_ANY.
      hostAddress: address === "*" ? "0.0.0.0" : address,
      hostPort: Number(hostPort),
      guestPort: Number(guestPort),
      guestSide: guest === guestLoopback ? ("loopback" as const) : ("all" as const),
    };
  });
}

/** Protocol[State], file descriptor, source address and port, destination address and port, queues. */
const forwardLine = /^\s*(TCP|UDP)\[HOST_FORWARD\]\s+-?\d+\s+(\S+)\s+(\d+)\s+(\S+)\s+(\d+)\s/;

function hostSide({ protocol, hostAddress, hostPort }: Forward): string {
  return `${protocol}:${hostAddress}:${hostPort}`;
}
