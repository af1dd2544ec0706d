import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { TsmachineError } from "../../errors/tsmachine-error.ts";
import type { Architecture } from "../../host/architecture.ts";
import { makePrivateDirectory, temporaryPathFor } from "../../host/files/files.ts";
import { type ConfigReport, checkKernelConfig } from "../../iso/kernel/config/check-config.ts";
import { type KernelConfig, parseKernelConfig } from "../../iso/kernel/config/kernel-config.ts";
import { configPackage, readPackagedConfig } from "../../iso/kernel/config/packaged-config.ts";
import { readRequirements } from "../../iso/kernel/config/requirements.ts";
import { parseKernelChoice, selectKernel } from "../../iso/offers/kernel-choice.ts";
import type { KernelOffer } from "../../iso/offers/kernel-offers.ts";
import { bootRecipeSchema, readRecipe } from "../../iso/recipes/recipe.ts";
import type { Context } from "../context.ts";
import { withImagesInUse } from "../images/images-in-use.ts";
import type { Step } from "../progress.ts";

export type CheckedKernel =
  /** One that is offered: "6.12-full". */
  | { readonly kind: "choice"; readonly choice: string; readonly architecture: Architecture }
  /** Path of a .config, also compressed by gzip. */
  | { readonly kind: "file"; readonly path: string };

export interface KernelCheck extends ConfigReport {
  /** The kernel's release, or the file's path. */
  readonly kernel: string;
}

/**
 * What a container engine needs of that kernel and what of it there is. A kernel that is offered
 * is downloaded as far as its configuration needs.
 * @throws TsmachineError KERNEL_UNKNOWN, INVALID_INPUT, FILE_UNREADABLE, those of the archive
 */
export async function checkKernel(
  context: Context,
  kernel: CheckedKernel,
  engineVersion: string | undefined,
): Promise<KernelCheck> {
  const { name, config } = await readConfig(context, kernel);
  const { series } = config;
  if (series === undefined) throw withoutSeries(name);
  const table = await readRequirements(context.templates);
  return { kernel: name, ...checkKernelConfig(config, { series, engineVersion }, table) };
}

interface NamedConfig {
  readonly name: string;
  readonly config: KernelConfig;
}

async function readConfig(context: Context, kernel: CheckedKernel): Promise<NamedConfig> {
  if (kernel.kind === "file") {
    const text = await readConfigFile(kernel.path);
    return { name: kernel.path, config: parseKernelConfig(text, kernel.path) };
  }
  const { architecture } = kernel;
  const choice = parseKernelChoice(kernel.choice);
  const read = async (step: Step) => {
    const offer = selectKernel(await context.packageSource.listOffers(architecture, step), choice);
    return {
      name: offer.release,
      config: await readOfferedConfig(context, { offer, architecture, step }),
    };
  };
  return context.progress.step("Reading the kernel's configuration", (step) =>
    withImagesInUse(context, () => read(step)),
  );
}

async function readOfferedConfig(
  { packageSource, store, templates, signal }: Context,
  { offer, architecture, step }: { offer: KernelOffer; architecture: Architecture; step: Step },
): Promise<KernelConfig> {
  const name = configPackage(offer.packages);
  const { without } = readRecipe(templates, "boot", bootRecipeSchema);
  const archive = await packageSource.openArchive(offer.suite, architecture, step);
  const packages = archive
    .resolve({ wanted: [name], without: [...without, ...offer.without] })
    .filter((resolved) => resolved.name === name);
  const [fetched] = await packageSource.fetch(
    { packages, date: archive.release.date },
    ({ receivedBytes, totalBytes }) => step.bytes({ received: receivedBytes, total: totalBytes }),
  );
  if (fetched === undefined) throw new Error(`${name} was not fetched`);
  step.detail(`unpacking ${name}`);
  const { cache } = store.layout;
  await makePrivateDirectory(cache);
  const spoolPath = temporaryPathFor(join(cache, "config"));
  return readPackagedConfig({ path: fetched.path, release: offer.release, spoolPath, signal });
}

/** Larger than any configuration of a kernel by far. */
const maxConfigBytes = 16 << 20;

async function readConfigFile(path: string): Promise<string> {
  try {
    const bytes = await readFile(path);
    const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
    const plain = isGzip ? gunzipSync(bytes, { maxOutputLength: maxConfigBytes }) : bytes;
    return plain.toString("utf8");
  } catch (cause) {
    throw new TsmachineError("FILE_UNREADABLE", `${path} cannot be read`, {
      hints: ["give a file that you may read, such as /boot/config-$(uname -r)"],
      cause,
    });
  }
}

function withoutSeries(name: string): TsmachineError {
  return new TsmachineError("INVALID_INPUT", `${name} does not say which kernel it is of`, {
    hints: [
      'give the file with its first lines, such as "# Linux/x86 6.12.1 Kernel Configuration"',
    ],
  });
}
