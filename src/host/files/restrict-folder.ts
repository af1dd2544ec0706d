import { homedir } from "node:os";
import { join, win32 } from "node:path";
import { TsmachineError } from "../../errors/tsmachine-error.ts";
import { run } from "../processes/run.ts";

export interface AccessHost {
  readonly platform: NodeJS.Platform;
  /** The user's profile, which Windows keeps from other users. */
  readonly home: string;
  /** Where Windows has its programs; those on PATH may be others of the same name. */
  readonly systemFolder: string;
}

/** Well-known SIDs, because names of groups are localised: the system, and administrators. */
const trusted = ["S-1-5-18", "S-1-5-32-544"];

/**
 * Keeps a new folder, and what will be in it, from other users of Windows, where modes mean nothing. Below the
 * user's profile that is so already; elsewhere everybody who may log on may read and write.
 * @throws TsmachineError PERMISSION_DENIED where the disk knows no access rights.
 */
export async function restrictFolder(path: string, host: AccessHost = thisHost()): Promise<void> {
  if (host.platform !== "win32" || isBelow(path, host.home)) return;
  const { stdout } = await run(join(host.systemFolder, "whoami.exe"), [
    "/user",
    "/fo",
    "csv",
    "/nh",
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
    `${path} cannot be kept from other users: icacls ended with status ${exitCode}`,
    {
      hints: ["use a folder of your profile or of a disk with NTFS: `--storage-path PATH`"],
      context: { output: words },
    },
  );
}

function thisHost(): AccessHost {
  return {
    platform: process.platform,
    home: homedir(),
    systemFolder: win32.join(process.env.SystemRoot ?? "C:\\Windows", "System32"),
  };
}

function isBelow(path: string, folder: string): boolean {
  const way = win32.relative(folder, path);
  return way === "" || !(way.startsWith("..") || win32.isAbsolute(way));
}
