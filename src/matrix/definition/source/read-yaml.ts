import { composeYaml } from "./compose-yaml.ts";
import { type PlainValues, pathKey, plainValues, tooDeep } from "./plain-values.ts";
import { type Path, type Place, type Problem, pathText, refusal, type Source } from "./source.ts";
import { yamlProblem } from "./yaml-problem.ts";

/**
 * Reads YAML, of which JSON is a part.
 * @param path what messages call the file
 * @throws TsmachineError INVALID_INPUT with the place of what is no YAML, or more than one document
 */
export async function readYaml(text: string, path: string): Promise<Source> {
  const yaml = await import("yaml");
  const lines = new yaml.LineCounter();
  const placeAt = (offset: number, within: Path = []): Place => {
    const { line, col } = lines.linePos(offset);
    const position = `${path}:${Math.max(line, 1)}:${Math.max(col, 1)}`;
    const text = within.length === 0 ? position : `${position}: ${pathText(within)}`;
    return { text, order: offset };
  };
  const refuse = (offset: number, problem: Problem) => refusal(placeAt(offset), problem);

  const composed = composeYaml(yaml, text, lines);
  if (composed.kind === "too-deep") throw refuse(composed.offset, tooDeep);
  const [document, second] = composed.documents;
  const [wrong] = [...(document?.errors ?? []), ...(document?.warnings ?? [])];
  if (wrong !== undefined) throw refuse(wrong.pos[0], yamlProblem(wrong));
  if (second !== undefined) throw refuse(second.range[0], severalDocuments);

  const { value, offsets } = plainValues(yaml, document?.contents ?? null, refuse);
  return {
    value,
    placeOf(wanted, part) {
      const there = nearestOf(wanted, offsets);
      const { value = 0, key = value } = offsets.get(pathKey(there)) ?? {};
      return placeAt(part === "key" ? key : value, there);
    },
  };
}

function nearestOf(wanted: Path, offsets: PlainValues["offsets"]): Path {
  return wanted.length === 0 || offsets.has(pathKey(wanted))
    ? wanted
    : nearestOf(wanted.slice(0, -1), offsets);
}

const severalDocuments: Problem = {
  what: "a second document begins",
  hint: 'make two files of it, or remove the line "---"',
};
