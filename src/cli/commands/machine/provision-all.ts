import type { Context } from "../../../core/context.ts";
import type { ProvisionOutcome } from "../../../core/machine/provision/provision.ts";
import type { Cli } from "../../cli.ts";
import { printJson } from "../../output/output.ts";
import { forEachMachine, machineNames } from "../names.ts";

export interface Provisioning {
  readonly isJson: boolean;
  readonly provision: (context: Context, name: string) => Promise<ProvisionOutcome>;
  readonly sentences: Readonly<Record<ProvisionOutcome, (name: string) => string>>;
}

/** Does it with all machines at once, and says for each what came of it, also when others fail. */
export async function provisionAll(
  cli: Cli,
  given: readonly string[],
  { isJson, provision, sentences }: Provisioning,
): Promise<void> {
  const { output } = cli;
  const outcomes = new Map<string, ProvisionOutcome>();
  const report = () => {
    const done = [...outcomes].sort(([a], [b]) => (a < b ? -1 : 1));
    if (isJson)
      printJson(
        output,
        done.map(([name, outcome]) => ({ name, outcome })),
      );
    else for (const [name, outcome] of done) output.stdout.write(`${sentences[outcome](name)}\n`);
  };
  try {
    await cli.withContext(async (context) =>
      forEachMachine(await machineNames(context, given), async (name) => {
        outcomes.set(name, await provision(context, name));
      }),
    );
  } catch (error) {
    if (outcomes.size > 0) report();
    throw error;
  }
  report();
}
