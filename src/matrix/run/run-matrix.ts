import pLimit from "p-limit";
import { type Context, findProvider } from "../../core/context.ts";
import { withImagesInUse } from "../../core/images/images-in-use.ts";
import { identifyThisProcess } from "../../host/processes/process-identity.ts";
import { type HostResources, readResources } from "../../host/resources.ts";
import type { Cell, Matrix } from "../definition/matrix.ts";
import { type Outcome, outcomes } from "../report/outcome.ts";
import { type CellResult, type Report, reportSchemaVersion } from "../report/report.ts";
import { jobsThatFit } from "./capacity.ts";
import type { CellMachine } from "./cell-machine.ts";
import type { ImageNames } from "./image-selection.ts";
import { type Images, prepareImages } from "./prepare-images.ts";
import { requireOffered } from "./require-offered.ts";
import { requirePrograms } from "./require-programs.ts";
import { type CellOptions, runCell } from "./run-cell.ts";
import { verdictOnError, withExpectation } from "./verdict.ts";

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
}

/** A cell of which nothing is known is tried again that often. */
const maxAttempts = 2;

/**
 * Tries all cells of the matrix, several at once, and reports in their order. Their machines are gone afterwards,
 * also those of a run that is cancelled; those of one that was killed are for prune.
 * @throws TsmachineError INVALID_INPUT, PROGRAM_MISSING, KERNEL_UNKNOWN, ENGINE_UNKNOWN before anything is booted; the
 *   signal's reason when aborted.
 */
export async function runMatrix(
  context: Context,
  matrix: Matrix,
  options: RunOptions,
): Promise<Report> {
  const startedAt = context.now();
  const host = await readResources();
  const provider = await findProvider(context, options.providerId);
  const names = { ...matrix, architecture: context.architecture };
  await requirePrograms(matrix.cells, { ...options, signal: context.signal });
  await requireOffered(context, matrix.cells, names);
  return withImagesInUse(context, async () => {
    const images = prepareImages(context, matrix.cells, {
      names,
      flavour: provider.capabilities.kernelFlavour ?? "cloud",
    });
    const results = await runCells(context, matrix.cells, { options, host, images, names });
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
  readonly host: HostResources;
  readonly images: Images;
  readonly names: ImageNames;
}

async function runCells(
  context: Context,
  cells: readonly Cell[],
  { options, host, images, names }: Run,
): Promise<readonly CellResult[]> {
  const user = await identifyThisProcess();
  const cellOptions = { ...options, user, names };
  const limit = pLimit(
    options.jobs ??
      jobsThatFit(
        cells.map(({ axes }) => axes),
        host,
      ),
  );
  let isOver = false;
  const runs = cells.map((cell) =>
    limit(async () => {
      if (isOver || context.signal.aborted) return notRun(cell);
      const result = withKernel(
        await runInTurn(context, cell, { ...cellOptions, images }),
        images.releaseOf(cell),
      );
      if (options.failsFast && outcomes[result.outcome].exitStatus !== 0) isOver = true;
      return result;
    }),
  );
  // All of them have ended, and their machines are gone, before an interrupt is passed on.
  const settled = await Promise.allSettled(runs);
  context.signal.throwIfAborted();
  return settled.map((one) => {
    if (one.status === "rejected") throw one.reason;
    return one.value;
  });
}

/** A cell once its images are there, and once more when nothing was found out about it. */
async function runInTurn(
  context: Context,
  cell: Cell,
  options: CellOptions & Pick<Run, "images">,
): Promise<CellResult> {
  const title = `${cell.id} ${cell.workload.name}`;
  try {
    await options.images.readyFor(cell);
  } catch (error) {
    context.signal.throwIfAborted();
    return { ...notRun(cell), ...withExpectation(verdictOnError(error), cell.xfail) };
  }
  for (let attempts = 1; ; attempts += 1) {
    const result = await context.progress.step(`Trying ${title}`, async (step) => {
      const found = await runCell({ ...context, progress: step }, cell, options);
      step.conclude(found.outcome);
      return found;
    });
    if (result.outcome !== "infra" || attempts === maxAttempts) return { ...result, attempts };
  }
}

/** Also a kernel that never said which it is has its configuration in the report. */
function withKernel(result: CellResult, release: string | undefined): CellResult {
  const isKnown = release === undefined || release === result.kernelRelease;
  return isKnown ? result : { ...result, kernelConfig: release };
}

function notRun({ id, axes, workload, xfail }: Cell): CellResult {
  const outcome: Outcome = "not-run";
  return {
    ...{ cell: id, workload: workload.name, axes, outcome, reason: outcomes[outcome].meaning },
    ...(xfail !== undefined && { xfail }),
    ...{ attempts: 0, timings: { totalMs: 0 }, output: "", console: "", splats: [] },
  };
}
