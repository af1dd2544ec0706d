import type { Command } from "commander";
import { listMachineNames } from "../../store/machines.ts";
import type { ProcessParts } from "../cli.ts";
import { readGlobalOptions } from "../flags/global-options.ts";
import { renderCompletion } from "./candidate.ts";
import { complete } from "./complete.ts";
import { createValueSources } from "./value-sources.ts";

interface Asked {
  readonly program: Command;
  readonly parts: ProcessParts;
  /** Undefined for what is no command of the table, such as help. */
  loadCommand(name: string): Promise<Command> | undefined;
}

/** Prints what may stand where the last of these words is. Asks no machine: shells wait for the answer. */
export async function answerCompletion(
  words: readonly string[],
  { program, parts, loadCommand }: Asked,
): Promise<void> {
  const completion = await complete(words, {
    program,
    environment: parts.environment,
    async load(stub, before) {
      // Such as the store's path, which decides which machines there are.
      program.parseOptions([...before]);
      return (await loadCommand(stub.name())) ?? stub;
    },
    sources: () =>
      createValueSources({
        commandNames: program.commands.map((command) => command.name()),
        machineNames: () => listMachineNames(readGlobalOptions(program, parts).storagePath),
        providers: async () => (await import("../providers.ts")).createProviders(parts),
      }),
  });
  parts.output.stdout.write(renderCompletion(completion));
}
