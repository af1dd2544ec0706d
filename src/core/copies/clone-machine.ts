import { randomUUID } from "node:crypto";
import { stat } from "node:fs/promises";
import { TsmachineError } from "../../errors/tsmachine-error.ts";
import { copySparse } from "../../host/files/copy-sparse.ts";
import { parseMachineName } from "../../store/machine-name.ts";
import { machineExists } from "../../store/machines.ts";
import type { MachineRecord } from "../../store/record.ts";
import { type Context, findProvider, operationFor } from "../context.ts";
import { planDockerContext } from "../docker-contexts/docker-contexts.ts";
import { withImagesInUse } from "../images/images-in-use.ts";
import { authorityFor } from "../machine/given-authority.ts";
import { createIdentity } from "../machine/identity.ts";
import { creationStages } from "../machine/journal.ts";
import { requireFreeName } from "../machine/make-room.ts";
import { withMachineLock } from "../machine/with-machine-lock.ts";
import { carriedRecord } from "./carried-record.ts";
import { makeCopy, type NewCopy } from "./make-copy.ts";
import { openPortable, type PortableMachine, replanOf } from "./require-portable.ts";

export interface CloneRequest {
  /** The machine to copy, which is off. */
  readonly source: string;
  /** The new machine's. */
  readonly name: string;
}

/**
 * Makes a copy of a machine that is another one to everybody: its keys, certificates, ids and ports are its own, its
 * images, containers and volumes are those of the source. It is off. What an earlier, killed clone of this name left is
 * removed first; the source is only read, and locked meanwhile.
 * @throws TsmachineError NAME_INVALID, MACHINE_EXISTS, INVALID_INPUT; those of openPortable, Provider.replan and authorityFor
 */
export async function cloneMachine(
  context: Context,
  { source, name }: CloneRequest,
): Promise<MachineRecord> {
  parseMachineName(name);
  requireOtherName({ source, name });
  return withBothLocks(context, [source, name], async () => {
    await requireFreeName(context, name);
    const machine = await openPortable(context, source, "cloned");
    return withImagesInUse(context, async () =>
      makeCopy(context, await planClone(context, machine, name)),
    );
  });
}

/** Where file systems know no case, both would have the same lock, and one wait for the other. */
function requireOtherName({ source, name }: CloneRequest): void {
  if (source === name) throw machineExists(name);
  if (source.toLowerCase() !== name.toLowerCase()) return;
  throw new TsmachineError(
    "INVALID_INPUT",
    `"${name}" and "${source}" are the same name to some file systems`,
    {
      hints: [`choose a name that is another one in small letters, such as ${name}-2`],
    },
  );
}

/** In an order that two commands have in common, so that neither waits for the other. */
function withBothLocks<T>(
  context: Context,
  names: readonly string[],
  action: () => Promise<T>,
): Promise<T> {
  return names
    .toSorted()
    .reduceRight((inner, name) => () => withMachineLock(context, name, inner), action)();
}

async function planClone(
  context: Context,
  { record: former, portable }: PortableMachine,
  name: string,
): Promise<NewCopy> {
  const { store, signal } = context;
  const { architecture, provider, tlsFiles } = former;
  const replan = replanOf(await findProvider(context, provider.id));
  const { directory } = store.machineLayout(name);
  const spec = { name, architecture, directory, origin: "this host" } as const;
  const planned = await replan(provider.record, spec, operationFor(context));
  const formerFiles = await store.readMachineFiles(former.name);
  const authorityFiles = await authorityFor(context, former, formerFiles);
  const { files, sshHostPublicKey } = await createIdentity(name, authorityFiles);
  const { imageLocks, trustedAuthorities } = formerFiles;
  const dockerContext =
    former.dockerContext === undefined ? undefined : await planDockerContext(context, name);
  const { isProtected: _, ...carried } = carriedRecord(former);
  const { size } = await stat(portable.disk);
  return {
    record: {
      ...carried,
      ...{ name, phase: "creating", stage: creationStages[0], identity: randomUUID() },
      createdAt: context.now().toISOString(),
      provider: { ...provider, record: planned },
      ...(tlsFiles !== undefined && { tlsFiles }),
      ...(dockerContext !== undefined && { dockerContext }),
      sshHostKey: sshHostPublicKey,
    },
    files: {
      ...files,
      ...(imageLocks !== undefined && { imageLocks }),
      ...(trustedAuthorities !== undefined && { trustedAuthorities }),
    },
    title: `Copying the disk of "${former.name}"`,
    writeDisk: (path, step) =>
      copySparse(portable.disk, path, {
        signal,
        onProgress: (share) => step.bytes({ received: Math.round(share * size), total: size }),
      }),
  };
}
