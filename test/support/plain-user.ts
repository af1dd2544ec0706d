/** A user of every Linux that owns nothing. */
export const nobody = 65_534;

/** Runs the action as a user who may not read everything. */
export async function asPlainUser<T>(action: () => Promise<T>): Promise<T> {
  if (process.geteuid?.() !== 0) return action();
  process.seteuid?.(nobody);
  try {
    return await action();
  } finally {
    process.seteuid?.(0);
  }
}
