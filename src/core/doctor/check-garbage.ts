import { isSystemError } from "../../errors/system-error.ts";
import type { Context } from "../context.ts";
import { findPrunable } from "../prune/prune-store.ts";
import type { Finding } from "./finding.ts";

const mebibyte = 2 ** 20;
const worthwhileMiB = 1_024;

/** Whether so much lies in the store for nothing that it is worth a word. */
export async function checkGarbage(context: Context): Promise<Finding> {
  const common = { check: "unused", needed: `less than ${worthwhileMiB} MiB for nothing` };
  try {
    const { garbage } = await findPrunable(context, { extent: "unused" });
    const sumMiB = garbage.reduce((total, { sizeBytes }) => total + sizeBytes, 0) / mebibyte;
    const found = `${Math.floor(sumMiB)} MiB that no machine uses`;
    return sumMiB < worthwhileMiB
      ? { ...common, verdict: "ok", found }
      : { ...common, verdict: "advice", found, remedy: "remove it with `tsmachine prune`" };
  } catch (error) {
    if (!isSystemError(error, "EACCES", "EPERM")) throw error;
    // The check of the store says what to do about it.
    return { ...common, verdict: "ok", found: "not readable" };
  }
}
