import { Command } from "commander";
import type { Context } from "../../../core/context.ts";
import { findFolders, findImages } from "../../../core/images/inspect.ts";
import type { VerifiedImage } from "../../../core/images/verify.ts";
import { TsmachineError } from "../../../errors/tsmachine-error.ts";
import { type ImageFolder, listImageFolders } from "../../../iso/images/cache/image-cache.ts";
import type { Cli, CommandFactory } from "../../cli.ts";
import { addSourceFlags, type SourceFlags } from "../../flags/image-flags.ts";
import { printJson } from "../../output/output.ts";
import { type Column, printTable } from "../../output/table.ts";

interface VerifyFlags extends SourceFlags {
  readonly all?: boolean;
  readonly rebuild?: boolean;
  readonly json?: boolean;
}

export const verifyCommand: CommandFactory = (cli) => {
  const command = new Command("verify")
    .description("Check images against what was built, byte by byte; ends with 1 when one differs.")
    .argument("[keys...]", "images; those that `create` uses unless given")
    .option("--all", "all images in the cache")
    .option("--rebuild", "make them again of their locks, and compare")
    .option("--json", "print JSON")
    .action((keys: string[]) => verify(cli, keys, command.opts<VerifyFlags>()));
  return addSourceFlags(command);
};

async function verify(cli: Cli, keys: readonly string[], flags: VerifyFlags): Promise<void> {
  if (flags.all && keys.length > 0) {
    throw new TsmachineError("INVALID_INPUT", "--all and keys of images are given", {
      hints: ["give either --all or the keys of some images"],
    });
  }
  const { verifyImages } = await import("../../../core/images/verify.ts");
  const images = await cli.withContext(
    async (context) =>
      verifyImages(context, await foldersOf(context, keys, flags), {
        how: flags.rebuild ? "rebuild" : "hash",
      }),
    flags,
  );
  if (flags.json) printJson(cli.output, images);
  else await printTable(cli.output, columns, images);
  if (images.some(({ problems }) => problems.length > 0)) cli.endWith(1);
}

async function foldersOf(
  context: Context,
  keys: readonly string[],
  { all }: VerifyFlags,
): Promise<readonly ImageFolder[]> {
  if (all) return listImageFolders(context.store.layout.cache);
  if (keys.length > 0) return findFolders(context, keys);
  const standard = await findImages(context, undefined);
  return findFolders(
    context,
    standard.map(({ manifest }) => manifest.key),
  );
}

const columns: readonly Column<VerifiedImage>[] = [
  { header: "kind", cell: ({ kind }) => kind },
  { header: "version", cell: ({ version }) => version ?? "-" },
  { header: "key", cell: ({ key }) => key },
  {
    header: "result",
    cell: ({ problems }) =>
      problems.length === 0
        ? "ok"
        : problems.map(({ file, problem }) => `${file} ${problem}`).join("; "),
  },
];
