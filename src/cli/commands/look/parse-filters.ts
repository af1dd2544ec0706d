import { type MachineFilters, parseLabel } from "../../../core/look/filters.ts";
import { TsmachineError } from "../../../errors/tsmachine-error.ts";

/**
 * The filters of these "key=value".
 * @throws TsmachineError INVALID_INPUT
 */
export function parseFilters(texts: readonly string[]): MachineFilters {
  const filters = texts.map(parseFilter);
  const values = (wanted: FilterKey) =>
    filters.flatMap(({ key, value }) => (key === wanted ? [value] : []));
  return {
    names: values("name").map(parsePattern),
    drivers: values("driver"),
    states: values("state"),
    swarms: values("swarm"),
    labels: values("label").map(parseLabel),
  };
}

/** What machines can be filtered by. */
export const filterKeys = ["name", "driver", "state", "swarm", "label"] as const;
type FilterKey = (typeof filterKeys)[number];

function parseFilter(text: string): { readonly key: FilterKey; readonly value: string } {
  const [, given, value] = /^([^=]*)=(.*)$/s.exec(text) ?? [];
  const hints = [
    `filter by ${filterKeys.map((key) => `${key}=`).join(", ")}, as in --filter state=Running`,
  ];
  if (given === undefined || value === undefined) {
    throw new TsmachineError("INVALID_INPUT", "Unsupported filter syntax", { hints });
  }
  const key = filterKeys.find((one) => one === given.toLowerCase());
  if (key !== undefined) return { key, value };
  const lowerCase = given.toLowerCase();
  throw new TsmachineError("INVALID_INPUT", `Unsupported filter key '${lowerCase}'`, { hints });
}

/** A leading "(?i)", as Go's regular expressions have it, makes upper and lower case the same. */
function parsePattern(text: string): RegExp {
  const [, ignoreCase, pattern = ""] = /^(\(\?i\))?(.*)$/s.exec(text) ?? [];
  try {
    return new RegExp(pattern, ignoreCase === undefined ? "" : "i");
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw new TsmachineError("INVALID_INPUT", `filter name=${text} is not a regular expression`, {
      hints: ["put a backslash before characters that mean themselves"],
      cause,
    });
  }
}
