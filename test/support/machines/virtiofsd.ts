import { existsSync } from "node:fs";
import { chmod, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { unpackedPackages } from "../debian/unpacked.ts";

/** This host's virtiofsd; where there is none Debian 13's, with the C library that it wants. */
export async function provideVirtiofsd(cacheDirectory: string): Promise<string> {
  const installed = "/usr/libexec/virtiofsd";
  if (existsSync(installed)) return installed;
  const root = await unpackedPackages({
    ...{ name: "virtiofsd", packages: ["virtiofsd"], without: ["uidmap"], cacheDirectory },
  });
  const program = join(root, "virtiofsd");
  if (!existsSync(program)) await writeFile(program, await launcher(root));
  await chmod(program, 0o755);
  return program;
}

/** Its own loader and libraries: those of the host are older. */
async function launcher(root: string): Promise<string> {
  const libraries = join(
    root,
    "usr/lib",
    `${process.arch === "arm64" ? "aarch64" : "x86_64"}-linux-gnu`,
  );
  const loader = (await readdir(libraries)).find((name) => name.startsWith("ld-linux"));
  if (loader === undefined) throw new Error(`there is no loader in ${libraries}`);
  return [
    "#!/bin/sh",
    `exec '${join(libraries, loader)}' --library-path '${libraries}' '${join(root, "usr/libexec/virtiofsd")}' "$@"`,
    "",
  ].join("\n");
}
