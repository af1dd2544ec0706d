import type { Command } from "commander";
import * as z from "zod";
import { type FlagSource, type FlagSpec, flagSpecs } from "./flag-specs.ts";
import { providerOptionsFrom, refuseForeignFlags } from "./provider-flags.ts";

/**
 * Flags of docker-machine's drivers for what its successors leave no choice in, so that scripts which
 * give them go on working. What would change how the machine is reached, or what it is, is refused;
 * what changes only how it is run is warned of.
 */
const qemuFlags: FlagSource = {
  prefixes: ["qemu"],
  options: z.object({
    network: z
      .enum(["user"], { error: 'machines are reached through ports of this host: "user"' })
      .optional()
      .meta({
        flag: "network",
        valueName: "VALUE",
        description: 'only "user", QEMU\'s own network',
      }),
    sshUser: z
      .enum(["docker"], { error: 'machines have the user "docker" alone' })
      .optional()
      .meta({
        flag: "ssh-user",
        valueName: "VALUE",
        description: 'only "docker", the user to log in as',
      }),
    nographic: z.boolean().optional().meta({ flag: "nographic", description: "open no window" }),
    virtioDrives: z
      .boolean()
      .optional()
      .meta({ flag: "virtio-drives", description: "attach disks through virtio" }),
    ...unused("display", z.boolean()),
    ...unused("display-type", z.string()),
    ...unused("boot2docker-url", z.string()),
    ...unused("cache-mode", z.string()),
    ...unused("io-mode", z.string()),
  }),
};

const virtualBoxFlags: FlagSource = {
  prefixes: ["virtualbox"],
  options: z.object({
    ...unused("boot2docker-url", z.string()),
    importBoot2dockerVm: z
      .string()
      .refine(() => false, { error: "disks of other machines cannot be taken over" })
      .optional()
      .meta({
        flag: "import-boot2docker-vm",
        env: "VIRTUALBOX_BOOT2DOCKER_IMPORT_VM",
        description: "refused: disks are not taken over",
      }),
  }),
};

const hyperVFlags: FlagSource = {
  prefixes: ["hyperv"],
  options: z.object(unused("boot2docker-url", z.string())),
};

export const driverFlags: readonly FlagSource[] = [qemuFlags, virtualBoxFlags, hyperVFlags];

function unused<Type extends z.ZodType>(flag: string, type: Type) {
  return { [flag]: type.optional().meta({ flag, description: "accepted and not used" }) };
}

/** Why a flag is not used, by its field. */
const reasons: Readonly<Record<string, string>> = {
  display: "machines open no window",
  "display-type": "machines open no window",
  "boot2docker-url": "machines boot images that are made on this host",
  "cache-mode": "machines choose it themselves",
  "io-mode": "machines choose it themselves",
};

/**
 * What to warn the user of who creates a machine with this driver.
 * @throws TsmachineError INVALID_INPUT when a flag asks for what machines cannot have, or is given for
 *   another driver
 */
export function readDriverFlags(
  command: Command,
  driver: string,
  environment: Readonly<Record<string, string | undefined>>,
): readonly string[] {
  return driverFlags.flatMap((source) => {
    if (!source.prefixes.includes(driver)) {
      refuseForeignFlags(command, [source]);
      return [];
    }
    const given = providerOptionsFrom(command, source, environment);
    return flagSpecs(source).flatMap((spec) => warningsOf(spec, given[spec.field]));
  });
}

function warningsOf({ field, long }: FlagSpec, value: unknown): readonly string[] {
  const reason = reasons[field];
  return reason === undefined || value === undefined || value === false
    ? []
    : [`${long} is not used: ${reason}`];
}
