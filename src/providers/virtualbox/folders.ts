import { homeFolder } from "../home-folder.ts";
import { type HostFolder, parseShareFolder, type VirtualBoxOptions } from "./options.ts";
import type { VirtualBoxWorld } from "./world.ts";

/**
 * The folders of this host that a new machine has: those that were asked for, else the one with this
 * user's home folder in it.
 */
export function foldersFor(
  { noShare, shareFolder }: Pick<VirtualBoxOptions, "noShare" | "shareFolder">,
  host: Pick<VirtualBoxWorld, "platform" | "home">,
): readonly HostFolder[] {
  if (noShare) return [];
  if (shareFolder !== undefined) return shareFolder.map(parseShareFolder);
  const home = homeFolder(host);
  return home === undefined ? [] : [{ tag: tagOfHome(home.mountPoint), ...home }];
}

/** docker-machine's names, but for Windows, whose `c/Users` is the place as well. */
function tagOfHome(mountPoint: string): string {
  return mountPoint.startsWith("/home/") ? "home" : mountPoint.slice(1);
}
