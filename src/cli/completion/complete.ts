import { type Command, CommanderError } from "commander";
import { type Completion, continuing, nothing } from "./candidate.ts";
import { type Cursor, findCursor } from "./cursor.ts";
import type { ValueSources } from "./value-sources.ts";

export interface CompletionWorld {
  /** The program, whose commands are known by name and summary alone. */
  readonly program: Command;
  /** Loads one of them with its options and arguments; `before` are the words ahead of its name. */
  load(stub: Command, before: readonly string[]): Promise<Command>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** What the values are by the names that help gives them; asked once the command is loaded. */
  sources(): ValueSources;
}

/** What may stand where the last of these words is, which follow the program's name. */
export async function complete(
  words: readonly string[],
  world: CompletionWorld,
): Promise<Completion> {
  let command = world.program;
  let cursor = findCursor(command, words);
  while (cursor.kind === "subcommand") {
    const before = words.slice(0, words.length - cursor.rest.length - 1);
    const isStub = cursor.command.parent === world.program;
    command = isStub ? await world.load(cursor.command, before) : cursor.command;
    cursor = findCursor(command, cursor.rest);
  }
  return completeAt(command, cursor, world);
}

async function completeAt(
  command: Command,
  cursor: Exclude<Cursor, { kind: "subcommand" }>,
  { environment, sources }: CompletionWorld,
): Promise<Completion> {
  switch (cursor.kind) {
    case "flag":
      takeValues(command, cursor.before, environment);
      return continuing(flagsOf(command), cursor);
    case "value":
      return continuing(await sources().ofOption(cursor.option, cursor.typed), cursor);
    case "operand": {
      const { argument, operands } = cursor;
      if (operands.length === 0 && command.commands.length > 0) {
        return continuing(subcommandsOf(command), cursor);
      }
      if (argument === undefined) return nothing;
      const { candidates, takesFiles } = await sources().ofArgument(argument, cursor.typed);
      const left = candidates.filter(({ word }) => !operands.includes(word));
      return continuing({ candidates: left, takesFiles }, cursor);
    }
  }
}

/** Flags that depend on others, as those of the driver do, are to be those of what is given. */
function takeValues(
  command: Command,
  words: readonly string[],
  environment: CompletionWorld["environment"],
): void {
  for (const option of command.options) {
    const value = option.envVar === undefined ? undefined : environment[option.envVar];
    if (value) command.setOptionValueWithSource(option.attributeName(), value, "env");
  }
  try {
    command.parseOptions([...words]);
  } catch (error) {
    // A value that is refused makes no difference to what else may follow.
    if (!(error instanceof CommanderError)) throw error;
  }
}

function flagsOf(command: Command): Completion {
  const options = command.createHelp().visibleOptions(command);
  const candidates = options.map(({ long, short, description }) => ({
    word: long ?? short ?? "",
    description,
  }));
  return { candidates, takesFiles: false };
}

function subcommandsOf(command: Command): Completion {
  const commands = command.createHelp().visibleCommands(command);
  const candidates = commands.map((one) => ({
    word: one.name(),
    description: one.summary() || one.description(),
  }));
  return { candidates, takesFiles: false };
}
