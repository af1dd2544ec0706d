import { chmod, mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { unpackedPackages } from "../debian/unpacked.ts";
import type { TestMachine } from "./machine.ts";

/** Name of the image that `importDatabaseImage` makes. */
export const databaseImage = "databases:1";

/** Where Debian has PostgreSQL's programs. */
export const postgresPrograms = "/usr/lib/postgresql/17/bin";

/**
 * Gives the engine an image with Debian's PostgreSQL, SQLite and programs for extended attributes, made of packages:
 * no image registry is needed.
 */
export async function importDatabaseImage(
  machine: TestMachine,
  cacheDirectory: string,
): Promise<void> {
  const root = await unpackedPackages({
    name: "databases",
    packages: ["postgresql-17", "sqlite3", "attr", "busybox-static"],
    // Neither compiled queries nor the programs that set up clusters.
    without: ["libllvm19", "postgresql-common", "ssl-cert", "perl"],
    cacheDirectory,
  });
  await writeFile(
    join(root, "etc/passwd"),
    "root:x:0:0:root:/root:/bin/sh\npostgres:x:999:999:postgres:/tmp:/bin/sh\n",
  );
  await mkdir(join(root, "tmp"), { recursive: true });
  // Whatever the umask of whoever made it first.
  await chmod(join(root, "tmp"), 0o1777);
  for (const [link, target] of [
    ["bin", "usr/bin"],
    ["lib", "usr/lib"],
    ["lib64", "usr/lib64"],
  ] as const) {
    await rm(join(root, link), { recursive: true, force: true });
    await symlink(target, join(root, link));
  }
  await rm(join(root, "usr/bin/sh"), { force: true });
  await symlink("busybox", join(root, "usr/bin/sh"));
  const { stderr, exitCode } = await machine.shell(
    `tar -C '${root}' ${unneeded} --owner=0 --group=0 -c . | docker import - ${databaseImage}`,
  );
  if (exitCode !== 0) throw new Error(`docker import: ${stderr}`);
}

/** An emulated engine takes long for what nobody reads. */
const unneeded = ["doc", "man", "locale", "lintian", "bug", "perl", "perl5"]
  .map((name) => `--exclude=./usr/share/${name}`)
  .join(" ");
