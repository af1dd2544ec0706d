import { type Context, lockLimits } from "../context.ts";

/**
 * Runs `action` while no other process changes the machine; a wait for one is a step of its own.
 * @throws TsmachineError LOCK_TIMEOUT, NAME_INVALID for what is no machine's name.
 */
export async function withMachineLock<T>(
  context: Context,
  name: string,
  action: () => Promise<T>,
): Promise<T> {
  let endWait = () => {};
  let shown: Promise<void> | undefined;
  const onWait = (pid: number) => {
    const waiting = new Promise<void>((resolve) => {
      endWait = resolve;
    });
    const title = `Waiting for process ${pid}, which is changing machine "${name}"`;
    shown = context.progress.step(title, () => waiting);
  };
  try {
    return await context.store.withMachineLock(
      name,
      { ...lockLimits(context), onWait },
      async () => {
        endWait();
        return action();
      },
    );
  } finally {
    endWait();
    await shown;
  }
}
