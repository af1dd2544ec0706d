import { resolve } from "node:path";
import { type Command, Option } from "commander";
import type { ImageSelection, KernelSelection } from "../../core/images/selection.ts";
import { TsmachineError } from "../../errors/tsmachine-error.ts";
import { type Architecture, architectureSchema } from "../../host/architecture.ts";

/** The flags that choose images, as commander gives them. */
export interface ImageFlags {
  readonly arch?: string;
  readonly kernel?: string;
  readonly kernelImage?: string;
  readonly kernelModules?: string;
  readonly kernelConfig?: string;
  readonly kernelDeb: readonly string[];
  readonly engineVersion?: string;
}

/** The flags that say where packages come from, as commander gives them. */
export interface SourceFlags {
  readonly mirror?: string;
  readonly allowExpired?: boolean;
}

export function addImageFlags(command: Command): Command {
  return command
    .addOption(
      new Option(
        "--arch <ARCHITECTURE>",
        "the machine's processor; this host's unless given",
      ).choices(architectureSchema.options),
    )
    .option(
      "--kernel <VERSION>",
      'one of `tsmachine kernel ls`: "6.1", "6.12-full", "6.12.107"; else the standard kernel',
    )
    .option("--kernel-image <FILE>", "a kernel of your own: the bzImage or Image")
    .option("--kernel-modules <FOLDER>", "its modules, as `make modules_install` leaves them")
    .option("--kernel-config <FILE>", "its .config, which tells what it lacks")
    .option(
      "--kernel-deb <FILE>",
      "a kernel of your own: its Debian package; repeatable",
      (value: string, former: readonly string[]) => [...former, value],
      [],
    )
    .option(
      "--engine-version <VERSION>",
      'one of `tsmachine engine ls`: "20.10", "28.5.2"; else the standard engine',
    );
}

export function addSourceFlags(command: Command): Command {
  return command
    .option("--mirror <URL>", "Debian mirror to take packages from")
    .option("--allow-expired", "also take packages of releases that have passed their Valid-Until");
}

/** @throws TsmachineError INVALID_INPUT when flags contradict or lack each other. */
export function parseImageFlags(flags: ImageFlags, host: Architecture): ImageSelection {
  const { arch, engineVersion } = flags;
  return {
    architecture: arch === undefined ? host : architectureSchema.parse(arch),
    kernel: parseKernelFlags(flags),
    engine:
      engineVersion === undefined ? { kind: "default" } : { kind: "choice", text: engineVersion },
  };
}

function parseKernelFlags(flags: ImageFlags): KernelSelection {
  const { kernel, kernelImage, kernelModules, kernelConfig, kernelDeb } = flags;
  const files = { kernelImage, kernelModules, kernelConfig };
  const isFiles = Object.values(files).some((value) => value !== undefined);
  const ways = [kernel !== undefined, isFiles, kernelDeb.length > 0].filter((given) => given);
  if (ways.length > 1) {
    throw new TsmachineError("INVALID_INPUT", "several kernels are given", {
      hints: ["give only one of --kernel, --kernel-image with --kernel-modules, and --kernel-deb"],
    });
  }
  if (kernel !== undefined) return { kind: "choice", text: kernel };
  if (kernelDeb.length > 0)
    return { kind: "packages", paths: kernelDeb.map((path) => resolve(path)) };
  if (!isFiles) return { kind: "default" };
  if (kernelImage === undefined || kernelModules === undefined) {
    throw new TsmachineError("INVALID_INPUT", "--kernel-image and --kernel-modules go together", {
      hints: ["give the kernel's file with --kernel-image and its modules with --kernel-modules"],
    });
  }
  const config = kernelConfig === undefined ? undefined : resolve(kernelConfig);
  return {
    kind: "files",
    files: { image: resolve(kernelImage), modules: resolve(kernelModules), config },
  };
}
