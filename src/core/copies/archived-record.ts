import { isDeeperThan, parseJson } from "../../bytes/parse-json.ts";
import { TsmachineError } from "../../errors/tsmachine-error.ts";
import { parseHostKey } from "../../ssh/host-key.ts";
import { parseRecord } from "../../store/parse-record.ts";
import type { MachineRecord, RecordedImages } from "../../store/record.ts";
import { requireSound } from "../machine/require-sound.ts";
import { recordName } from "./archive/archive-format.ts";
import { invalidArchive } from "./archive/invalid-archive.ts";
import type { OpenArchive } from "./archive/read-archive.ts";
import { carriedRecord } from "./carried-record.ts";

/** What somebody's archive says of a machine, of which nothing leads to files or settings of this host. */
export interface ArchivedRecord {
  readonly record: MachineRecord;
  readonly images: RecordedImages;
  readonly sshHostKey: string;
  /** Whether docker's CLI knew the machine as a context. */
  readonly hadContext: boolean;
}

/** @throws TsmachineError IMPORT_INVALID; RECORD_NEWER */
export function parseArchivedRecord(
  path: string,
  { header: { name }, record: text }: Pick<OpenArchive, "header" | "record">,
): ArchivedRecord {
  return explained(path, () => {
    if (isDeeperThan(parseJson(text), maxLevels)) {
      throw invalidArchive(path, `${recordName}: it has more than ${maxLevels} levels`);
    }
    const whole = parseRecord(text, { name, path: recordName });
    const record = carriedRecord(whole);
    const { images, engine = noEngineSettings, provider, tlsSans, sshHostKey } = record;
    if (images === undefined) throw invalidArchive(path, `${recordName}: images: missing`);
    if (sshHostKey === undefined) throw invalidArchive(path, `${recordName}: sshHostKey: missing`);
    requireKeys(path, images);
    requireCommandLine(path, images);
    parseHostKey(sshHostKey);
    requireSound({ name, providerId: provider.id, engine, tlsSans });
    return { record, images, sshHostKey, hadContext: whole.dockerContext !== undefined };
  });
}

/** What reads a record asks itself for each level of it, which a stack has room for some thousand times. */
const maxLevels = 64;

/**
 * Says of the archive what `action` says of what is in it.
 * @throws TsmachineError IMPORT_INVALID
 */
function explained<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw explanation(path, error);
  }
}

/** The error to throw for one about what is in the archive; any other is given back as it is. */
export function explanation(path: string, error: unknown): unknown {
  const isOfContent = error instanceof TsmachineError && faultsOfContent.has(error.code);
  return isOfContent ? invalidArchive(path, error.message, error) : error;
}

const faultsOfContent: ReadonlySet<string> = new Set([
  ...["INVALID_INPUT", "LOCK_INVALID", "NAME_INVALID", "PROVIDER_UNKNOWN", "RECORD_INVALID"],
]);

const noEngineSettings = {
  ...{ labels: [], registryMirrors: [], insecureRegistries: [] },
  ...{ environment: {}, arbitraryFlags: [] },
};

/** They become names of folders. */
function requireKeys(
  path: string,
  { boot, engine, previousEngine = engine }: RecordedImages,
): void {
  for (const key of [boot, engine, previousEngine]) {
    if (/^[0-9a-f]{16}$/.test(key)) continue;
    throw invalidArchive(path, `${recordName}: images: ${JSON.stringify(key)} is no image's key`);
  }
}

/** Linux takes 2048 bytes on amd64 and arm64: COMMAND_LINE_SIZE. */
function requireCommandLine(path: string, { commandLine = "" }: RecordedImages): void {
  if (/^[\x20-\x7e]{0,2048}$/.test(commandLine)) return;
  throw invalidArchive(path, `${recordName}: images: its commandLine is none that a kernel takes`);
}
