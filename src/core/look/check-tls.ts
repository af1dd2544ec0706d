import type { EngineAddress } from "../engine/ask-engine.ts";

export interface TlsCheck extends EngineAddress {
  /** Names that the server's certificate must carry besides its address. */
  readonly names: readonly string[];
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/**
 * Shakes hands with the engine and asks nothing.
 * @returns why that failed; undefined when a server answered whose certificate is valid now, signed
 *   by the machine's authority and made for its address and these names
 * @throws the signal's reason
 */
export async function checkTls(check: TlsCheck): Promise<string | undefined> {
  const { endpoint, bundle, names, timeoutMs } = check;
  // Loaded here because most commands never connect.
  const { checkServerIdentity, connect } = await import("node:tls");
  check.signal.throwIfAborted();
  return await new Promise((resolve, reject) => {
    const socket = connect({
      ...{ host: endpoint.address, port: endpoint.dockerPort },
      ...{ ca: bundle.ca, cert: bundle.certificate, key: bundle.key },
      checkServerIdentity: (host, certificate) =>
        [host, ...names]
          .map((name) => checkServerIdentity(name, certificate))
          .find((problem) => problem !== undefined),
    });
    const leave = () => {
      clearTimeout(timer);
      check.signal.removeEventListener("abort", abort);
      socket.destroy();
    };
    const end = (problem?: string) => {
      leave();
      resolve(problem);
    };
    const abort = () => {
      leave();
      reject(check.signal.reason);
    };
    const timer = setTimeout(() => end(`no answer within ${timeoutMs / 1000} s`), timeoutMs);
    check.signal.addEventListener("abort", abort);
    socket.once("secureConnect", () => end());
    socket.on("error", (error) => end(error.message));
  });
}
