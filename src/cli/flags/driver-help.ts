import { type Command, Help } from "commander";
import { type FlagSource, flagSpecs } from "./flag-specs.ts";

/**
 * Makes the help show, of all the providers' flags, those of the driver that the command line or the
 * environment names, under the name it is given there: `create -d qemu --help` has --qemu-memory.
 */
export function showFlagsOfDriver(command: Command, sources: readonly FlagSource[]): Command {
  const owners = ownersOfFlags(sources);
  return command.configureHelp({
    visibleOptions(shown) {
      const { driver = "" } = shown.opts<{ driver?: string }>();
      const isVisible = ({ long, hidden }: Command["options"][number]) =>
        owners.get(long ?? "")?.has(driver) ?? !hidden;
      const added = new Help().visibleOptions(shown);
      return [
        ...shown.options.filter(isVisible),
        // --help, which is none of the command's own.
        ...added.filter((option) => !shown.options.includes(option)),
      ];
    },
  });
}

/** The names of drivers that each flag belongs to: one, unless it has no name of a driver in it. */
function ownersOfFlags(sources: readonly FlagSource[]): Map<string, Set<string>> {
  const owners = new Map<string, Set<string>>();
  for (const { options, prefixes } of sources) {
    for (const prefix of prefixes) {
      for (const { long } of flagSpecs({ options, prefixes: [prefix] })) {
        owners.set(long, new Set([...(owners.get(long) ?? []), prefix]));
      }
    }
  }
  return owners;
}
