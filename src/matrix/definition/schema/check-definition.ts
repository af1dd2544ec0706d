import { refusal, type Source } from "../source/source.ts";
import { type Definition, definitionSchema } from "./definition-schema.ts";
import { findingsOf } from "./schema-problems.ts";

/**
 * @throws TsmachineError INVALID_INPUT at the first place that is not as the schema wants it; what is
 * missing comes last
 */
export function checkDefinition(source: Source): Definition {
  const result = definitionSchema.safeParse(source.value);
  if (result.success) return result.data;
  const [first] = result.error.issues
    .flatMap((issue) => findingsOf(issue, source.value))
    .map(({ path, part, isMissing = false, problem }) => {
      return { place: source.placeOf(path, part), rank: isMissing ? 1 : 0, problem };
    })
    .sort((one, other) => one.rank - other.rank || one.place.order - other.place.order);
  if (first === undefined) throw new Error("a definition was refused without an issue");
  throw refusal(first.place, first.problem);
}
