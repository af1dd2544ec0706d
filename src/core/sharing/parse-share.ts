import { posix, win32 } from "node:path";
import { TsmachineError } from "../../errors/tsmachine-error.ts";
import { problemOfPlace } from "../../host/guest-places.ts";
import type { SharedFolder } from "../../providers/provider.ts";

/**
 * Reads `FOLDER[:GUEST][:ro]`, as docker's `-v` has it: a folder of this host, and where the guest has it, at the same
 * place unless that is said. A drive of Windows is no separator: `C:\src:/src`.
 * @param host its platform, and the folder that relative paths start from
 * @throws TsmachineError INVALID_INPUT
 */
export function parseShare(
  text: string,
  host: { readonly platform: NodeJS.Platform; readonly workingDirectory: string },
): SharedFolder {
  const path = host.platform === "win32" ? win32 : posix;
  const isReadOnly = text.endsWith(":ro");
  const words = text.replace(/:(ro|rw)$/, "");
  const [, drive = "", rest = ""] = (host.platform === "win32"
    ? /^([A-Za-z]:)(.*)$/s.exec(words)
    : null) ?? [null, "", words];
  const [folder = "", place, ...more] = rest.split(":");
  if (`${drive}${folder}` === "" || more.length > 0) {
    throw refused(text, "is not FOLDER[:GUEST][:ro]");
  }
  const hostPath = path.resolve(host.workingDirectory, `${drive}${folder}`);
  const mountPoint = posix.normalize(place ?? samePlace(hostPath)).replace(/(.)\/$/, "$1");
  requireFreePlace(text, mountPoint);
  requireNoSystemFolder(hostPath);
  return { path: hostPath, mountPoint, isReadOnly };
}

/** `C:\Users\ann` is `/c/Users/ann` for containers since boot2docker. */
function samePlace(path: string): string {
  const [, drive, rest = ""] = /^([A-Za-z]):(.*)$/s.exec(path) ?? [];
  return drive === undefined ? path : `/${drive.toLowerCase()}${rest.replaceAll("\\", "/")}`;
}

/** Nothing below them is anybody's work, and whoever writes there has the host. */
const systemFolders = [
  ...["/bin", "/boot", "/dev", "/etc", "/lib", "/lib32", "/lib64", "/proc", "/run", "/sbin"],
  ...["/sys", "/usr", "/var/lib/dpkg", "/var/run", "/var/spool", "/system", "/library"],
  ...["/private/etc", "/private/var/run"],
];

/**
 * The letters' case does not matter: on macOS it says nothing.
 * @throws TsmachineError INVALID_INPUT
 */
export function requireNoSystemFolder(path: string): void {
  const lower = path.toLowerCase();
  const isWindows = /^[a-z]:\\?(windows(\\.*)?)?$/.test(lower);
  const isBelow = systemFolders.some((one) => lower === one || lower.startsWith(`${one}/`));
  // Of those who build software.
  const isOfUsers = /^\/usr\/(local\/)?src\//.test(`${lower}/`);
  if (!isWindows && !["/", "/var"].includes(lower) && (!isBelow || isOfUsers)) return;
  throw new TsmachineError(
    "INVALID_INPUT",
    `${path} belongs to this host's system, and is not shared`,
    { hints: ["share a folder with nothing but the work that the machine is for"] },
  );
}

function requireFreePlace(text: string, place: string): void {
  const problem = problemOfPlace(place);
  if (problem !== undefined) throw refused(text, problem);
}

/**
 * Several folders of one machine, the outer ones first, in which order they are mounted.
 * @throws TsmachineError INVALID_INPUT when two are at one place
 */
export function orderShares(folders: readonly SharedFolder[]): SharedFolder[] {
  const places = folders.map(({ mountPoint }) => mountPoint);
  const twice = places.find((place, index) => places.indexOf(place) !== index);
  if (twice !== undefined) {
    throw new TsmachineError("INVALID_INPUT", `two folders would be at ${twice} of the guest`, {
      hints: ["give one of them another place: `--share FOLDER:GUEST`"],
    });
  }
  const depth = ({ mountPoint }: SharedFolder) => mountPoint.split("/").length;
  return folders.toSorted((one, other) => depth(one) - depth(other));
}

function refused(text: string, problem: string): TsmachineError {
  return new TsmachineError("INVALID_INPUT", `the share "${text}" ${problem}`, {
    hints: ["give a folder of this host and its place in the guest, such as `/srv/site:/site:ro`"],
  });
}
