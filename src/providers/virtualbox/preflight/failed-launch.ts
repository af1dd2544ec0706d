import { stat } from "node:fs/promises";
import { join } from "node:path";
import { TsmachineError } from "../../../errors/tsmachine-error.ts";
import { readTextIfPresent, unlessMissing } from "../../../host/files/files.ts";
import type { MachineView } from "../control.ts";
import type { VirtualBoxWorld } from "../world.ts";
import { checkHost } from "./check.ts";
import { diagnose } from "./remedies.ts";

export interface FailedLaunch extends Pick<MachineView, "logFolder"> {
  /** When it was begun, in milliseconds since the epoch. */
  readonly begun: number;
}

/**
 * Why a machine did not start. What VirtualBox answers is seldom the cause; that is in the logs of the
 * machine's own process.
 */
export async function explainFailedLaunch(
  error: unknown,
  { logFolder, begun }: FailedLaunch,
  world: VirtualBoxWorld,
): Promise<unknown> {
  if (!(error instanceof TsmachineError) || error.code !== "VIRTUALBOX_FAILED") return error;
  const logs = logFolder === undefined ? [] : await readLogs(logFolder, begun);
  const ailment = [error.message, ...logs].map(diagnose).find((one) => one !== undefined);
  if (ailment !== undefined) {
    return new TsmachineError("HOST_UNSUPPORTED", `${ailment.problem} (${error.message})`, {
      ...{ hints: [ailment.hint], context: error.context, cause: error },
    });
  }
  const health = await checkHost(world, AbortSignal.timeout(30_000 * world.patience));
  if (health.state === "ready") return withLog(error, logFolder);
  return new TsmachineError("HOST_UNSUPPORTED", `${health.problem} (${error.message})`, {
    ...{ hints: [health.hint], context: error.context, cause: error },
  });
}

/** FAT counts the times of its files in steps of two seconds. */
const coarsestTimeMs = 2000;

/** Lines with a status code or an error, newest first; of logs that this launch has written. */
async function readLogs(folder: string, begun: number): Promise<readonly string[]> {
  const texts = await Promise.all(
    ["VBox.log", "VBoxHardening.log"].map(async (name) => {
      const path = join(folder, name);
      const { mtimeMs = 0 } = (await unlessMissing(stat(path))) ?? {};
      return mtimeMs > begun - coarsestTimeMs ? readTextIfPresent(path) : undefined;
    }),
  );
  return texts.flatMap((text) => {
    const lines = (text ?? "").split("\n").filter((line) => /VERR_|\berror\b/i.test(line));
    return lines.slice(-20).reverse();
  });
}

function withLog(error: TsmachineError, logFolder: string | undefined): TsmachineError {
  if (logFolder === undefined) return error;
  return new TsmachineError(error.code, error.message, {
    hints: [`see what VirtualBox has logged in ${join(logFolder, "VBox.log")}`],
    ...{ context: error.context, cause: error },
  });
}
