import { TsmachineError } from "../../../errors/tsmachine-error.ts";

/** The keys and indexes that lead to a value: ["workloads", 0, "timeout"]. */
export type Path = readonly PropertyKey[];

/** What somebody wrote, as plain values whose scalars are all text, and where each of them is. */
export interface Source {
  readonly value: unknown;
  /**
   * Where the value at a path is, or its key; for what is not there, the nearest thing around it. An
   * alias is where its anchor is.
   */
  placeOf(path: Path, part?: "key"): Place;
}

export interface Place {
  /** What a message begins with: "matrix.yaml:3:5: workloads[0].timeout", "--timeout". */
  readonly text: string;
  /** Grows from the beginning of the source to its end. */
  readonly order: number;
}

/** What is wrong at a place, and the sentence with the remedy. */
export interface Problem {
  readonly what: string;
  readonly hint: string;
}

export function refusal({ text }: Pick<Place, "text">, { what, hint }: Problem): TsmachineError {
  return new TsmachineError("INVALID_INPUT", `${text}: ${what}`, { hints: [hint] });
}

/** A path as people read it: "workloads[0].copy[1].from". */
export function pathText(path: Path): string {
  return path.reduce<string>((text, segment) => {
    if (typeof segment === "number") return `${text}[${segment}]`;
    const name = String(segment);
    const key = /^[\w<-]+$/.test(name) ? name : quoted(name);
    return text === "" ? key : `${text}.${key}`;
  }, "");
}

/** Text in quotes on one line, without what would confuse a terminal, and not too much of it. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}

/** The value at a path; undefined where there is none. */
export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((found, segment) => {
    if (typeof found !== "object" || found === null) return undefined;
    return Object.getOwnPropertyDescriptor(found, segment)?.value;
  }, value);
}
