import { existsSync } from "node:fs";
import { mkdtemp, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join, win32 } from "node:path";
import { TsmachineError } from "../../errors/tsmachine-error.ts";
import { run } from "../processes/run.ts";

export interface AccessHost {
  /** The user's profile, which Windows keeps from other users. */
  readonly home: string;
  /** Where Windows has its programs; those on PATH may be others of the same name. */
  readonly systemFolder: string;
}

/** Well-known SIDs, because names of groups are localised: the system, and administrators. */
const trusted = ["S-1-5-18", "S-1-5-32-544"];

/**
 * Makes the topmost folder of the path that is missing, kept from other users of Windows, where modes mean
 * nothing; what is made in it later is kept from them too. It is there only once it is. Below the user's
 * profile all is so already; elsewhere everybody who may log on may read and write.
 * @throws TsmachineError PERMISSION_DENIED where the disk knows no access rights.
 */
export async function makeRestrictedFolder(
  path: string,
  host: AccessHost = thisHost(),
): Promise<void> {
  if (isBelow(path, host.home)) return;
  const folder = topmostMissing(path);
  if (folder === undefined) return;
  const temporary = await mkdtemp(`${folder}.`);
  try {
    await restrict(temporary, host);
    await rename(temporary, folder);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    // Another process has made it, and has restricted it before.
    if (!existsSync(folder)) throw error;
  }
}

function topmostMissing(path: string): string | undefined {
  if (existsSync(path)) return undefined;
  return topmostMissing(dirname(path)) ?? path;
}

async function restrict(path: string, host: AccessHost): Promise<void> {
  const { stdout } = await run(join(host.systemFolder, "whoami.exe"), [
    ...["/user", "/fo", "csv", "/nh"],
  ]);
  const user = /"(S-[\d-]+)"\s*$/.exec(stdout)?.[1];
  if (user === undefined) throw new Error("whoami does not tell the user's SID");
  const grants = [user, ...trusted].map((sid) => `*${sid}:(OI)(CI)F`);
  const { exitCode, stdout: words } = await run(
    join(host.systemFolder, "icacls.exe"),
    [path, "/inheritance:r", "/grant:r", ...grants],
    { acceptExitCodes: "all" },
  );
  if (exitCode === 0) return;
  throw new TsmachineError(
    "PERMISSION_DENIED",
    `${dirname(path)} cannot be kept from other users: icacls ended with status ${exitCode}`,
    {
      hints: ["use a folder of your profile or of a disk with NTFS: `--storage-path PATH`"],
      context: { output: words },
    },
  );
}

function thisHost(): AccessHost {
  return {
    home: homedir(),
    systemFolder: win32.join(process.env.SystemRoot ?? "C:\\Windows", "System32"),
  };
}

function isBelow(path: string, folder: string): boolean {
  const way = win32.relative(folder, path);
  return way === "" || !(way.startsWith("..") || win32.isAbsolute(way));
}
