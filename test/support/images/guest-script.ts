import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { projectFolder } from "../project-files.ts";

/**
 * The text of a script for guests, with a folder in place of the guest's root.
 * @param path from the project's folder
 */
export async function guestScriptIn(root: string, path: string): Promise<string> {
  const text = await readFile(join(projectFolder, path), "utf8");
  // Those paths of the guest that begin at its root; "/usr/lib" is not meant.
  return text.replace(/\/(?=(sys|run|lib|etc|var)\/)(?<![\w}]\/)/g, `${root}/`);
}
