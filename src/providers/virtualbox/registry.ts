// VirtualBox's own list of the user's machines. As a file it can be read without starting VirtualBox's server.
import { join, resolve } from "node:path";
import { readTextIfPresent } from "../../host/files/files.ts";
import type { VirtualBoxWorld } from "./world.ts";
import { unescapeXml } from "./xml.ts";

export interface RegisteredMachine {
  readonly uuid: string;
  /** Of its settings file. */
  readonly path: string;
}

export async function readRegistry({
  settingsFolder,
}: Pick<VirtualBoxWorld, "settingsFolder">): Promise<readonly RegisteredMachine[]> {
  const text = await readTextIfPresent(join(settingsFolder, "VirtualBox.xml"));
  return parseRegistry(text ?? "").map(({ uuid, path }) => ({
    ...{ uuid, path: resolve(settingsFolder, path) },
  }));
}

/** Of lines such as `<MachineEntry uuid="{…}" src="/home/jo/x/x.vbox"/>`. */
export function parseRegistry(text: string): readonly RegisteredMachine[] {
  return [...text.matchAll(/<MachineEntry\b[^>]*>/g)].flatMap(([entry]) => {
    const uuid = /\buuid="\{([0-9a-f-]+)\}"/i.exec(entry)?.[1];
    const path = /\bsrc="([^"]*)"/.exec(entry)?.[1];
    return uuid === undefined || path === undefined ? [] : [{ uuid, path: unescapeXml(path) }];
  });
}
