import { access } from "node:fs/promises";
import { posix, win32 } from "node:path";
import { findProgram } from "../../../host/processes/find-program.ts";
import type { VirtualBoxWorld } from "../world.ts";

/**
 * The path of VBoxManage: on PATH, else where VirtualBox's installers put it. Undefined when there is
 * none.
 */
export async function findVBoxManage(
  world: Pick<VirtualBoxWorld, "environment" | "platform">,
): Promise<string | undefined> {
  const onPath = await findProgram("VBoxManage", world);
  if (onPath !== undefined) return onPath;
  for (const path of installedPaths(world)) {
    if (await exists(path)) return path;
  }
  return undefined;
}

/** Where it is when it is not on PATH: Windows' installer never puts it there. */
export function installedPaths({
  platform,
  environment,
}: Pick<VirtualBoxWorld, "environment" | "platform">): readonly string[] {
  switch (platform) {
    case "win32": {
      const folders = [
        environment.VBOX_INSTALL_PATH,
        environment.VBOX_MSI_INSTALL_PATH,
        win32.join(environment.ProgramFiles ?? "C:\\Program Files", "Oracle", "VirtualBox"),
      ];
      return folders.flatMap((folder) => (folder ? [win32.join(folder, "VBoxManage.exe")] : []));
    }
    case "darwin":
      return ["/Applications/VirtualBox.app/Contents/MacOS/VBoxManage"];
    default:
      return ["/usr/lib/virtualbox", "/opt/VirtualBox"].map((folder) =>
        posix.join(folder, "VBoxManage"),
      );
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
