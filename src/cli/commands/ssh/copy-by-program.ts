import { join } from "node:path";
import type { SshTarget } from "../../../core/machine/ssh-target.ts";
import { TsmachineError } from "../../../errors/tsmachine-error.ts";
import { writeFileAtomic } from "../../../host/files/files.ts";
import { withTemporaryFolder } from "../../../host/files/temporary-folder.ts";
import { runAttached } from "../../../host/processes/run-attached.ts";
import type { ProgramCopy, ProgramPath } from "../../../ssh/copy-arguments.ts";
import { opensshConfig } from "../../../ssh/openssh-arguments.ts";
import type { Cli } from "../../cli.ts";
import type { Location } from "./location.ts";

export interface Copy {
  readonly from: Location;
  readonly to: Location;
  readonly recursive: boolean;
  readonly progress: "shown" | "silent";
  /** Of all machines that take part, by their names. */
  readonly targets: ReadonlyMap<string, SshTarget>;
}

export interface CopyProgram {
  readonly name: "rsync" | "scp";
  argumentsFor(copy: ProgramCopy): readonly string[];
}

/** Copies with scp or rsync, which show their own progress and word their own complaints. */
export async function copyByProgram(cli: Cli, program: CopyProgram, copy: Copy): Promise<void> {
  const { from, to, recursive, progress, targets } = copy;
  const status = await withTemporaryFolder(async (folder) => {
    const configPath = join(folder, "config");
    await writeFileAtomic(configPath, opensshConfig(targets));
    const paths = { configPath, from: programPath(from), to: programPath(to) };
    const args = program.argumentsFor({ ...paths, recursive, progress });
    return runAttached(program.name, args, { signal: cli.signal });
  });
  if (status === 0) return;
  throw new TsmachineError(
    "COPY_FAILED",
    `the copy is incomplete: ${program.name} ended with status ${status}`,
    { hints: ["mend what it says above and copy again: what could be copied is in place"] },
  );
}

function programPath(location: Location): ProgramPath {
  const { path } = location;
  if (location.kind === "local") return { machine: undefined, user: undefined, path };
  return { machine: location.machine, user: location.user, path };
}
