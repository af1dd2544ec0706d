import { access, constants, statfs } from "node:fs/promises";
import { dirname } from "node:path";
import { readCertificate } from "../../certs/read-certificate.ts";
import { TsmachineError } from "../../errors/tsmachine-error.ts";
import { findProgram } from "../../host/find-program.ts";
import { readResources } from "../../host/resources.ts";
import { listImages } from "../../iso/images/image-cache.ts";
import { readAuthority } from "../../store/authority.ts";
import { type Context, operationFor } from "../context.ts";
import type { Finding } from "./check.ts";

export interface HostFacts {
  readonly nodeVersion: string;
  readonly platform: NodeJS.Platform;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

const mebibyte = 2 ** 20;
const neededDiskMiB = 2_048;
const neededMemoryMiB = 1_024;

/** Looks at everything that machines need of this host; changes nothing and never throws for what it finds. */
export async function diagnose(context: Context, host: HostFacts): Promise<readonly Finding[]> {
  const providers = context.providers.map((provider) => checkProvider(context, provider));
  return Promise.all([
    checkNode(host),
    ...providers,
    checkMemory(),
    checkDisk(context),
    checkStore(context),
    checkAuthority(context),
    checkImages(context),
    checkProgram(host, "ssh", "tsmachine's own SSH client serves in its place"),
    checkProgram(
      host,
      "docker",
      "machines work without; install the docker CLI to use them from here",
    ),
  ]);
}

function checkNode({ nodeVersion }: HostFacts): Finding {
  const [major = 0, minor = 0] = nodeVersion.replace(/^v/, "").split(".").map(Number);
  const isNewEnough = major > 20 || (major === 20 && minor >= 19);
  return {
    ...{ check: "Node.js", found: nodeVersion, needed: "20.19 or newer" },
    ...(isNewEnough
      ? { verdict: "ok" }
      : { verdict: "problem", remedy: "install a newer Node.js from nodejs.org or your packages" }),
  };
}

async function checkProvider(
  context: Context,
  provider: Context["providers"][number],
): Promise<Finding> {
  const health = await provider.check(operationFor(context));
  const common = { check: `provider ${provider.id}`, needed: "a hypervisor that can be started" };
  if (health.state !== "ready") {
    return { ...common, verdict: "problem", found: health.problem, remedy: health.hint };
  }
  const [note] = health.notes;
  const found = health.version;
  return note === undefined
    ? { ...common, verdict: "ok", found }
    : { ...common, verdict: "advice", found, remedy: note };
}

async function checkMemory(): Promise<Finding> {
  const { availableMemoryMiB, totalMemoryMiB } = await readResources();
  const common = {
    check: "memory",
    found: `${Math.floor(availableMemoryMiB)} of ${Math.floor(totalMemoryMiB)} MiB available`,
    needed: `${neededMemoryMiB} MiB for a machine`,
  };
  return availableMemoryMiB >= neededMemoryMiB
    ? { ...common, verdict: "ok" }
    : {
        ...common,
        verdict: "advice",
        remedy: "end other programs, or create machines with a smaller --kvm-memory",
      };
}

async function checkDisk({ store }: Context): Promise<Finding> {
  const { bavail, bsize } = await statfs(await nearestFolder(store.layout.root));
  const freeMiB = (bavail * bsize) / mebibyte;
  const common = {
    check: "disk",
    found: `${Math.floor(freeMiB)} MiB free at ${store.layout.root}`,
    needed: `${neededDiskMiB} MiB for the images and a first machine`,
  };
  return freeMiB >= neededDiskMiB
    ? { ...common, verdict: "ok" }
    : {
        ...common,
        verdict: "problem",
        remedy: "free some space, or choose a store on another disk with --storage-path",
      };
}

async function checkStore({ store }: Context): Promise<Finding> {
  const { root } = store.layout;
  const common = { check: "store", needed: "a folder that you may write to" };
  try {
    const folder = await nearestFolder(root);
    await access(folder, constants.W_OK);
    const found = folder === root ? root : `${root}, which will be made`;
    return { ...common, verdict: "ok", found };
  } catch {
    return {
      ...{ ...common, verdict: "problem", found: `${root} is not writable` },
      remedy: `make it yours (sudo chown -R $USER ${root}), or choose another with --storage-path`,
    };
  }
}

async function checkAuthority({ store, now }: Context): Promise<Finding> {
  const common = { check: "certificates", needed: "an authority that is valid, or none yet" };
  try {
    const authority = await readAuthority(store.layout.root);
    if (authority === undefined) return { ...common, verdict: "ok", found: "none yet" };
    const { notAfter } = await readCertificate(authority.ca);
    const found = `an authority that is valid until ${notAfter.toISOString().slice(0, 10)}`;
    if (notAfter > now()) return { ...common, verdict: "ok", found };
    return {
      ...{ ...common, verdict: "problem", found },
      remedy: `rename ${store.layout.certs}; the next create makes a new authority`,
    };
  } catch (error) {
    if (!(error instanceof TsmachineError)) throw error;
    const [remedy = "rename the folder certs of the store"] = error.hints;
    return { ...common, verdict: "problem", found: error.message, remedy };
  }
}

async function checkImages({ store }: Context): Promise<Finding> {
  const images = await listImages(store.layout.cache);
  const names = images.map(({ manifest }) => `${manifest.kind} ${manifest.version}`);
  return {
    ...{ check: "images", needed: "none; create builds what is missing" },
    ...{ verdict: "ok", found: names.length === 0 ? "none in the cache yet" : names.join(", ") },
  };
}

async function checkProgram(host: HostFacts, name: string, remedy: string): Promise<Finding> {
  const path = await findProgram(name, host);
  const common = { check: `program ${name}`, needed: `${name} on PATH, if you want to use it` };
  return path === undefined
    ? { ...common, verdict: "advice", found: "not on PATH", remedy }
    : { ...common, verdict: "ok", found: path };
}

/** The folder itself or, while it is not there, the nearest one above it. */
async function nearestFolder(path: string): Promise<string> {
  try {
    await access(path);
    return path;
  } catch {
    return path === dirname(path) ? path : nearestFolder(dirname(path));
  }
}
