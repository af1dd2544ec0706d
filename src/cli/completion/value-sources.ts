import type { Argument, Option } from "commander";
import { statuses } from "../../core/machine/status.ts";
import type { Provider } from "../../providers/provider.ts";
import { filterKeys } from "../commands/look/parse-filters.ts";
import { documentedShellNames } from "../shells/shell-names.ts";
import { type Completion, candidatesOf, nothing } from "./candidate.ts";

/** Knows what values options and arguments take. */
export interface ValueSources {
  ofOption(option: Option, typed: string): Promise<Completion>;
  ofArgument(argument: Argument, typed: string): Promise<Completion>;
}

/** What there is to choose from. */
export interface Choices {
  readonly commandNames: readonly string[];
  machineNames(): Promise<readonly string[]>;
  providers(): Promise<readonly Provider[]>;
}

/**
 * Finds the values of an option or an argument by the choices that its definition has, else by the
 * name that its help gives the value: one name means the same everywhere.
 */
export function createValueSources(choices: Choices): ValueSources {
  const named = (name: string, typed: string) => byName.get(name)?.(choices, typed) ?? nothing;
  return {
    async ofOption({ argChoices, flags }, typed) {
      const name = /[<[](.+?)(?:\.\.\.)?[>\]]/.exec(flags)?.[1] ?? "";
      if (name.includes("|")) return candidatesOf(name.split("|"));
      return argChoices ? candidatesOf(argChoices) : named(name, typed);
    },
    async ofArgument(argument, typed) {
      return argument.argChoices
        ? candidatesOf(argument.argChoices)
        : named(argument.name(), typed);
    },
  };
}

/** Whether values of that name are completed. */
export function isKnownValue(name: string): boolean {
  return name.includes("|") || byName.has(name);
}

type Source = (choices: Choices, typed: string) => Completion | Promise<Completion>;

const files: Source = () => ({ candidates: [], takesFiles: true });

const machines: Source = async ({ machineNames }) => candidatesOf(await machineNames());

/** "machine:path", of which shells cannot know the path, or a file of this host. */
const locations: Source = async ({ machineNames }) => ({
  candidates: (await machineNames()).map((name) => ({ word: `${name}:` })),
  takesFiles: true,
});

const drivers: Source = async ({ providers }) =>
  candidatesOf((await providers()).flatMap(({ id, aliases }) => [id, ...aliases]));

const filters: Source = async (choices, typed) => {
  const [key = ""] = typed.split("=");
  const values = typed.includes("=") ? await filterValues(choices, key) : undefined;
  return candidatesOf(
    values?.map((value) => `${key}=${value}`) ?? filterKeys.map((one) => `${one}=`),
  );
};

async function filterValues(choices: Choices, key: string): Promise<readonly string[]> {
  switch (key.toLowerCase()) {
    case "name":
    case "swarm":
      return choices.machineNames();
    case "driver":
      return (await drivers(choices, "")).candidates.map(({ word }) => word);
    case "state":
      return statuses;
    default:
      return [];
  }
}

const byName: ReadonlyMap<string, Source> = new Map([
  ["name", machines],
  ["names", machines],
  ["image", machines],
  ["sources", files],
  ["locations", locations],
  ["places", locations],
  ["command", ({ commandNames }) => candidatesOf(commandNames)],
  ["PROVIDER", drivers],
  ["SHELL", () => candidatesOf(documentedShellNames)],
  ["FILTER", filters],
  ["FILE", files],
  ["FOLDER", files],
  ["FOLDER[:GUEST][:ro]", files],
  ["folders", files],
  ["PATH", files],
  ["new.json", files],
  ["old.json", files],
  ["report.json", files],
  ["file", files],
]);
