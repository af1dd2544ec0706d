import type { Progress, Transfer } from "../../core/progress.ts";

const shownAfterMs = 1000;

/** Runs an action that reports bytes, and shows it as a step only when it lasts. */
export async function lateStep<T>(
  progress: Progress,
  title: string,
  action: (onBytes: (transfer: Transfer) => void) => Promise<T>,
): Promise<T> {
  let show = (_transfer: Transfer) => {};
  const ending = action((transfer) => show(transfer));
  if (await endsWithin(ending, shownAfterMs)) return ending;
  return progress.step(title, (step) => {
    show = step.bytes;
    return ending;
  });
}

async function endsWithin(ending: Promise<unknown>, limitMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, limitMs, false);
  });
  const settled = ending.then(
    () => true,
    () => true,
  );
  try {
    return await Promise.race([settled, late]);
  } finally {
    clearTimeout(timer);
  }
}
