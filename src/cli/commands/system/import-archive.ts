import { importArchive } from "../../../core/copies/import-archive.ts";
import { TsmachineError } from "../../../errors/tsmachine-error.ts";
import type { Cli } from "../../cli.ts";
import { printJson } from "../../output/output.ts";

/** The flags of `import` that are for an archive, or have no meaning for one. */
export interface ArchiveFlags {
  readonly name?: string;
  readonly newImages?: boolean;
  readonly dryRun?: boolean;
  readonly sshHostKey?: string;
  readonly json?: boolean;
}

/** @throws TsmachineError INVALID_INPUT for words and flags that are for docker-machine's store alone. */
export async function takeArchive(
  cli: Cli,
  { path, names }: { readonly path: string; readonly names: readonly string[] },
  flags: ArchiveFlags,
): Promise<void> {
  requireNothingElse({ path, names }, flags);
  const { record, certificate, imagesToMake } = await cli.withContext(async (context) => {
    const images = flags.newImages ? "standard" : "own";
    const imported = await importArchive(context, { path, name: flags.name, images });
    if (imported.imagesToMake.length > 0) {
      context.warn(
        `this store lacks the ${imported.imagesToMake.join(" and the ")} image of "${imported.record.name}": its start makes it again, of packages that the mirror must still have; else import it with --new-images`,
      );
    }
    return imported;
  });
  const { name } = record;
  if (flags.json) {
    printJson(cli.output, { name, outcome: "imported", certificate, imagesToMake });
    return;
  }
  cli.output.stdout.write(
    `Machine "${name}" was imported. To start it, run: ${cli.programName} start ${name}\n`,
  );
}

/** @throws TsmachineError INVALID_INPUT */
export function refuseArchiveFlags({ name, newImages }: ArchiveFlags, path: string): void {
  const flag = name !== undefined ? "--name" : newImages ? "--new-images" : undefined;
  if (flag === undefined) return;
  throw new TsmachineError(
    "INVALID_INPUT",
    `${flag} is for an archive of \`tsmachine export\`, and ${path} is no file`,
    { hints: [`leave out ${flag}, or name the archive`] },
  );
}

function requireNothingElse(
  { path, names }: { readonly path: string; readonly names: readonly string[] },
  { dryRun, sshHostKey }: ArchiveFlags,
): void {
  const odd =
    names[0] ??
    (dryRun ? "--dry-run" : undefined) ??
    (sshHostKey === undefined ? undefined : "--ssh-host-key");
  if (odd === undefined) return;
  throw new TsmachineError(
    "INVALID_INPUT",
    `${odd} is for docker-machine's store, and ${path} is the archive of one machine`,
    { hints: [`give the archive alone: \`tsmachine import ${path}\``] },
  );
}
