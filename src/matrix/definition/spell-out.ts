import { type Axes, cellId } from "./axes.ts";
import {
  type AxisValues,
  axisValuesOf,
  combinationCount,
  combinationsOf,
  isAmong,
} from "./combinations.ts";
import { xfailsOf } from "./expectations.ts";
import type { Cell, Matrix } from "./matrix.ts";
import type { NeededFile } from "./needed-file.ts";
import { filesOfOwnImages, ownEngines, ownKernels } from "./own-images.ts";
import type { Definition } from "./schema/definition-schema.ts";
import { refusal, type Source } from "./source/source.ts";
import { filesOf, type Origin, workloadOf } from "./workloads.ts";

/** A cell takes about a minute, so this is days of work; what is more is a slip of the pen. */
const maxCells = 4096;

/** A matrix, and the files of this host that it needs; see checkFiles. */
export interface DefinedMatrix extends Matrix {
  readonly files: readonly NeededFile[];
  /** Of the bytes of its file, in lower-case hexadecimal; absent where it is of none. */
  readonly definitionSha256?: string;
}

/**
 * Every cell of a definition, in the order of its axes' values, then of its workloads.
 * @throws TsmachineError INVALID_INPUT at the place of what contradicts something else, or is too much
 */
export function spellOut(definition: Definition, name: string, origin: Origin): DefinedMatrix {
  const { source } = origin;
  const workloads = definition.workloads.map((given, index) => {
    refuseSameName(definition, index, source);
    return workloadOf(given, ["workloads", index], origin);
  });
  const combinations = combinationsOfDefinition(definition, source);
  const xfailOf = xfailsOf(definition, combinations, source);
  const cells = combinations.flatMap((axes) =>
    workloads.map(
      (workload): Cell => ({
        ...{ id: cellId(axes), axes, workload },
        ...xfailOf(axes, workload.name),
      }),
    ),
  );
  const files = [
    ...filesOfOwnImages(definition, origin),
    ...definition.workloads.flatMap((given, index) => filesOf(given, ["workloads", index], origin)),
  ];
  const own = { kernels: ownKernels(definition, origin), engines: ownEngines(definition, origin) };
  return { name: definition.name ?? name, ...own, cells, files };
}

/** The combinations of the axes without those of exclude, then those of include that are new. */
function combinationsOfDefinition(definition: Definition, source: Source): readonly Axes[] {
  const { include = [], exclude = [], workloads } = definition;
  const all = axisValuesOf(definition);
  const further = include.map((axes): AxisValues => ({ ...all, ...axisValuesOf(axes) }));
  const counts = [all, ...further].map((values) => combinationCount(values) * workloads.length);
  const count = counts.reduce((sum, some) => sum + some, 0);
  if (count > maxCells) {
    throw refusal(source.placeOf([]), {
      what: `${count} cells are more than the ${maxCells} that a matrix may have`,
      hint: "give fewer values, or split the matrix; cells count before any are left out",
    });
  }
  const within = combinationsOf(all);
  const excluded = exclude.map(axisValuesOf);
  for (const [index, values] of excluded.entries()) {
    if (!within.some((axes) => isAmong(axes, values))) {
      throw refusal(source.placeOf(["exclude", index]), {
        what: "no combination is left out by this",
        hint: "write the values as the axes have them, or remove the entry",
      });
    }
  }
  const kept = within.filter((axes) => !excluded.some((values) => isAmong(axes, values)));
  const found = [...kept, ...further.flatMap(combinationsOf)];
  if (found.length === 0) {
    throw refusal(source.placeOf(["exclude"]), {
      what: "every combination is left out",
      hint: "remove an entry of exclude",
    });
  }
  return [...new Map(found.map((axes) => [cellId(axes), axes])).values()];
}

function refuseSameName({ workloads }: Definition, index: number, source: Source): void {
  const name = workloads[index]?.name;
  if (workloads.findIndex((other) => other.name === name) === index) return;
  throw refusal(source.placeOf(["workloads", index, "name"]), {
    what: `there is another workload "${name}"`,
    hint: "give each workload a name of its own",
  });
}
