import { readSshTarget, type SshTarget } from "../../../core/machine/ssh-target.ts";
import type { Cli } from "../../cli.ts";
import type { MachineLocation } from "./location.ts";

/** Milliseconds until our own client is logged in. */
export const loginTimeoutMs = 30_000;

/** The machines' ways in, by their names. @throws TsmachineError of readSshTarget */
export function readSshTargets(
  cli: Cli,
  names: readonly string[],
): Promise<ReadonlyMap<string, SshTarget>> {
  return cli.withContext(
    async (context) => {
      const read = async (name: string) => [name, await readSshTarget(context, name)] as const;
      return new Map(await Promise.all([...new Set(names)].map(read)));
    },
    { progress: "silent" },
  );
}

/** The way into the machine that the location names, as the user that it names. */
export function targetFor(
  { machine, user }: MachineLocation,
  targets: ReadonlyMap<string, SshTarget>,
): SshTarget {
  const target = targets.get(machine);
  if (target === undefined) throw new Error(`the way into machine ${machine} was not read`);
  return user === undefined ? target : { ...target, user };
}
