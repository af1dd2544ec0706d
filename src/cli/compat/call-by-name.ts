import { commandTable } from "../command-table.ts";

/**
 * The text with the commands in it as the user has to type them. Messages and hints are written with
 * the name tsmachine everywhere; whatever prints them puts the name in that the program was called by.
 * A tsmachine that no command or flag follows is the program itself, and one within a path or a longer
 * word is something else: both stay.
 */
export function callByName(programName: string, text: string): string {
  return programName === "docker-machine" ? text.replace(calls, programName) : text;
}

const commands = [...Object.keys(commandTable), "help", "COMMAND"].join("|");
const calls = new RegExp(`(?<![\\w./-])tsmachine(?= (?:--|(?:${commands})\\b))`, "g");
