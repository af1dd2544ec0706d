import { TsmachineError } from "../../errors/tsmachine-error.ts";
import { findImage } from "../../iso/images/cache/image-cache.ts";
import { findInputs } from "../../iso/images/cache/inputs.ts";
import { type ImageKind, type ImageLock, keyOf } from "../../iso/images/image-lock.ts";
import { parseAllLocks } from "../../iso/images/lock-file.ts";
import { bootCommandLine } from "../../iso/recipes/command-line.ts";
import type { Capabilities } from "../../providers/provider.ts";
import type { MachineRecord, RecordedImages } from "../../store/record.ts";
import type { Context } from "../context.ts";
import { designFor, imageLocksOf, provideImages } from "../images/images.ts";
import { requireFittingPair } from "../images/require-fitting-pair.ts";
import { inFlavour } from "../images/selection.ts";

export interface ImagesToImport {
  readonly images: RecordedImages;
  /** Text of the machine's lock file. */
  readonly imageLocks: string;
  /** Those that this store does not have, and makes at the machine's next start. */
  readonly toMake: readonly ImageKind[];
}

const kinds = ["boot", "engine"] as const satisfies readonly ImageKind[];

/**
 * The images that the machine had. What this store does not have can be made again of the locks that came along.
 * @throws TsmachineError IMAGE_MISSING when one cannot, INPUT_MISSING, LOCK_INVALID
 */
export async function ownImages(
  context: Context,
  { name, architecture }: Pick<MachineRecord, "name" | "architecture">,
  {
    images,
    imageLocks = "",
  }: { readonly images: RecordedImages; readonly imageLocks?: string | undefined },
): Promise<ImagesToImport> {
  const { store, signal } = context;
  const { cache } = store.layout;
  const locks = imageLocks === "" ? [] : parseAllLocks(imageLocks, `the archive's lock file`);
  const toMake: ImageKind[] = [];
  for (const kind of kinds) {
    const key = images[kind];
    if ((await findImage(cache, kind, key)) !== undefined) continue;
    const { templates } = await designFor(context, { kind, architecture });
    const lock = locks.find((one) => isLockOf(one, { kind, key }));
    if (lock?.templates !== templates) throw missing(name, { kind, key });
    await findInputs(cache, lock.inputs, signal);
    toMake.push(kind);
  }
  return { images, imageLocks, toMake };
}

/** Those that `create` without flags would give such a machine. @throws TsmachineError as provideImages and requireFittingPair */
export async function standardImages(
  context: Context,
  { architecture }: Pick<MachineRecord, "architecture">,
  { kernelFlavour = "cloud" }: Capabilities,
): Promise<ImagesToImport> {
  const selection = inFlavour(
    { architecture, kernel: { kind: "default" }, engine: { kind: "default" } },
    kernelFlavour,
  );
  const provided = await provideImages(context, { ...selection, freshness: "cached" });
  await requireFittingPair(context, provided.boot, provided.engine);
  return {
    images: {
      boot: provided.boot.manifest.key,
      engine: provided.engine.manifest.key,
      commandLine: await bootCommandLine(context.templates, architecture),
    },
    imageLocks: imageLocksOf(provided),
    toMake: [],
  };
}

function isLockOf(
  lock: ImageLock,
  { kind, key }: { readonly kind: ImageKind; readonly key: string },
): boolean {
  return lock.kind === kind && keyOf(lock) === key;
}

function missing(
  name: string,
  { kind, key }: { readonly kind: ImageKind; readonly key: string },
): TsmachineError {
  return new TsmachineError(
    "IMAGE_MISSING",
    `machine "${name}" boots ${kind} image ${key}, which is not here, and which this version of tsmachine does not make`,
    {
      hints: [
        "give the machine this version's kernel and engine: `tsmachine import --new-images FILE`",
      ],
      context: { name, kind, key },
    },
  );
}
