import { access } from "node:fs/promises";
import { posix, win32 } from "node:path";
import { findProgram } from "../../../host/processes/find-program.ts";
import type { VirtualBoxWorld } from "../world.ts";

export function findVBoxManage(world: Places): Promise<string | undefined> {
  return findVirtualBoxProgram("VBoxManage", world);
}

type Places = Pick<VirtualBoxWorld, "environment" | "platform">;

/**
 * The path of a program of VirtualBox's: on PATH, else where its installers put it. Undefined when there
 * is none.
 */
export async function findVirtualBoxProgram(
  name: "VBoxManage" | "vboxwebsrv",
  world: Places,
): Promise<string | undefined> {
  const onPath = await findProgram(name, world);
  if (onPath !== undefined) return onPath;
  for (const path of installedPaths(world, name)) {
    if (await exists(path)) return path;
  }
  return undefined;
}

/** Where it is when it is not on PATH: Windows' installer never puts it there. */
export function installedPaths(
  { platform, environment }: Places,
  name = "VBoxManage",
): readonly string[] {
  switch (platform) {
    case "win32": {
      const folders = [
        environment.VBOX_INSTALL_PATH,
        environment.VBOX_MSI_INSTALL_PATH,
        win32.join(environment.ProgramFiles ?? "C:\\Program Files", "Oracle", "VirtualBox"),
      ];
      return folders.flatMap((folder) => (folder ? [win32.join(folder, `${name}.exe`)] : []));
    }
    case "darwin":
      return [`/Applications/VirtualBox.app/Contents/MacOS/${name}`];
    default:
      return ["/usr/lib/virtualbox", "/opt/VirtualBox"].map((folder) => posix.join(folder, name));
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    // Whatever keeps it from being looked at keeps it from being run.
    return false;
  }
}
