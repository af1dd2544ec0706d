import { Command } from "commander";
import { engineUrl } from "../../../core/machine/look.ts";
import { TsmachineError } from "../../../errors/tsmachine-error.ts";
import type { Store } from "../../../store/open-store.ts";
import type { MachineRecord } from "../../../store/record.ts";
import type { CommandFactory } from "../../cli.ts";
import { printJson } from "../../output/output.ts";

export const activeCommand: CommandFactory = (cli) => {
  const command = new Command()
    .description("Print the machine that DOCKER_HOST points at.")
    .option("--json", "print JSON");
  return command.action(() =>
    cli.withContext(
      async ({ store }) => {
        const url = cli.environment.DOCKER_HOST ?? "";
        const active = (await readableRecords(store)).find(
          (record) => record.endpoint !== undefined && engineUrl(record) === url,
        );
        if (active === undefined) {
          throw new TsmachineError("NO_ACTIVE_MACHINE", "No active host found", {
            hints: [`point the environment at one: eval "$(${cli.programName} env NAME)"`],
          });
        }
        if (command.opts<{ json?: boolean }>().json)
          printJson(cli.output, { name: active.name, url });
        else cli.output.stdout.write(`${active.name}\n`);
      },
      { progress: "silent" },
    ),
  );
};

/** A damaged record is no reason not to find another machine. */
async function readableRecords(store: Store): Promise<MachineRecord[]> {
  const names = await store.listMachineNames();
  const read = await Promise.allSettled(names.map((name) => store.readMachine(name)));
  return read.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
}
