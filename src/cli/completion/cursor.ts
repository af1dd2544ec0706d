import type { Argument, Command, Option } from "commander";

/** What the last word of a command line is to its command. */
export type Cursor =
  /** Words of a subcommand, which goes on with `rest`. */
  | { readonly kind: "subcommand"; readonly command: Command; readonly rest: readonly string[] }
  /** The value of an option; `prefix` is what the word has before it, as "--driver=". */
  | {
      readonly kind: "value";
      readonly option: Option;
      readonly typed: string;
      readonly prefix: string;
    }
  | { readonly kind: "flag"; readonly typed: string; readonly before: readonly string[] }
  | {
      readonly kind: "operand";
      /** Undefined where the command takes no more. */
      readonly argument: Argument | undefined;
      readonly typed: string;
      /** The operands before it. */
      readonly operands: readonly string[];
    };

/**
 * Finds out what the last of these words, which may be empty, is to the command, by the options, the
 * arguments and the subcommands it has.
 */
export function findCursor(command: Command, words: readonly string[]): Cursor {
  const before = words.slice(0, -1);
  const typed = words.at(-1) ?? "";
  const operands: string[] = [];
  let awaiting: Option | undefined;
  let areOptionsOver = false;
  for (const [index, word] of before.entries()) {
    if (awaiting !== undefined) awaiting = undefined;
    else if (word === "--" && !areOptionsOver) areOptionsOver = true;
    else if (areOptionsOver || !word.startsWith("-")) {
      const subcommand = operands.length === 0 ? subcommandOf(command, word) : undefined;
      if (subcommand) {
        return { kind: "subcommand", command: subcommand, rest: words.slice(index + 1) };
      }
      operands.push(word);
    } else awaiting = optionAwaitingValue(command, word);
  }
  if (awaiting !== undefined) return { kind: "value", option: awaiting, typed, prefix: "" };
  if (!areOptionsOver && typed.startsWith("-")) return flagOrItsValue(command, typed, before);
  return { kind: "operand", argument: argumentAt(command, operands.length), typed, operands };
}

function subcommandOf(command: Command, word: string): Command | undefined {
  return command.commands.find((one) => one.name() === word);
}

/** The option whose value is the next word; "--name=value" has it already. */
function optionAwaitingValue(command: Command, word: string): Option | undefined {
  const option = command.options.find(({ long, short }) => word === long || word === short);
  return option?.required ? option : undefined;
}

function flagOrItsValue(command: Command, typed: string, before: readonly string[]): Cursor {
  const [, prefix, value] = /^((?:--[^=]+)=)(.*)$/s.exec(typed) ?? [];
  const option = command.options.find(({ long }) => prefix === `${long}=`);
  if (option === undefined || prefix === undefined || value === undefined) {
    return { kind: "flag", typed, before };
  }
  return { kind: "value", option, typed: value, prefix };
}

function argumentAt({ registeredArguments }: Command, index: number): Argument | undefined {
  const last = registeredArguments.at(-1);
  return registeredArguments[index] ?? (last?.variadic ? last : undefined);
}
