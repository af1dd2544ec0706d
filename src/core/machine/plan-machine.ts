import { bootCommandLine } from "../../iso/recipes/command-line.ts";
import type { Provider } from "../../providers/provider.ts";
import type { MachineFiles } from "../../store/machine-files.ts";
import { currentSchemaVersion, type MachineRecord } from "../../store/record.ts";
import { type Context, operationFor } from "../context.ts";
import { planDockerContext } from "../docker-contexts/docker-contexts.ts";
import { imageLocksOf, provideImages } from "../images/images.ts";
import { provideLockedPair } from "../images/locked-images.ts";
import { requireFittingPair } from "../images/require-fitting-pair.ts";
import { inFlavour } from "../images/selection.ts";
import { resolveShares } from "../sharing/resolve-shares.ts";
import type { CreateRequest } from "./create.ts";
import { authorityFor } from "./given-authority.ts";
import { createIdentity } from "./identity.ts";
import { creationStages } from "./journal.ts";

export interface PlannedMachine {
  readonly record: MachineRecord;
  readonly files: MachineFiles;
}

/**
 * All that a new machine's record and folder will hold. Changes nothing but the cache of images and
 * the store's authority. To be called while images are in use.
 * @throws TsmachineError those of provideImages, provideLockedPair, requireFittingPair, authorityFor,
 *   Provider.plan
 */
export async function planMachine(
  context: Context,
  provider: Provider,
  request: CreateRequest,
): Promise<PlannedMachine> {
  const { templates } = context;
  const { name } = request;
  const folders = request.folders && (await resolveShares(request.folders));
  const { kernelFlavour = "cloud" } = provider.capabilities;
  const { providerOptions } = request;
  const flavour = await provider.flavourFor?.({ folders }, providerOptions, operationFor(context));
  const selection = inFlavour(request.images, flavour ?? kernelFlavour);
  const images = await (request.locks === undefined
    ? provideImages(context, { ...selection, freshness: "cached" })
    : provideLockedPair(context, request.locks));
  const { architecture } = images.boot.manifest.lock;
  await requireFittingPair(context, images.boot, images.engine);
  return context.progress.step("Making keys and certificates", async (step) => {
    const { files, sshHostPublicKey } = await createIdentity(
      name,
      await authorityFor(context, request),
    );
    const operation = operationFor(context, step);
    const { directory } = context.store.machineLayout(name);
    const spec = { name, architecture, directory, folders };
    const dockerContext = request.registersContext
      ? await planDockerContext(context, name)
      : undefined;
    const planned = await provider.plan(spec, request.providerOptions, operation);
    const record: MachineRecord = {
      schemaVersion: currentSchemaVersion,
      name,
      phase: "creating",
      stage: creationStages[0],
      createdAt: context.now().toISOString(),
      architecture,
      provider: {
        id: provider.id,
        ...(request.providerId !== provider.id && { givenId: request.providerId }),
        record: planned,
        options: request.providerOptions,
      },
      images: {
        boot: images.boot.manifest.key,
        engine: images.engine.manifest.key,
        commandLine: [
          await bootCommandLine(templates, architecture),
          ...(request.kernelArguments ?? []),
        ].join(" "),
      },
      engine: request.engine,
      ...(request.user !== undefined && { user: request.user }),
      ...(request.cell !== undefined && { cell: request.cell }),
      ...(request.workload !== undefined && { workload: request.workload }),
      ...(request.swarm !== undefined && { swarm: request.swarm }),
      tlsSans: [...request.tlsSans],
      ...(request.isProtected && { isProtected: true as const }),
      ...(request.publishAddress !== undefined && { publishAddress: request.publishAddress }),
      ...(dockerContext !== undefined && { dockerContext }),
      ...(request.tlsFiles !== undefined && { tlsFiles: request.tlsFiles }),
      sshHostKey: sshHostPublicKey,
    };
    const { authorities } = request;
    return {
      record,
      files: {
        ...{ ...files, imageLocks: imageLocksOf(images) },
        ...(authorities && { trustedAuthorities: authorities }),
      },
    };
  });
}
