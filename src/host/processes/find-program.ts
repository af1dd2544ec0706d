import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { delimiter, join } from "node:path";

/** The path of a program on PATH; undefined when there is none. On Windows it ends in ".exe". */
export async function findProgram(
  name: string,
  host: {
    readonly environment: Readonly<Record<string, string | undefined>>;
    readonly platform: NodeJS.Platform;
  },
): Promise<string | undefined> {
  const { environment, platform } = host;
  const fileName = platform === "win32" ? `${name}.exe` : name;
  const folders = (environment.PATH ?? environment.Path ?? "").split(delimiter);
  for (const folder of folders.filter((part) => part !== "")) {
    const path = join(folder, fileName);
    if (await isExecutable(path)) return path;
  }
  return undefined;
}

/** Whether this is a file that this user may run. */
export async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    // Whatever keeps it from being looked at keeps it from being run.
    return false;
  }
}
