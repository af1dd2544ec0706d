import { isLost } from "./failure.ts";

/**
 * Makes a change that must not be made twice. Where VirtualBox has ended before it answered, what it
 * shows since then tells whether the change was made; one that was not is made again, once.
 */
export async function madeOnce(
  change: () => Promise<void>,
  isMade: () => Promise<boolean>,
): Promise<void> {
  try {
    await change();
  } catch (error) {
    if (!isLost(error)) throw error;
    if (!(await isMade())) await change();
  }
}
