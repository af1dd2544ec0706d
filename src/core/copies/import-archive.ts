import { TsmachineError } from "../../errors/tsmachine-error.ts";
import type { ImageKind } from "../../iso/images/image-lock.ts";
import type { MachineFiles } from "../../store/machine-files.ts";
import { parseMachineName } from "../../store/machine-name.ts";
import type { MachineRecord } from "../../store/record.ts";
import { defaultPublishAddress } from "../agent/published-ports.ts";
import { type Context, findProvider, operationFor } from "../context.ts";
import { planDockerContext } from "../docker-contexts/docker-contexts.ts";
import { withImagesInUse } from "../images/images-in-use.ts";
import { addressToCertify } from "../machine/endpoint/dynamic.ts";
import { authorityFor } from "../machine/given-authority.ts";
import { serverBundleFor } from "../machine/identity.ts";
import { creationStages } from "../machine/journal.ts";
import { requireFreeName } from "../machine/make-room.ts";
import { openRecord } from "../machine/open-machine.ts";
import { withMachineLock } from "../machine/with-machine-lock.ts";
import type { Step, Transfer } from "../progress.ts";
import { type OpenArchive, readArchive } from "./archive/read-archive.ts";
import { archivedFiles } from "./archived-files.ts";
import { type ArchivedRecord, explanation, parseArchivedRecord } from "./archived-record.ts";
import { type ImagesToImport, ownImages, standardImages } from "./images-to-import.ts";
import { makeCopy } from "./make-copy.ts";
import { replanOf } from "./require-portable.ts";

export interface ArchiveImport {
  /** Of the archive. */
  readonly path: string;
  /** What the machine is called here; as it was called unless given. */
  readonly name?: string | undefined;
  /** "standard": those that `create` would give it in place of the ones that it had. */
  readonly images: "own" | "standard";
}

export interface ImportedArchive {
  readonly record: MachineRecord;
  /** "renewed": the engine's is of this store's authority now. */
  readonly certificate: "kept" | "renewed";
  readonly imagesToMake: readonly ImageKind[];
}

/**
 * Makes the machine of an archive, which is off then. It is the same one: keys, engine and disk are what they were. Ids
 * and ports are new, and it takes the authority of this store. What is damaged or refused leaves nothing.
 * @throws TsmachineError IMPORT_INVALID, FILE_UNREADABLE, MACHINE_EXISTS, CAPABILITY_MISSING; those of Provider.replan and
 *   of ownImages or standardImages
 */
export function importArchive(context: Context, request: ArchiveImport): Promise<ImportedArchive> {
  const { path } = request;
  const { progress, signal } = context;
  return progress.step(`Importing ${path}`, (step) => {
    // How far it has come is shown beside what is being done: at last that is a part of this step.
    let shownBy = step;
    const report = { bytes: (transfer: Transfer) => shownBy.bytes(transfer) };
    const showBy = (part: Step) => {
      shownBy = part;
    };
    return readArchive({ path, report, signal }, async (archive) => {
      const archived = parseArchivedRecord(path, archive);
      const name = parseMachineName(request.name ?? archived.record.name);
      const importing = { archive, archived, name, request, showBy };
      return withMachineLock(context, name, async () => {
        await requireFree(context, importing);
        return withImagesInUse(context, () =>
          makeArchived({ ...context, progress: step }, importing),
        );
      });
    });
  });
}

interface Importing {
  readonly archive: OpenArchive;
  readonly archived: ArchivedRecord;
  /** The machine's, here. */
  readonly name: string;
  readonly request: ArchiveImport;
  showBy(part: Step): void;
}

async function requireFree(context: Context, { name, request }: Importing): Promise<void> {
  try {
    await requireFreeName(context, name);
  } catch (error) {
    if (!(error instanceof TsmachineError && error.code === "MACHINE_EXISTS")) throw error;
    const { code, message, context: where } = error;
    throw new TsmachineError(code, message, {
      hints: [
        `import it under another name with \`tsmachine import --name NEW-NAME ${request.path}\``,
        `remove the one that is there with \`tsmachine rm ${name}\``,
      ],
      ...{ context: where, cause: error },
    });
  }
}

async function makeArchived(context: Context, importing: Importing): Promise<ImportedArchive> {
  const { archive, archived } = importing;
  const { path } = importing.request;
  const planned = await planArchived(context, importing).catch((error: unknown) => {
    throw explanation(path, error);
  });
  const { publishAddress } = archived.record;
  if (!isLoopback(publishAddress)) {
    context.warn(
      `ports of "${importing.name}" were published on ${publishAddress} and are on ${defaultPublishAddress} now; a machine has another address from its creation on: \`tsmachine create --publish-address ${publishAddress} NAME\``,
    );
  }
  const { record, files, images, certificate } = planned;
  const made = await makeCopy(context, {
    ...{ record, files, title: "Writing the disk" },
    writeDisk: (to, part) => {
      importing.showBy(part);
      return archive.writeDisk(to);
    },
  });
  return { record: made, certificate, imagesToMake: images.toMake };
}

interface PlannedArchived extends Pick<ImportedArchive, "record" | "certificate"> {
  readonly files: MachineFiles;
  readonly images: ImagesToImport;
}

async function planArchived(context: Context, importing: Importing): Promise<PlannedArchived> {
  const { archive, archived, name, request } = importing;
  const { store } = context;
  const { architecture, provider: former } = archived.record;
  const provider = await findProvider(context, former.id);
  const replan = replanOf(provider);
  const images =
    request.images === "standard"
      ? await standardImages(context, { architecture }, provider.capabilities)
      : await ownImages(
          context,
          { name, architecture },
          { images: archived.images, imageLocks: archive.files.imageLocks },
        );
  const { directory } = store.machineLayout(name);
  const spec = { name, architecture, directory, origin: "elsewhere" } as const;
  const planned = await replan(former.record, spec, operationFor(context));
  const isContext = archived.hadContext && (await store.readConfig()).dockerContexts !== false;
  const dockerContext = isContext ? await planDockerContext(context, name) : undefined;
  const { publishAddress, ...carried } = archived.record;
  const record: MachineRecord = {
    ...carried,
    // Whoever has made the archive is not to open ports of this host to others.
    ...(publishAddress !== undefined && isLoopback(publishAddress) && { publishAddress }),
    ...{ name, phase: "creating", stage: creationStages[0], images: images.images },
    provider: { ...former, id: provider.id, record: planned, options: {} },
    ...(dockerContext !== undefined && { dockerContext }),
  };
  const { imageLocks } = images;
  const { files, certificate } = await filesFor(context, record, importing);
  const withLocks = imageLocks === "" ? files : { ...files, imageLocks };
  return { record, files: withLocks, images, certificate };
}

function isLoopback(address = defaultPublishAddress): boolean {
  return address.startsWith("127.");
}

/** Its own SSH keys, with the certificates of this store: its server's own one where that is of the same authority. */
async function filesFor(
  context: Context,
  record: MachineRecord,
  importing: Importing,
): Promise<Pick<PlannedArchived, "files" | "certificate">> {
  const { files: carried } = importing.archive;
  const own = await archivedFiles(importing.request.path, importing);
  const authorityFiles = await authorityFor(context, record);
  const { ca, certificate, key } = authorityFiles;
  const address = await addressToCertify(context, await openRecord(context, record));
  const bundle = await serverBundleFor(context, record, {
    address,
    files: carried,
    authorityFiles,
  });
  return {
    files: {
      ...{ ...own, ca, certificate, key },
      ...{ serverCertificate: bundle.certificate, serverKey: bundle.key },
    },
    certificate: bundle.certificate === carried.serverCertificate ? "kept" : "renewed",
  };
}
