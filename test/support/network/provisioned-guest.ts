import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { vi } from "vitest";
import { temporaryDirectory } from "../temporary-directory.ts";

export interface ProvisionedGuest {
  /** What the script was called with, in order. */
  calls(): Promise<string[]>;
  /** The archive that was sent last. */
  files(): Promise<string>;
}

/**
 * Makes this host the guest of whoever provisions one with these templates, over an SSH server of this
 * host: the script that is sent is a small one, which notes what it is called with and answers with
 * these lines of sh(1). PATH is stubbed until the test unstubs it.
 */
export async function provisionedGuest(
  templates: string,
  manner: { readonly install: string; readonly watch?: string },
): Promise<ProvisionedGuest> {
  const folder = await temporaryDirectory();
  const calls = join(folder, "calls");
  await writeFile(calls, "");
  await mkdir(join(templates, "provision"), { recursive: true });
  await writeFile(
    join(templates, "provision/install"),
    `calls='${calls}'
     echo "$1" >>"$calls"
     case $1 in
     install) cat >'${join(folder, "files")}'; ${manner.install} ;;
     watch) ${manner.watch ?? "exec sleep 60"} ;;
     esac`,
  );
  await writeFile(join(folder, "sudo"), '#!/bin/sh\nshift\nexec "$@"\n');
  await chmod(join(folder, "sudo"), 0o755);
  vi.stubEnv("PATH", [folder, process.env.PATH].join(delimiter));
  return {
    calls: async () => (await readFile(calls, "utf8")).split("\n").filter(Boolean),
    files: () => readFile(join(folder, "files"), "latin1"),
  };
}
