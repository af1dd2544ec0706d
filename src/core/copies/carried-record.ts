import type { MachineRecord, RecordedImages } from "../../store/record.ts";

/**
 * What goes along when a machine is copied or moved. Not what belongs to its place (endpoint, docker context, files of
 * the user), to what is done to it just now, to its snapshots, or to a process that has made it for a while. Only fields
 * that are known: the record may be anybody's.
 */
export function carriedRecord(record: MachineRecord): MachineRecord {
  const { schemaVersion, name, phase, createdAt, architecture, provider, images, tlsSans } = record;
  const { engine, swarm, publishAddress, isProtected, identity, sshHostKey } = record;
  return {
    ...{ schemaVersion, name, phase, createdAt, architecture },
    provider: {
      id: provider.id,
      ...(provider.givenId !== undefined && { givenId: provider.givenId }),
      ...{ record: provider.record, options: provider.options },
    },
    ...(images !== undefined && { images: carriedImages(images) }),
    ...(engine !== undefined && { engine }),
    ...(swarm !== undefined && { swarm }),
    tlsSans,
    ...(publishAddress !== undefined && { publishAddress }),
    ...(isProtected && { isProtected }),
    ...(identity !== undefined && { identity }),
    ...(sshHostKey !== undefined && { sshHostKey }),
  };
}

function carriedImages({ boot, engine, previousEngine, commandLine }: RecordedImages) {
  return {
    ...{ boot, engine },
    ...(previousEngine !== undefined && { previousEngine }),
    ...(commandLine !== undefined && { commandLine }),
  };
}
