/** Where commands print: results to stdout, everything else to stderr. */
export interface Output {
  readonly stdout: Writer;
  readonly stderr: Writer;
}

export interface Writer {
  write(text: string): unknown;
}

/** Prints a value for programs: indented JSON and a newline. */
export function printJson({ stdout }: Output, value: unknown): void {
  const json = JSON.stringify(value, undefined, 2);
  if (json === undefined) throw new Error(`${typeof value} has no JSON form`);
  stdout.write(`${json}\n`);
}

/**
 * Calls `end` when the reader of the stream has gone, as in `tsmachine ls | head -1` (EPIPE), or the
 * terminal was closed (EIO): nobody is left to print for. Other write errors are thrown.
 */
export function onClosedPipe(stream: NodeJS.WritableStream, end: () => void): void {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE" && error.code !== "EIO") throw error;
    end();
  });
}
