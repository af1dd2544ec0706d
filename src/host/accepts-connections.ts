import { connect } from "node:net";

/** Whether somebody accepts TCP connections there. Never throws; false when aborted or too slow. */
export function acceptsConnections(
  { address, port }: { readonly address: string; readonly port: number },
  { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<boolean> {
  if (signal.aborted) return Promise.resolve(false);
  return new Promise((resolve) => {
    const socket = connect({ host: address, port, timeout: timeoutMs });
    const end = (isAccepted: boolean) => {
      signal.removeEventListener("abort", refuse);
      socket.destroy();
      resolve(isAccepted);
    };
    const refuse = () => end(false);
    signal.addEventListener("abort", refuse, { once: true });
    socket.once("connect", () => end(true));
    socket.once("error", refuse);
    socket.once("timeout", refuse);
  });
}
