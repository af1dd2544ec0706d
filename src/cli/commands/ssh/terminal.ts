import type { ReadStream, WriteStream } from "node:tty";
import type { Terminal } from "../../../ssh/interactive.ts";

/** Gives the user's terminal to a remote program while `action` runs: every key goes there. */
export async function withTerminal<T>(
  {
    stdin,
    stdout,
    type = "dumb",
  }: { stdin: ReadStream; stdout: WriteStream; type: string | undefined },
  action: (terminal: Terminal) => Promise<T>,
): Promise<T> {
  const size = () => ({ columns: stdout.columns, rows: stdout.rows });
  stdin.setRawMode(true);
  try {
    return await action({
      type,
      size: size(),
      onResize(listener) {
        const tell = () => listener(size());
        stdout.on("resize", tell);
        return () => stdout.off("resize", tell);
      },
    });
  } finally {
    stdin.setRawMode(false);
  }
}

/** For a program that is to believe in a terminal where the user has none. */
export function terminalWithoutUser(type = "dumb"): Terminal {
  return { type, size: { columns: 80, rows: 24 }, onResize: () => () => {} };
}
