import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { chunksOf } from "../../../bytes/content.ts";
import { writeCpio } from "../../../bytes/cpio.ts";
import type { FileTree } from "../../../bytes/file-tree.ts";
import type { Architecture } from "../../../host/architecture.ts";
import { parseKernelChoice, selectKernel } from "../../offers/kernel-choice.ts";
import { type BootRecipe, bootRecipeSchema, digestOf, readRecipe } from "../../recipes/recipe.ts";
import { describeTree, readTemplateFolder } from "../../recipes/template-folder.ts";
import { bootImageNames } from "../cache/image-files.ts";
import type {
  BuiltImage,
  ImageChoice,
  ImageDesign,
  ImageReport,
  Ingredients,
} from "../image-design.ts";
import { timeOf } from "../image-lock.ts";
import type { KernelWish } from "../kernel/kernel-wish.ts";
import { unpackKernelInputs } from "../kernel/unpack-kernel.ts";
import { openWithUpdates } from "../open-with-updates.ts";
import type { PackageSource } from "../package-source.ts";
import { textFile, unpackPackages } from "../package-tree.ts";
import { writeBootIso } from "./boot-iso.ts";
import { isOfBootLoader } from "./boot-loaders.ts";
import { initramfsTree } from "./initramfs.ts";
import { isOfKernel, packagedKernel } from "./kernel-files.ts";
import { packKernel } from "./pack-kernel.ts";

/** Raised when the code that makes the image changes what it makes. */
const revision = 4;

export interface BootImageWish {
  readonly architecture: Architecture;
  readonly kernel: KernelWish;
}

/**
 * The boot image: a kernel with the modules that the machine needs, and its first process.
 * @param templates the folder templates/
 */
export async function bootImageDesign(
  templates: string,
  { architecture, kernel }: BootImageWish,
): Promise<ImageDesign> {
  const recipe = await readRecipe(templates, "boot", bootRecipeSchema);
  const overlay = await readTemplateFolder(join(templates, "guest", "initramfs"));
  return {
    ...{ kind: "boot", architecture, wish: kernel },
    templates: digestOf(revision, recipe, describeTree(overlay)),
    choose: (source, report) => choose(recipe, { architecture, kernel }, { source, report }),
    build: (ingredients) => build({ recipe, overlay }, ingredients),
  };
}

async function build(
  { recipe, overlay }: { recipe: BootRecipe; overlay: FileTree },
  ingredients: Ingredients,
): Promise<BuiltImage> {
  const { lock, folder, report, signal } = ingredients;
  const { architecture } = lock;
  const packaged = await unpackPackages(ingredients, isNeeded);
  await unpackKernelInputs(packaged, ingredients, isNeeded);
  const kernel = await packagedKernel(packaged);
  report.detail("writing the initramfs");
  const initramfs = await initramfsTree({ packaged, overlay, recipe, signal });
  const paths = {
    kernel: join(folder, bootImageNames.kernel),
    initramfs: join(folder, bootImageNames.initramfs),
    iso: join(folder, bootImageNames.iso),
  };
  await writeChunks(paths.kernel, chunksOf(await packKernel(kernel.image)));
  await writeChunks(paths.initramfs, writeCpio(initramfs));
  report.detail("writing the boot ISO");
  await writeBootIso({
    ...{ packaged, architecture, volumeId: "TSM_BOOT", time: timeOf(lock), signal },
    commandLine: recipe.architectures[architecture].commandLine,
    ...{ kernel: paths.kernel, initramfs: paths.initramfs, path: paths.iso },
    files: new Map([["lock.json", textFile(`${JSON.stringify(lock, undefined, 2)}\n`)]]),
  });
  const { kernel: kernelName, initramfs: initramfsName, iso, config } = bootImageNames;
  const files = [kernelName, initramfsName, iso];
  if (kernel.config === undefined) return { files, version: kernel.release };
  await writeChunks(join(folder, config), chunksOf(kernel.config));
  return { files: [...files, config], version: kernel.release };
}

/** The kernel is from whatever suite has it, the tools are from the recipe's. */
async function choose(
  recipe: BootRecipe,
  { architecture, kernel }: BootImageWish,
  { source, report }: { source: PackageSource; report: ImageReport },
): Promise<ImageChoice> {
  const { kernel: standardKernel, packages: tools } = recipe.architectures[architecture];
  const { without } = recipe;
  const wanted = { suite: recipe.suite, architecture };
  const own = await openWithUpdates(wanted, { source, report });
  switch (kernel.kind) {
    case "default": {
      const packages = own.resolve({ wanted: [standardKernel, ...tools], without });
      return { releases: own.releases, packages: [...packages], inputs: [] };
    }
    case "choice": {
      const offers = await source.listOffers(architecture, report);
      const offer = selectKernel(offers, parseKernelChoice(kernel.text));
      const other = await source.openArchive(offer.suite, architecture, report);
      const isOwn = own.releases.some(({ suite }) => suite === other.release.suite);
      return {
        releases: isOwn ? own.releases : [...own.releases, other.release],
        packages: [
          ...own.resolve({ wanted: tools, without }),
          ...other
            .resolve({ wanted: offer.packages, without: [...without, ...offer.without] })
            .map((wanted) => (isOwn ? wanted : { ...wanted, suite: other.release.suite })),
        ],
        inputs: [],
      };
    }
    case "files":
    case "packages":
      return {
        releases: own.releases,
        packages: [...own.resolve({ wanted: tools, without })],
        inputs: [...kernel.inputs],
      };
  }
}

function isNeeded(path: string): boolean {
  return isOfKernel(path) || isOfBootLoader(path) || path === "usr/bin/busybox";
}

/** On return the file survives a power failure. */
async function writeChunks(path: string, chunks: AsyncIterable<Uint8Array>): Promise<void> {
  const file = createWriteStream(path, { flags: "wx", mode: 0o600, flush: true });
  await pipeline(Readable.from(chunks), file);
}
