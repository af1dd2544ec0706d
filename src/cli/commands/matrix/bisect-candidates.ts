import type { Context } from "../../../core/context.ts";
import { defaultEngineSeries } from "../../../core/offers/default-engine.ts";
import { listOffers } from "../../../core/offers/list-offers.ts";
import { TsmachineError } from "../../../errors/tsmachine-error.ts";
import { architectureSchema } from "../../../host/architecture.ts";
import { parseRange, seriesWithin } from "../../../matrix/bisect/range.ts";
import { matrixFromFlags } from "../../../matrix/definition/from-flags.ts";
import type { DefinedMatrix } from "../../../matrix/definition/spell-out.ts";
import { type DefinitionFlags, refuseDefinition } from "./definition-flags.ts";

/**
 * The matrix whose cells differ in one axis alone: the one that is a range, oldest first.
 * @throws TsmachineError INVALID_INPUT; those of listOffers and defaultEngineSeries
 */
export async function candidatesOf(
  context: Context,
  flags: DefinitionFlags,
  { command, directory }: { readonly command: readonly string[]; readonly directory: string },
): Promise<DefinedMatrix> {
  refuseDefinition(command, flags);
  const axes = await spelledOut(context, flags);
  const { series, ...named } = axes;
  const matrix = matrixFromFlags({ ...flags, ...named, command }, { directory });
  if (matrix.cells.length === series.length) return matrix;
  throw new TsmachineError(
    "INVALID_INPUT",
    "a flag beside the range has several values, so that there is no one row of cells to search",
    { hints: ["give one value for each flag but the range"] },
  );
}

/** The one axis that is a range as a list of series; the engine by its default where none is given. */
async function spelledOut(context: Context, { kernel, engine, arch }: DefinitionFlags) {
  const isRange = (text: string | undefined) => text?.includes("..") === true;
  if (isRange(kernel) === isRange(engine)) {
    throw new TsmachineError("INVALID_INPUT", "exactly one of --kernel and --engine is a range", {
      hints: ["give a range and a version, as in --kernel 5.10..6.12 --engine 26.1"],
    });
  }
  const architecture = architectureSchema.safeParse(arch).data ?? context.architecture;
  const offers = await listOffers(context, architecture);
  if (kernel !== undefined && isRange(kernel)) {
    const offered = offers.kernels
      .filter(({ flavour }) => flavour === "cloud")
      .map((one) => one.series);
    const series = seriesWithin(parseRange(kernel, "--kernel"), offered, "--kernel");
    const chosen = engine ?? (await defaultEngineSeries(context, architecture));
    return { series, kernel: series.join(","), engine: chosen };
  }
  const offered = offers.engines.map((one) => one.series);
  const series = seriesWithin(parseRange(engine ?? "", "--engine"), offered, "--engine");
  return { series, engine: series.join(",") };
}
