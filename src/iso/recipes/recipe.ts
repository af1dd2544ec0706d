import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";

/** Permission bits in octal: "0755". */
const modeSchema = z
  .string()
  .regex(/^[0-7]{4}$/)
  .transform((octal) => Number.parseInt(octal, 8));

const bootArchitectureSchema = z.strictObject({
  /** For each flavour, the package that depends on its newest kernel. */
  kernel: z.strictObject({ cloud: z.string(), full: z.string() }),
  packages: z.array(z.string()),
  /** Names the serial port of the machines that providers make, among others. */
  commandLine: z.string(),
});

/**
 * Names of kernel modules, with all that they need. Kernels differ: what one has as a module
 * another has built in, calls otherwise or lacks; only what is indispensable must be there.
 */
const moduleListsSchema = z.strictObject({
  /** A kernel that has one of these neither as a module nor built in is refused. */
  indispensable: z.array(z.string()),
  /** Loaded before the engine image is looked for. */
  boot: z.array(z.string()),
  /** Loaded when a device is there that asks for them. */
  drivers: z.array(z.string()),
  /** Loaded while the rest comes up. */
  engine: z.array(z.string()),
  /** Loaded when the kernel, or somebody in the machine, asks for them. */
  onRequest: z.array(z.string()),
});

/** What goes into the boot ISO: a kernel, its modules and the first process. */
export const bootRecipeSchema = z.strictObject({
  suite: z.string(),
  architectures: z.strictObject({ amd64: bootArchitectureSchema, arm64: bootArchitectureSchema }),
  /** Packages that would be installed for a whole system and are not needed here. */
  without: z.array(z.string()),
  modules: moduleListsSchema,
  /** Names under which the initramfs has busybox. */
  applets: z.array(z.string()),
});
export type BootRecipe = z.infer<typeof bootRecipeSchema>;

/** What goes into the engine image: the whole root file system. Paths are relative to it. */
export const engineRecipeSchema = z.strictObject({
  /** Of the standard engine, and of the userland for engines from archives. */
  suite: z.string(),
  /** What Debian's own engines are made of; `package` is the one whose version is the engine's. */
  engine: z.strictObject({ package: z.string(), packages: z.array(z.string()) }),
  /** Libraries that an engine from an archive may want. */
  archive: z.strictObject({ packages: z.array(z.string()) }),
  /** The rest of the system, whatever the engine. */
  packages: z.array(z.string()),
  /** Taken where the suite has them, and the mirror has not lost them. */
  optional: z.array(z.string()),
  /** Packages of any suite that nothing pulls in. */
  without: z.array(z.string()),
  /** Paths of the packages that are left out; with a slash at the end, folders and all below. */
  leaveOut: z.array(z.string()),
  directories: z.record(z.string(), modeSchema),
  symlinks: z.record(z.string(), z.string()),
  /** Modes of files that come from the templates. */
  modes: z.record(z.string(), modeSchema),
  /** By folder, names under which busybox is there unless a package has that program. */
  applets: z.record(z.string(), z.array(z.string())),
});
export type EngineRecipe = z.infer<typeof engineRecipeSchema>;

/** Reads templates/recipes/NAME.json. */
export function readRecipe<T>(templates: string, name: "boot" | "engine", schema: z.ZodType<T>): T {
  return schema.parse(JSON.parse(readFileSync(join(templates, "recipes", `${name}.json`), "utf8")));
}

/** Lower-case hexadecimal SHA-256 over values in a form that does not depend on the host. */
export function digestOf(...values: readonly unknown[]): string {
  return createHash("sha256").update(JSON.stringify(values)).digest("hex");
}
