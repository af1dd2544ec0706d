import { Command } from "commander";
import { describeContents, type ImageContents } from "../../../core/images/inspect.ts";
import { type ImageUse, readImageUses } from "../../../core/images/uses.ts";
import { type ImageFolder, listImageFolders } from "../../../iso/images/cache/image-cache.ts";
import type { CommandFactory } from "../../cli.ts";
import { printJson } from "../../output/output.ts";
import { type Column, printTable } from "../../output/table.ts";
import { contentColumns } from "./columns.ts";

export const lsCommand: CommandFactory = (cli) => {
  const command = new Command("ls")
    .description("List the images in the cache, and what they are needed for.")
    .option("--json", "print JSON");
  return command.action(async () => {
    const rows = await cli.withContext(
      async (context) => {
        const useOf = await readImageUses(context);
        const folders = await listImageFolders(context.store.layout.cache);
        return folders.map((folder) => ({ ...folder, ...useOf(folder.kind, folder.key) }));
      },
      { progress: "silent" },
    );
    if (command.opts<{ json?: boolean }>().json) printJson(cli.output, rows.map(forJson));
    else await printTable(cli.output, columns, rows);
  });
};

type Row = ImageFolder & ImageUse;

/** A damaged image has "problem" in place of its contents. */
function forJson({ kind, key, directory, image, isCurrent, machines }: Row) {
  const contents = image ? describeContents(image) : { kind, key, problem: damaged };
  return { ...contents, directory, isCurrent, machines };
}

const damaged = "image.json is missing or damaged";

const columns: readonly Column<Row>[] = [
  ...contentColumns.map((column) => ({
    header: column.header,
    cell: ({ image, kind, key }: Row) =>
      image ? column.cell(describeContents(image)) : ofDamaged(column, { kind, key }),
  })),
  { header: "current", cell: ({ isCurrent }) => (isCurrent ? "*" : "-") },
  { header: "machines", cell: ({ machines }) => machines.join(" ") },
];

function ofDamaged({ header }: Column<ImageContents>, { kind, key }: Pick<Row, "kind" | "key">) {
  switch (header) {
    case "kind":
      return kind;
    case "version":
      return "(damaged)";
    case "key":
      return key;
    default:
      return "-";
  }
}
