import { connect } from "node:net";
import { isSystemError } from "../errors/system-error.ts";

/** Where machines of tsmachine's listen, and most others. */
const ports = [22, 2376];

/** As long as a machine of this host's takes to answer, many times over. */
const timeoutMs = 300;

/**
 * Whether a machine is at that address of a network that this host is in: it accepts a TCP connection, or refuses
 * one. Never throws; false when aborted.
 */
export async function isAnswering(address: string, signal: AbortSignal): Promise<boolean> {
  const answers = await Promise.all(ports.map((port) => answersAt({ address, port }, signal)));
  return answers.includes(true);
}

function answersAt(
  { address, port }: { readonly address: string; readonly port: number },
  signal: AbortSignal,
): Promise<boolean> {
  return new Promise((resolve) => {
    // Not the socket's own limit, which begins anew with whatever happens.
    const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
    const socket = connect({ host: address, port, signal: limit });
    const end = (isThere: boolean) => {
      socket.destroy();
      resolve(isThere);
    };
    socket.once("connect", () => end(true));
    socket.once("error", (error) => end(isSystemError(error, "ECONNREFUSED", "ECONNRESET")));
  });
}
