import { readdir, rm, rmdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import * as z from "zod";
import { parseJson } from "../../bytes/parse-json.ts";
import { isSystemError } from "../../errors/system-error.ts";
import { TsmachineError } from "../../errors/tsmachine-error.ts";
import {
  makePrivateDirectory,
  moveIntoPlace,
  readTextIfPresent,
  writeFileAtomic,
} from "../../host/files/files.ts";
import { type ContextLayout, contextLayout } from "./context-layout.ts";

/** What a context says of one machine; PEM texts. */
export interface DockerContext {
  readonly name: string;
  readonly machineName: string;
  /** The store the machine is in: other stores leave its context alone. */
  readonly storeRoot: string;
  /** tcp://ADDRESS:PORT */
  readonly host: string;
  readonly ca: string;
  readonly certificate: string;
  readonly key: string;
}

/** The part of meta.json by which its owner is known; docker's CLI keeps fields it does not know. */
const ownerSchema = z.looseObject({
  Metadata: z.looseObject({
    tsmachine: z.looseObject({ store: z.string(), machine: z.string() }),
  }),
});

/** docker's name for the one endpoint that contexts have. */
const endpointName = "docker";

type Owner = Pick<DockerContext, "name" | "machineName" | "storeRoot">;

/**
 * Writes the machine's context, or brings the one it has up to date; nothing is touched when it is.
 * @throws TsmachineError CONTEXT_FOREIGN when there is a context of that name that is not this machine's.
 */
export async function writeDockerContext(
  dockerConfig: string,
  context: DockerContext,
): Promise<void> {
  const layout = contextLayout(dockerConfig, context.name);
  const present = await readTextIfPresent(join(layout.meta, "meta.json"));
  if (present !== undefined && !isOwned(present, context)) throw foreign(context.name);
  const files = filesOf(context);
  if (present === files.meta && (await hasTls(layout, files.tls))) return;
  await makePrivateDirectory(dirname(layout.meta));
  await makePrivateDirectory(dirname(layout.tls));
  if (present === undefined) await addContext(layout, files);
  else await updateContext(layout, files);
}

/**
 * Removes the machine's context, also one that a killed process has half made or half removed; one
 * that is not its own is left as it is. What tells its owner goes last.
 */
export async function removeDockerContext(dockerConfig: string, owner: Owner): Promise<void> {
  const layout = contextLayout(dockerConfig, owner.name);
  await rm(layout.staging, { recursive: true, force: true });
  await removeEmpty(dirname(layout.staging));
  const present = await readTextIfPresent(join(layout.meta, "meta.json"));
  if (present !== undefined && !isOwned(present, owner)) return;
  await rm(layout.tls, { recursive: true, force: true });
  await rm(layout.meta, { recursive: true, force: true });
}

/** Whether there is a context of that name, whoever made it. */
export async function hasDockerContext(dockerConfig: string, name: string): Promise<boolean> {
  const { meta } = contextLayout(dockerConfig, name);
  return (await readTextIfPresent(join(meta, "meta.json"))) !== undefined;
}

/** Whether there is a context of that name, and it is this machine's. */
export async function ownsDockerContext(dockerConfig: string, owner: Owner): Promise<boolean> {
  const { meta } = contextLayout(dockerConfig, owner.name);
  const present = await readTextIfPresent(join(meta, "meta.json"));
  return present !== undefined && isOwned(present, owner);
}

/** The machine of that store whose context it is; undefined for a context of anything else. */
export async function machineOfContext(
  dockerConfig: string,
  { name, storeRoot }: Pick<Owner, "name" | "storeRoot">,
): Promise<string | undefined> {
  const { meta } = contextLayout(dockerConfig, name);
  const owner = ownerIn((await readTextIfPresent(join(meta, "meta.json"))) ?? "");
  return owner?.store === storeRoot ? owner.machine : undefined;
}

interface ContextFiles {
  readonly meta: string;
  /** Texts by file name. */
  readonly tls: Readonly<Record<string, string>>;
}

function filesOf({ name, machineName, storeRoot, host, ...pem }: DockerContext): ContextFiles {
  const meta = {
    Name: name,
    Metadata: {
      Description: `tsmachine: machine ${machineName}`,
      tsmachine: { store: storeRoot, machine: machineName },
    },
    Endpoints: { [endpointName]: { Host: host, SkipTLSVerify: false } },
  };
  return {
    meta: JSON.stringify(meta),
    tls: { "ca.pem": pem.ca, "cert.pem": pem.certificate, "key.pem": pem.key },
  };
}

/** The context appears with its TLS files in place. */
async function addContext(layout: ContextLayout, { meta, tls }: ContextFiles): Promise<void> {
  await rm(layout.staging, { recursive: true, force: true });
  await writeTls(join(layout.staging, "tls"), tls);
  await makePrivateDirectory(join(layout.staging, "meta"));
  await writeFileAtomic(join(layout.staging, "meta", "meta.json"), meta);
  await rm(layout.tls, { recursive: true, force: true });
  await moveIntoPlace(join(layout.staging, "tls"), layout.tls);
  await moveIntoPlace(join(layout.staging, "meta"), layout.meta);
  await rm(layout.staging, { recursive: true, force: true });
  await removeEmpty(dirname(layout.staging));
}

async function updateContext(layout: ContextLayout, { meta, tls }: ContextFiles): Promise<void> {
  await writeTls(layout.tls, tls);
  await writeFileAtomic(join(layout.meta, "meta.json"), meta);
}

async function writeTls(folder: string, tls: ContextFiles["tls"]): Promise<void> {
  await makePrivateDirectory(join(folder, endpointName));
  for (const [name, text] of Object.entries(tls)) {
    await writeFileAtomic(join(folder, endpointName, name), text);
  }
}

async function hasTls(layout: ContextLayout, tls: ContextFiles["tls"]): Promise<boolean> {
  for (const [name, text] of Object.entries(tls)) {
    if ((await readTextIfPresent(join(layout.tls, endpointName, name))) !== text) return false;
  }
  return true;
}

function isOwned(meta: string, { machineName, storeRoot }: Owner): boolean {
  const owner = ownerIn(meta);
  return owner?.store === storeRoot && owner.machine === machineName;
}

function ownerIn(meta: string): { store: string; machine: string } | undefined {
  return ownerSchema.safeParse(parseJson(meta)).data?.Metadata.tsmachine;
}

/** Another process may be making a context in it at the same time. */
async function removeEmpty(folder: string): Promise<void> {
  try {
    if ((await readdir(folder)).length === 0) await rmdir(folder);
  } catch (error) {
    if (!isSystemError(error, "ENOENT", "ENOTEMPTY", "EEXIST")) throw error;
  }
}

function foreign(name: string): TsmachineError {
  return new TsmachineError(
    "CONTEXT_FOREIGN",
    `docker context "${name}" exists already and belongs to something else`,
    {
      hints: [`remove or rename it, or go without: \`tsmachine create --no-context …\``],
      context: { name },
    },
  );
}
