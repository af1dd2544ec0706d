import { createWriteStream } from "node:fs";
import { connect } from "node:net";

/**
 * Writes what the guest says on its serial console to a log, for as long as this process waits for it:
 * Hyper-V offers a pipe and keeps nothing. A console that cannot be had spoils nothing else.
 */
export function followConsole(address: string, path: string): void {
  const log = createWriteStream(path, { flags: "w", mode: 0o600 });
  log.on("error", () => {});
  const pipe = connect(address);
  pipe.unref();
  pipe.on("error", () => {});
  pipe.on("data", (chunk) => void log.write(chunk));
  pipe.on("close", () => log.end());
}
