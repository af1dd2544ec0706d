import { posix, win32 } from "node:path";
import { type HostFolder, parseShareFolder, type VirtualBoxOptions } from "./options.ts";
import type { VirtualBoxWorld } from "./world.ts";

/**
 * The folders of this host that a new machine has: those that were asked for, else the one with this
 * user's home folder in it, at the same place in the guest, so that `docker run -v "$PWD:/app"` finds
 * what it names.
 */
export function foldersFor(
  { noShare, shareFolder }: Pick<VirtualBoxOptions, "noShare" | "shareFolder">,
  host: Pick<VirtualBoxWorld, "platform" | "home">,
): readonly HostFolder[] {
  if (noShare) return [];
  if (shareFolder !== undefined) return shareFolder.map(parseShareFolder);
  const home = homeFolder(host);
  return home === undefined ? [] : [home];
}

/** docker-machine's choice on macOS and Windows; on Linux the user's own folder alone. */
function homeFolder({
  platform,
  home,
}: Pick<VirtualBoxWorld, "platform" | "home">): HostFolder | undefined {
  switch (platform) {
    case "darwin":
      return { tag: "Users", path: "/Users", mountPoint: "/Users" };
    case "win32": {
      // C:\Users, as containers know it since boot2docker: /c/Users.
      const path = win32.dirname(home);
      const [, drive, rest = ""] = /^([A-Za-z]):(.*)$/.exec(path) ?? [];
      if (drive === undefined) return undefined;
      const name = `${drive.toLowerCase()}${rest.replaceAll("\\", "/")}`;
      return { tag: name, path, mountPoint: `/${name}` };
    }
    default: {
      // Of other places, such as /root, the guest has a use of its own.
      const isAHome = posix.dirname(home) === "/home" && home !== "/home/docker";
      return isAHome ? { tag: "home", path: home, mountPoint: home } : undefined;
    }
  }
}
