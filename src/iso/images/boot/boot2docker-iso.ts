import { mkdir, rm } from "node:fs/promises";
import { temporaryPathFor } from "../../../host/files/files.ts";
import { type BootRecipe, bootRecipeSchema, readRecipe } from "../../recipes/recipe.ts";
import { type CachedImage, filePath } from "../cache/image-cache.ts";
import { bootImageNames, engineImageName } from "../cache/image-files.ts";
import type { ImageReport } from "../image-design.ts";
import { type ImageLock, timeOf } from "../image-lock.ts";
import { formatLockFile } from "../lock-file.ts";
import type { PackageSource } from "../package-source.ts";
import { textFile, unpackPackages } from "../package-tree.ts";
import { wholeFile, writeBootIso } from "./boot-iso.ts";
import { isOfBootLoader } from "./boot-loaders.ts";

export interface Boot2dockerIsoOptions {
  readonly boot: CachedImage;
  readonly engine: CachedImage;
  /** The folder templates/. */
  readonly templates: string;
  /** Asked for the boot loaders' packages. */
  readonly source: PackageSource;
  /** The ISO to make or replace; mode 0600. */
  readonly path: string;
  readonly report: ImageReport;
  readonly signal: AbortSignal;
}

/**
 * Writes one ISO with kernel, userland and engine, which drivers of docker-machine boot in place of
 * boot2docker.iso: templates/guest/root/usr/lib/tsmachine/boot2docker is what they find. The same
 * two images give the same bytes.
 * @returns the volume identifier, in which docker-machine looks for the engine's version
 * @throws TsmachineError DOWNLOAD_FAILED when a package of the boot loaders is gone; the system's
 *   error; the signal's reason when aborted.
 */
export async function writeBoot2dockerIso(options: Boot2dockerIsoOptions): Promise<string> {
  const { boot, engine, templates, path, report, signal } = options;
  const locks = [boot.manifest.lock, engine.manifest.lock];
  const { architecture } = boot.manifest.lock;
  const recipe = readRecipe(templates, "boot", bootRecipeSchema);
  const volumeId = boot2dockerVolumeId(engine.manifest.version);
  const scratch = temporaryPathFor(path);
  await mkdir(scratch, { mode: 0o700 });
  try {
    const packages = await fetchBootLoaders(recipe, options);
    const packaged = await unpackPackages({ packages, scratch, report, signal }, isOfBootLoader);
    report.detail("writing the ISO");
    await writeBootIso({
      ...{ packaged, architecture, volumeId, path, signal },
      kernel: filePath(boot, bootImageNames.kernel),
      initramfs: filePath(boot, bootImageNames.initramfs),
      commandLine: `${recipe.architectures[architecture].commandLine} tsmachine.mode=boot2docker`,
      files: new Map([
        [engineImageName, await wholeFile(filePath(engine, engineImageName))],
        ["lock.json", textFile(formatLockFile(locks))],
      ]),
      time: newestOf(locks),
    });
    return volumeId;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** docker-machine 0.16.2 takes what follows "-v" in the 32 bytes at 0x8028 for the version. */
function boot2dockerVolumeId(engineVersion: string): string {
  return `TSMACHINE-v${engineVersion}`.slice(0, 32);
}

function fetchBootLoaders(recipe: BootRecipe, { boot, source, report }: Boot2dockerIsoOptions) {
  const { lock } = boot.manifest;
  const tools = recipe.architectures[lock.architecture].packages;
  const packages = lock.packages.filter(({ name }) => tools.includes(name));
  return source.fetch(
    { packages, date: timeOf(lock).toISOString() },
    ({ receivedBytes, totalBytes }) => report.bytes({ received: receivedBytes, total: totalBytes }),
  );
}

function newestOf(locks: readonly ImageLock[]): Date {
  return new Date(Math.max(...locks.map((lock) => timeOf(lock).getTime())));
}
