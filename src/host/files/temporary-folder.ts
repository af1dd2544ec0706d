import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Runs the action with a folder that only this user can read, and that is gone in the end. */
export async function withTemporaryFolder<T>(action: (path: string) => Promise<T>): Promise<T> {
  const path = await mkdtemp(join(tmpdir(), "tsmachine-"));
  try {
    return await action(path);
  } finally {
    await rm(path, { recursive: true, force: true });
  }
}
