import { basename } from "node:path";
import { TsmachineError } from "../../../errors/tsmachine-error.ts";
import { chunksOfFile, keepInput } from "../cache/inputs.ts";
import type { LockedInput } from "../image-lock.ts";
import { kernelInputNames } from "./kernel-wish.ts";
import { findModuleFolder, packModules } from "./pack-modules.ts";

/** A kernel as its build leaves it. */
export interface KernelFiles {
  /** What `make bzImage` or `make Image` writes. */
  readonly image: string;
  /** Where `make modules_install` put the modules: INSTALL_MOD_PATH, or lib/modules/RELEASE below it. */
  readonly modules: string;
  /** The .config. */
  readonly config?: string | undefined;
}

/**
 * Keeps a kernel that somebody has built as inputs of an image.
 * @throws TsmachineError FILE_UNREADABLE; INVALID_INPUT when the folder has no modules of one kernel.
 */
export async function keepKernelFiles(
  { image, modules, config }: KernelFiles,
  cacheDirectory: string,
  signal: AbortSignal,
): Promise<readonly LockedInput[]> {
  const keepFile = async (name: string, path: string) =>
    keepInput(cacheDirectory, { name, chunks: await chunksOfFile(path) }, signal);
  const folder = await findModuleFolder(modules);
  const packed = { name: kernelInputNames.modules, chunks: packModules(folder) };
  return [
    await keepFile(kernelInputNames.image, image),
    await keepInput(cacheDirectory, packed, signal),
    ...(config === undefined ? [] : [await keepFile(kernelInputNames.config, config)]),
  ];
}

/**
 * Keeps packages from no archive as inputs, in the order of their names.
 * @throws TsmachineError FILE_UNREADABLE; INVALID_INPUT when a name is no package's, or given twice.
 */
export async function keepKernelPackages(
  paths: readonly string[],
  cacheDirectory: string,
  signal: AbortSignal,
): Promise<readonly LockedInput[]> {
  const inputs: LockedInput[] = [];
  const pathByName = new Map<string, string>();
  for (const path of paths) {
    const name = inputName(path);
    const former = pathByName.get(name);
    if (former !== undefined) throw sameName(former, path);
    pathByName.set(name, path);
  }
  for (const [name, path] of [...pathByName].sort()) {
    const chunks = await chunksOfFile(path);
    inputs.push(await keepInput(cacheDirectory, { name, chunks }, signal));
  }
  return inputs;
}

/** The file's name, without characters such as those that apt writes in place of a version's colon. */
function inputName(path: string): string {
  const name = basename(path).replaceAll(/[^A-Za-z0-9._+~-]/g, "_");
  if (/^[A-Za-z0-9].*\.deb$/.test(name)) return name;
  throw new TsmachineError("INVALID_INPUT", `${path} is not named as a Debian package is`, {
    hints: ["give --kernel-deb a file whose name begins with a letter and ends in .deb"],
  });
}

function sameName(former: string, path: string): TsmachineError {
  return new TsmachineError("INVALID_INPUT", `${former} and ${path} have the same name`, {
    hints: ["give each package of the kernel once"],
  });
}
