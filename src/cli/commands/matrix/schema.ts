import { Command } from "commander";
import { matrixJsonSchema } from "../../../matrix/definition/json-schema.ts";
import { reportJsonSchema } from "../../../matrix/report/json-schema.ts";
import type { CommandFactory } from "../../cli.ts";
import { printJson } from "../../output/output.ts";

export const schemaCommand: CommandFactory = (cli) =>
  new Command("schema")
    .description("Print the JSON schema of matrix.yaml, for editors; or that of a report.")
    .option("--report", "that of what `matrix run --json` writes")
    .action(({ report }: { report?: boolean }) =>
      printJson(cli.output, report ? reportJsonSchema() : matrixJsonSchema()),
    );
