import { realpath } from "node:fs/promises";
import { unlessMissing } from "../../host/files/files.ts";
import type { SharedFolder } from "../../providers/provider.ts";
import { requireNoSystemFolder } from "./parse-share.ts";

/**
 * The folders by the paths that they have without symbolic links: a link could lead elsewhere later, and somebody in a machine that
 * has the folder around it could make it do so. One that is not there stays as it is.
 * @throws TsmachineError INVALID_INPUT for a folder of this host's system
 */
export function resolveShares(folders: readonly SharedFolder[]): Promise<SharedFolder[]> {
  return Promise.all(
    folders.map(async (folder) => {
      const path = (await unlessMissing(realpath(folder.path))) ?? folder.path;
      requireNoSystemFolder(path);
      return { ...folder, path };
    }),
  );
}
