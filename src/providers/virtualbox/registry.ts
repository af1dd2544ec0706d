// VirtualBox's own list of the user's machines. As a file it can be read without starting VirtualBox's server.
import { join, resolve } from "node:path";
import { isSystemError } from "../../errors/system-error.ts";
import { readTextIfPresent } from "../../host/files/files.ts";
import type { VirtualBoxWorld } from "./world.ts";
import { unescapeXml } from "./xml.ts";

export interface RegisteredMachine {
  readonly uuid: string;
  /** Of its settings file. */
  readonly path: string;
}

/** None where there is no such file, or none for this user to read: VirtualBox then has no machine for them either. */
export async function readRegistry({
  settingsFolder,
}: Pick<VirtualBoxWorld, "settingsFolder">): Promise<readonly RegisteredMachine[]> {
  const text = await readIfReadable(join(settingsFolder, "VirtualBox.xml"));
  return parseRegistry(text ?? "").map(({ uuid, path }) => ({
    ...{ uuid, path: resolve(settingsFolder, path) },
  }));
}

async function readIfReadable(path: string): Promise<string | undefined> {
  try {
    return await readTextIfPresent(path);
  } catch (error) {
    if (isSystemError(error, "EACCES", "EPERM")) return undefined;
    throw error;
  }
}

/** Of lines such as `<MachineEntry uuid="{…}" src="/home/jo/x/x.vbox"/>`. */
export function parseRegistry(text: string): readonly RegisteredMachine[] {
  return [...text.matchAll(/<MachineEntry\b[^>]*>/g)].flatMap(([entry]) => {
    const uuid = /\buuid="\{([0-9a-f-]+)\}"/i.exec(entry)?.[1];
    const path = /\bsrc="([^"]*)"/.exec(entry)?.[1];
    return uuid === undefined || path === undefined ? [] : [{ uuid, path: unescapeXml(path) }];
  });
}
