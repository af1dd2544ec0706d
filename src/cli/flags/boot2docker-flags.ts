import { resolve } from "node:path";
import type { Command } from "commander";
import { TsmachineError } from "../../errors/tsmachine-error.ts";

/** The flags for the ISO that docker-machine boots, as commander gives them. */
export interface Boot2dockerFlags {
  readonly boot2docker?: boolean;
  readonly output?: string;
  readonly force?: boolean;
}

export function addBoot2dockerFlags(command: Command): Command {
  return command
    .option("--boot2docker", "also write the images as one ISO that docker-machine can boot")
    .option("-o, --output <FILE>", 'that ISO; "boot2docker.iso" unless given')
    .option("-f, --force", "overwrite that file");
}

/**
 * The path of the ISO, if one is wanted.
 * @throws TsmachineError INVALID_INPUT when a file is named for nothing.
 */
export function parseBoot2dockerFlags({
  boot2docker,
  output,
}: Boot2dockerFlags): string | undefined {
  if (boot2docker) return resolve(output ?? "boot2docker.iso");
  if (output === undefined) return undefined;
  throw new TsmachineError("INVALID_INPUT", "--output is for --boot2docker", {
    hints: ["give --boot2docker too, or leave --output out"],
  });
}
