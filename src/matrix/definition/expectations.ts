import type { Axes } from "./axes.ts";
import { axisValuesOf, isAmong } from "./combinations.ts";
import type { Cell } from "./matrix.ts";
import type { Definition } from "./schema/definition-schema.ts";
import { nearestWord } from "./source/nearest-word.ts";
import { refusal, type Source } from "./source/source.ts";

/** What a cell has of the rule that names it; nothing where it is expected to pass. */
export type Expectation = Pick<Cell, "xfail" | "xfailOutcomes">;

/**
 * Tells why and how a cell is expected to fail, by the first rule that names it.
 * @throws TsmachineError INVALID_INPUT at a rule that names no cell
 */
export function xfailsOf(
  { xfail = [], workloads }: Definition,
  combinations: readonly Axes[],
  source: Source,
): (axes: Axes, workload: string) => Expectation {
  const names = workloads.map(({ name }) => name);
  const rules = xfail.map(({ workload = names, reason, outcome, ...axes }, index) => {
    for (const [at, name] of workload.entries()) {
      if (names.includes(name)) continue;
      const meant = nearestWord(name, names);
      throw refusal(source.placeOf(["xfail", index, "workload", at]), {
        what: `there is no workload "${name}"${meant === undefined ? "" : `, did you mean "${meant}"?`}`,
        hint: `use one of ${names.join(", ")}`,
      });
    }
    const expectation: Expectation = {
      xfail: reason,
      ...(outcome !== undefined && { xfailOutcomes: outcome }),
    };
    return { values: axisValuesOf(axes), workload, expectation };
  });
  for (const [index, { values }] of rules.entries()) {
    if (combinations.some((axes) => isAmong(axes, values))) continue;
    throw refusal(source.placeOf(["xfail", index]), {
      what: "no cell is named by this",
      hint: "write the values as the axes have them, or remove the entry",
    });
  }
  return (axes, name) =>
    rules.find(({ values, workload }) => workload.includes(name) && isAmong(axes, values))
      ?.expectation ?? {};
}
