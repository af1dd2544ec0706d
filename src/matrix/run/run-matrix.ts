import { type Context, findProvider } from "../../core/context.ts";
import { withImagesInUse } from "../../core/images/images-in-use.ts";
import { readContainerLimits, withinLimits } from "../../host/container-limits.ts";
import { identifyThisProcess } from "../../host/processes/process-identity.ts";
import { type HostResources, readResources } from "../../host/resources.ts";
import type { Cell, Matrix } from "../definition/matrix.ts";
import { type CellResult, type Report, reportSchemaVersion } from "../report/report.ts";
import { jobsThatFit } from "./capacity.ts";
import { type CellMachine, requestFor } from "./cell-machine.ts";
import type { WatchCell } from "./cell-state.ts";
import { type Images, prepareImages } from "./prepare-images.ts";
import { requireDrivers } from "./require-drivers.ts";
import { requireMachines } from "./require-machines.ts";
import { requireOffered } from "./require-offered.ts";
import { requirePrograms } from "./require-programs.ts";
import { runCell } from "./run-cell.ts";
import { runSchedule } from "./schedule.ts";

export interface RunOptions extends Pick<CellMachine, "providerId" | "bootTimeoutMs"> {
  /** How many cells at once; as many as the host bears unless given. */
  readonly jobs: number | undefined;
  /** Whether the first cell that does not turn out as expected ends the run. */
  readonly failsFast: boolean;
  readonly keepsFailed: boolean;
  readonly platform: NodeJS.Platform;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** For the report. */
  readonly tsmachineVersion: string;
  /** Told how far each cell has come. */
  readonly watch?: WatchCell | undefined;
}

/**
 * Tries all cells of the matrix, several at once, and reports in their order. Their machines are gone afterwards,
 * also those of a run that is cancelled; those of one that was killed are for prune.
 * @throws TsmachineError INVALID_INPUT, PROGRAM_MISSING, KERNEL_UNKNOWN, ENGINE_UNKNOWN and those of requireMachines before
 *   anything is booted; the signal's reason when aborted.
 */
export async function runMatrix(
  context: Context,
  matrix: Matrix,
  options: RunOptions,
): Promise<Report> {
  const startedAt = context.now();
  const host = await readResources();
  const names = { ...matrix, architecture: context.architecture };
  const user = await identifyThisProcess();
  requireDrivers(matrix.cells, matrix);
  const { capabilities } = await findProvider(context, options.providerId);
  const machines = { names, user, takesArguments: capabilities.kernelArguments === true };
  const requests = matrix.cells.map((cell) => requestFor(cell, { ...options, ...machines }));
  await requireMachines(context, options.providerId, requests);
  await requirePrograms(matrix.cells, { ...options, signal: context.signal });
  await requireOffered(context, matrix.cells, names);
  return withImagesInUse(context, async () => {
    await using images = prepareImages(context, matrix.cells, {
      names,
      flavour: capabilities.kernelFlavour ?? "cloud",
    });
    const share = withinLimits(host, await readContainerLimits());
    const run = { options, host: share, images, machines };
    const results = await runCells(context, matrix.cells, run);
    return {
      schemaVersion: reportSchemaVersion,
      ...{ tsmachineVersion: options.tsmachineVersion, name: matrix.name },
      startedAt: startedAt.toISOString(),
      endedAt: context.now().toISOString(),
      host: {
        platform: options.platform,
        architecture: context.architecture,
        cpuCount: host.cpuCount,
        memoryMiB: Math.round(host.totalMemoryMiB),
      },
      results: [...results],
      kernelConfigs: images.kernelConfigs,
    };
  });
}

interface Run {
  readonly options: RunOptions;
  /** What this process may have of it. */
  readonly host: HostResources;
  readonly images: Images;
  readonly machines: Pick<CellMachine, "names" | "user" | "takesArguments">;
}

async function runCells(
  context: Context,
  cells: readonly Cell[],
  { options, host, images, machines }: Run,
): Promise<readonly CellResult[]> {
  const axes = cells.map((cell) => cell.axes);
  return runSchedule(context, cells, {
    ...{ jobs: options.jobs ?? jobsThatFit(axes, host), failsFast: options.failsFast, images },
    watch: options.watch,
    tryCell: (cellContext, cell, attempt) =>
      runCell(cellContext, cell, {
        ...{ ...options, ...attempt, ...machines, built: images.versionsOf(cell) },
      }),
  });
}
