import { homeFolder } from "../home-folder.ts";
import { refusedOption } from "../parse-options.ts";
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
  if (shareFolder !== undefined) return requireDifferent(shareFolder.map(parseShareFolder));
  const home = homeFolder(host);
  return home === undefined ? [] : [{ tag: tagOfHome(home.mountPoint), ...home }];
}

/** VirtualBox knows a machine's folders by their names. @throws TsmachineError INVALID_INPUT */
function requireDifferent(folders: readonly HostFolder[]): readonly HostFolder[] {
  const tags = folders.map(({ tag }) => tag);
  const twice = tags.find((tag, index) => tags.indexOf(tag) !== index);
  if (twice === undefined) return folders;
  throw refusedOption("virtualbox", "share-folder", `two folders would have the name "${twice}"`);
}

/** docker-machine's names, but for Windows, whose `c/Users` is the place as well. */
function tagOfHome(mountPoint: string): string {
  return mountPoint.startsWith("/home/") ? "home" : mountPoint.slice(1);
}
