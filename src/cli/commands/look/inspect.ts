import { Command } from "commander";
import * as z from "zod";
import { readStatus } from "../../../core/machine/look.ts";
import { openMachine } from "../../../core/machine/open-machine.ts";
import type { CommandFactory } from "../../cli.ts";
import { parseTemplate } from "../../templates/parse-template.ts";
import { renderTemplate } from "../../templates/render-template.ts";
import { machineName } from "../names.ts";
import { dockerMachineConfiguration } from "./docker-machine-configuration.ts";

interface InspectFlags {
  readonly format?: string;
}

export const inspectCommand: CommandFactory = (cli) => {
  const command = new Command()
    .description("Print all that is known of a machine, as JSON.")
    .argument("[name]", 'the machine; "default" when none is named')
    .option("-f, --format <TEMPLATE>", "Go template for it, such as {{json .Driver}}")
    .option("--json", "print JSON, which it does anyway");
  return command.action(async (given: string | undefined) => {
    const { format } = command.opts<InspectFlags>();
    const template = format ? parseTemplate(format) : undefined;
    await cli.withContext(
      async (context) => {
        const machine = await openMachine(context, await machineName(context, given));
        const { status, problem = "" } = await readStatus(context, machine);
        const known = {
          ...dockerMachineConfiguration(machine.record, context.store.layout),
          Status: status,
          Problem: problem,
          Record: machine.record,
          Files: machine.instance.files,
        };
        const text =
          template === undefined
            ? JSON.stringify(known, undefined, 4)
            : renderTemplate(template, z.json().parse(known));
        cli.output.stdout.write(`${text}\n`);
      },
      { progress: "silent" },
    );
  });
};
