import type { Command, Option } from "commander";
import { booleanOf } from "./flag-value.ts";

/**
 * The words of a command line with the command's flags as commander takes them. Go's flag package, and
 * so docker-machine, takes them in other forms too: `-driver none`, `-d=none`, `--force=true`, and
 * `--force=false` for no flag. All other words, and those behind a subcommand, stay as they are.
 * Source: https://pkg.go.dev/flag#hdr-Command_line_flag_syntax
 */
export function readGoFlags({ commands, options }: Command, words: readonly string[]): string[] {
  const read: string[] = [];
  let position = 0;
  while (position < words.length) {
    const word = words[position] ?? "";
    if (word === "--" || (commands.length > 0 && !word.startsWith("-"))) break;
    const flag = findFlag(options, word);
    // The next word is the flag's value, whatever it looks like.
    const length = flag?.value === undefined && flag?.option.required ? 2 : 1;
    const [, ...value] = words.slice(position, position + length);
    read.push(...(flag === undefined ? [word] : writeFlag(flag)), ...value);
    position += length;
  }
  return [...read, ...words.slice(position)];
}

interface Flag {
  /** As given: "-driver=none". */
  readonly word: string;
  /** "-d" or "--driver" */
  readonly name: string;
  readonly value: string | undefined;
  readonly option: Option;
}

function findFlag(options: readonly Option[], word: string): Flag | undefined {
  const [, given = "", value] = /^(--?[^-=][^=]*)(?:=(.*))?$/s.exec(word) ?? [];
  for (const name of [given, `-${given}`]) {
    const option = options.find(({ short, long }) => name === short || name === long);
    if (option !== undefined) return { word, name, value, option };
  }
  return undefined;
}

function writeFlag({ word, name, value, option }: Flag): string[] {
  if (value === undefined) return [name];
  if (option.required) return [`${option.long ?? name}=${value}`];
  switch (booleanOf(value)) {
    case true:
      return [name];
    case false:
      return [];
    case undefined:
      return [word];
  }
}
