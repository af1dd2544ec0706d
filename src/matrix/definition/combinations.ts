import { type Axes, axesSchema, furtherAxes } from "./axes.ts";
import type { SomeAxes } from "./schema/axes-schema.ts";

type Axis = keyof Axes;

/** Axes with the values that each may have; what is not there may be anything. */
export type AxisValues = Partial<Readonly<Record<Axis, readonly (string | number)[]>>>;

const axisKeys = [["kernel", "kernel"], ["engine", "engine"], ...furtherAxes] as const;

/** The axes of a definition by the names that cells have for them. */
export function axisValuesOf(given: SomeAxes): AxisValues {
  return Object.fromEntries(
    axisKeys.flatMap(([axis, key]) => {
      const values = given[key];
      return values === undefined ? [] : [[axis, values]];
    }),
  );
}

export function combinationCount(values: AxisValues): number {
  return Object.values(values).reduce((count, { length }) => count * length, 1);
}

/** Every combination of the values, of which the first axis changes last. There have to be kernel and engine. */
export function combinationsOf(values: AxisValues): Axes[] {
  const combinations = axisKeys.reduce<readonly Partial<Record<Axis, string | number>>[]>(
    (partial, [axis]) => {
      const several = values[axis];
      if (several === undefined) return partial;
      return partial.flatMap((axes) => several.map((value) => ({ ...axes, [axis]: value })));
    },
    [{}],
  );
  return combinations.map((axes) => axesSchema.parse(axes));
}

export function isAmong(axes: Axes, values: AxisValues): boolean {
  return axisKeys.every(([axis]) => {
    const value = axes[axis];
    return values[axis] === undefined || (value !== undefined && values[axis].includes(value));
  });
}
