import { access, constants, readdir, statfs } from "node:fs/promises";
import { dirname } from "node:path";
import { readCertificate } from "../../certs/read-certificate.ts";
import { isSystemError } from "../../errors/system-error.ts";
import { TsmachineError } from "../../errors/tsmachine-error.ts";
import { listImages } from "../../iso/images/cache/image-cache.ts";
import { readAuthority } from "../../store/authority.ts";
import type { Context } from "../context.ts";
import type { HostFacts } from "./check-host.ts";
import type { Finding } from "./finding.ts";

const mebibyte = 2 ** 20;
const neededDiskMiB = 2_048;

export async function checkDisk({ store }: Context): Promise<Finding> {
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

export async function checkStore(
  { store }: Context,
  { platform }: Pick<HostFacts, "platform">,
): Promise<Finding> {
  const { root } = store.layout;
  const common = { check: "store", needed: "a folder that you may write to" };
  try {
    const folder = await nearestFolder(root);
    await access(folder, constants.W_OK);
    const found = folder === root ? root : `${root}, which will be made`;
    return { ...common, verdict: "ok", found };
  } catch {
    const own = platform === "win32" ? `takeown /R /F "${root}"` : `sudo chown -R $USER ${root}`;
    return {
      ...{ ...common, verdict: "problem", found: `${root} is not writable` },
      remedy: `make it yours (${own}), or choose another with --storage-path`,
    };
  }
}

export async function checkAuthority({ store, now }: Context): Promise<Finding> {
  const { root, certs } = store.layout;
  const common = { check: "certificates", needed: "an authority that is valid, or none yet" };
  const problem = (found: string): Finding => ({
    ...{ ...common, verdict: "problem", found },
    remedy: `rename ${certs}; the next create makes a new authority`,
  });
  try {
    const authority = await readAuthority(root);
    if (authority === undefined) {
      return (await isEmpty(certs))
        ? { ...common, verdict: "ok", found: "none yet" }
        : problem(`${certs} lacks some of its files`);
    }
    const { notAfter } = await readCertificate(authority.ca);
    const found = `an authority that is valid until ${notAfter.toISOString().slice(0, 10)}`;
    return notAfter > now() ? { ...common, verdict: "ok", found } : problem(found);
  } catch (error) {
    if (error instanceof TsmachineError) return problem(`${certs}: ${error.message}`);
    if (isSystemError(error, "EACCES", "EPERM")) return problem(`${certs} is not readable`);
    throw error;
  }
}

export async function checkImages({ store }: Context): Promise<Finding> {
  const images = await listImages(store.layout.cache);
  const names = images.map(({ manifest }) => `${manifest.lock.kind} ${manifest.version}`);
  return {
    ...{ check: "images", needed: "none; create builds what is missing" },
    ...{ verdict: "ok", found: names.length === 0 ? "none in the cache yet" : names.join(", ") },
  };
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

async function isEmpty(folder: string): Promise<boolean> {
  try {
    return (await readdir(folder)).length === 0;
  } catch (error) {
    if (isSystemError(error, "ENOENT")) return true;
    throw error;
  }
}
