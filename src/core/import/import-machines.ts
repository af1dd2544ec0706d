import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { TsmachineError } from "../../errors/tsmachine-error.ts";
import type { Endpoint, Json, Provider } from "../../providers/provider.ts";
import { knownHostsLine } from "../../ssh/host-key.ts";
import type { MachineFiles } from "../../store/machine-files.ts";
import { parseMachineName } from "../../store/machine-name.ts";
import type { Store } from "../../store/open-store.ts";
import { type Context, operationFor } from "../context.ts";
import { adoptMachine } from "../machine/adopt.ts";
import { withMachineLock } from "../machine/with-machine-lock.ts";
import type { OldMachine } from "./machine-config.ts";
import { readMachineFiles } from "./machine-files.ts";
import { listOldMachines, readOldMachine, requireOtherStore } from "./old-store.ts";

export interface ImportRequest {
  /** The folder of docker-machine's store. */
  readonly path: string;
  /** The machines to take over; all when empty. */
  readonly names: readonly string[];
  /** "look": nothing is written, and what would be imported is "importable". */
  readonly how: "take over" | "look";
  /** The host key of the one machine that is named. */
  readonly sshHostKey?: string | undefined;
}

export interface ImportedMachine {
  readonly name: string;
  /** docker-machine's name for it; empty when it cannot be read. */
  readonly driver: string;
  /**
   * "present": it was imported before. "taken": another machine has its name. "unsupported": there
   * is more to it than an address. "damaged": its configuration or certificates are of no use.
   */
  readonly outcome: "imported" | "importable" | "present" | "taken" | "unsupported" | "damaged";
  /** What there is to know or to do. */
  readonly notes: readonly string[];
}

/**
 * Takes over machines of docker-machine that are hosts somebody else runs, with their certificates
 * and keys. Only reads in docker-machine's store; may be repeated.
 * @throws TsmachineError IMPORT_INVALID without a store, INVALID_INPUT when it is this one,
 *   MACHINE_NOT_FOUND for a name that is not in it, LOCK_TIMEOUT
 */
export async function importMachines(
  context: Context,
  request: ImportRequest,
): Promise<readonly ImportedMachine[]> {
  const { path, names } = request;
  const found = await listOldMachines(path);
  await requireOtherStore(path, context.store.layout.root);
  for (const name of names) if (!found.includes(name)) throw notInStore(name, path);
  const imported: ImportedMachine[] = [];
  for (const name of names.length === 0 ? found : names) {
    context.signal.throwIfAborted();
    imported.push(await importMachine(context, name, request));
  }
  return imported;
}

async function importMachine(
  context: Context,
  name: string,
  request: ImportRequest,
): Promise<ImportedMachine> {
  let driver = "";
  try {
    const old = await readOldMachine(request.path, name);
    driver = old.driverName;
    return { name, driver, ...(await takeOver(context, { name, old, request })) };
  } catch (error) {
    if (!(error instanceof TsmachineError) || error.code === "LOCK_TIMEOUT") throw error;
    return { name, driver, outcome: "damaged", notes: [error.message, ...error.hints] };
  }
}

interface Candidate {
  readonly name: string;
  readonly old: OldMachine;
  readonly request: ImportRequest;
}

type Verdict = Pick<ImportedMachine, "outcome" | "notes">;

async function takeOver(context: Context, candidate: Candidate): Promise<Verdict> {
  const { old, request } = candidate;
  const provider = (await context.providers()).find(
    ({ id, aliases }) => id === old.driverName || aliases.includes(old.driverName),
  );
  if (provider?.adopt === undefined) return unsupported(old);
  const name = parseMachineName(candidate.name);
  const host: KnownHost = { provider, planned: provider.adopt(old.driver) };
  const standing = await standingOf(context, name, host);
  if (standing !== undefined) return standing;
  const directory = join(request.path, "machines", name);
  const { files, notes } = await readMachineFiles(
    old,
    { root: request.path, directory },
    context.now(),
  );
  const { sshPort } = await endpointOfHost(context, name, host);
  const allNotes = [...notes, ...(sshPort === undefined ? [] : sshNotes(files, request))];
  if (request.how === "look") return { outcome: "importable", notes: allNotes };
  return withMachineLock(context, name, async () => {
    const found = await standingOf(context, name, host);
    if (found !== undefined) return found;
    await adopt(context, candidate, { ...host, files });
    return { outcome: "imported", notes: allNotes };
  });
}

interface KnownHost {
  readonly provider: Provider;
  readonly planned: Json;
}

/** What is said of a name that this store has already; undefined when it is free. */
async function standingOf(
  { store }: Context,
  name: string,
  host: KnownHost,
): Promise<Verdict | undefined> {
  if (!(await store.listMachineNames()).includes(name)) return undefined;
  if (await isRecorded(store, name, host)) return { outcome: "present", notes: [] };
  return {
    outcome: "taken",
    notes: [`another machine has this name; remove it first with \`tsmachine rm ${name}\``],
  };
}

async function isRecorded(
  store: Store,
  name: string,
  { provider, planned }: KnownHost,
): Promise<boolean> {
  try {
    const { id, record } = (await store.readMachine(name)).provider;
    return id === provider.id && isDeepStrictEqual(record, planned);
  } catch (error) {
    if (error instanceof TsmachineError) return false;
    throw error;
  }
}

async function adopt(
  context: Context,
  { name, old, request: { sshHostKey } }: Candidate,
  { provider, planned, files }: KnownHost & { readonly files: MachineFiles },
): Promise<void> {
  const { address, sshPort } = await endpointOfHost(context, name, { provider, planned });
  const isPinned = sshHostKey !== undefined && sshPort !== undefined;
  await adoptMachine(context, {
    ...{ name, provider, planned, options: {}, engine: old.engine, tlsSans: old.tlsSans },
    ...{ architecture: context.architecture, createdAt: context.now() },
    ...(isPinned && { sshHostKey }),
    files: isPinned
      ? { ...files, knownHosts: knownHostsLine({ address, port: sshPort, hostKey: sshHostKey }) }
      : files,
  });
}

function endpointOfHost(
  context: Context,
  name: string,
  { provider, planned }: KnownHost,
): Promise<Endpoint> {
  const { directory } = context.store.machineLayout(name);
  return provider.open(planned, { directory }).endpoint(operationFor(context));
}

function sshNotes({ sshKey }: MachineFiles, { sshHostKey }: ImportRequest): readonly string[] {
  return [
    ...(sshKey === undefined ? ["its SSH key is nowhere to be found: `tsmachine ssh` fails"] : []),
    ...(sshHostKey === undefined ? ["its SSH host key is trusted at the first login"] : []),
  ];
}

function unsupported({ driverName }: OldMachine): Verdict {
  return {
    outcome: "unsupported",
    notes: [
      `tsmachine cannot take over what driver ${driverName} runs; go on with docker-machine, or create a new machine and move images with \`docker save\` and \`docker load\``,
    ],
  };
}

function notInStore(name: string, path: string): TsmachineError {
  return new TsmachineError("MACHINE_NOT_FOUND", `docker-machine has no "${name}" in ${path}`, {
    hints: [`see with \`tsmachine import --dry-run ${path}\` what there is`],
    context: { name, path },
  });
}
