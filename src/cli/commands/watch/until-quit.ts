/**
 * Runs `action` with a signal that the key q, Q or Ctrl-C aborts: keys come at once, and do not show. Where there is no
 * terminal to type on, Ctrl-C is whoever's it is.
 * @throws what `action` throws, except after such a key
 */
export async function untilQuit(
  stdin: NodeJS.ReadStream,
  action: (quit: AbortSignal) => Promise<void>,
): Promise<void> {
  const quit = new AbortController();
  if (!stdin.isTTY) return action(quit.signal);
  const onKeys = (keys: Buffer) => {
    if (keys.some((key) => quitKeys.has(key))) quit.abort(new DOMException("quit", "AbortError"));
  };
  stdin.setRawMode(true);
  stdin.on("data", onKeys).resume();
  try {
    await action(quit.signal);
  } catch (error) {
    if (!quit.signal.aborted) throw error;
  } finally {
    stdin.off("data", onKeys).pause();
    stdin.setRawMode(false);
  }
}

/** q, Q and Ctrl-C, as a terminal in raw mode sends them. */
const quitKeys: ReadonlySet<number> = new Set([0x71, 0x51, 0x03]);
