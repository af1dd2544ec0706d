import { Command } from "commander";
import type { Context } from "../../../core/context.ts";
import { findFolders, findImages } from "../../../core/images/inspect.ts";
import type { VerifiedImage, VerifyTarget } from "../../../core/images/verify.ts";
import { TsmachineError } from "../../../errors/tsmachine-error.ts";
import { type ImageFolder, listImageFolders } from "../../../iso/images/cache/image-cache.ts";
import type { ImageLocks } from "../../../iso/images/lock-file.ts";
import type { Cli, CommandFactory } from "../../cli.ts";
import { addSourceFlags, type SourceFlags } from "../../flags/image-flags.ts";
import { addLockFlag, type LockFlag, readLockFile } from "../../flags/lock-flag.ts";
import { printJson } from "../../output/output.ts";
import { type Column, printTable } from "../../output/table.ts";

interface VerifyFlags extends LockFlag, SourceFlags {
  readonly all?: boolean;
  readonly rebuild?: boolean;
  readonly json?: boolean;
}

export const verifyCommand: CommandFactory = (cli) => {
  const command = new Command("verify")
    .description("Check images against what was built of which lock; ends with 1 when one differs.")
    .argument("[keys...]", "images; those of the lock, or else those that `create` uses")
    .option("--all", "all images in the cache");
  addLockFlag(command, "what they must be made of, as `iso inspect --lock` has printed it")
    .option("--rebuild", "make them again of the lock, and compare")
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
  const locks = flags.lock === undefined ? undefined : await readLockFile(flags.lock);
  const images = await cli.withContext(
    async (context) =>
      verifyImages(context, await targets(context, { keys, locks, all: flags.all }), {
        how: flags.rebuild ? "rebuild" : "hash",
      }),
    flags,
  );
  if (flags.json) printJson(cli.output, images);
  else await printTable(cli.output, columns, images);
  if (images.some(({ problems }) => problems.length > 0)) cli.endWith(1);
}

interface Choice {
  readonly keys: readonly string[];
  readonly locks: ImageLocks | undefined;
  readonly all: boolean | undefined;
}

async function targets(
  context: Context,
  { keys, locks, all }: Choice,
): Promise<readonly VerifyTarget[]> {
  if (locks !== undefined && keys.length === 0) {
    const { targetsOf } = await import("../../../core/images/verify.ts");
    return targetsOf(context, locks);
  }
  const folders = await foldersOf(context, keys, all);
  if (locks === undefined) return folders.map((folder) => ({ folder }));
  return folders.map((folder) => ({ folder, lock: locks[folder.kind] ?? refuseKind(folder) }));
}

async function foldersOf(
  context: Context,
  keys: readonly string[],
  all = false,
): Promise<readonly ImageFolder[]> {
  if (all) return listImageFolders(context.store.layout.cache);
  if (keys.length > 0) return findFolders(context, keys);
  const standard = await findImages(context, undefined);
  return findFolders(
    context,
    standard.map(({ manifest }) => manifest.key),
  );
}

function refuseKind({ kind, key }: ImageFolder): never {
  throw new TsmachineError("INVALID_INPUT", `the lock file has no lock for ${kind} image ${key}`, {
    hints: [`leave out ${key}, or give a lock file with a lock of the kind "${kind}"`],
  });
}

const columns: readonly Column<VerifiedImage>[] = [
  { header: "kind", cell: ({ kind }) => kind },
  { header: "version", cell: ({ version }) => version ?? "-" },
  { header: "key", cell: ({ key }) => key },
  {
    header: "cached",
    cell: ({ ingredients }) => (ingredients ? `${ingredients.cached}/${ingredients.locked}` : "-"),
  },
  {
    header: "result",
    cell: ({ problems }) =>
      problems.length === 0
        ? "ok"
        : problems.map(({ file, problem }) => `${file} ${problem}`).join("; "),
  },
];
