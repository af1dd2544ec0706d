import { chmod, mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { sizeOf } from "../../../src/bytes/content.ts";
import { run } from "../../../src/host/processes/run.ts";
import { unpackDeb } from "../../../src/iso/unpack/unpack-deb.ts";
import { textAt } from "../../support/archives/contents.ts";
import { hasProgram } from "../../support/archives/programs.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const control = `Package: sample
Version: 1
Architecture: all
Maintainer: Nobody <nobody@example.org>
Description: sample
`;
const longName = `${"folder/".repeat(20)}${"n".repeat(120)}`;

/** A folder with a package's files and its control file. */
async function makePackageFolder(): Promise<string> {
  const folder = join(await temporaryDirectory(), "package");
  await mkdir(join(folder, "DEBIAN"), { recursive: true, mode: 0o755 });
  await mkdir(join(folder, "usr/bin"), { recursive: true, mode: 0o755 });
  await mkdir(join(folder, longName, ".."), { recursive: true, mode: 0o755 });
  await writeFile(join(folder, "DEBIAN/control"), control);
  await writeFile(join(folder, "usr/bin/tool"), Buffer.alloc(3_000_001, "tool"));
  await chmod(join(folder, "usr/bin/tool"), 0o4755);
  await writeFile(join(folder, longName), "long");
  await symlink("/usr/bin/tool", join(folder, "usr/bin/link"));
  return folder;
}

test.skipIf(!hasProgram("dpkg-deb")).each(["xz", "gzip", "none"])(
  "a package that dpkg-deb made with compression %s is unpacked",
  async (compression) => {
    const folder = await makePackageFolder();
    const path = join(await temporaryDirectory(), "sample.deb");
    const options = ["--root-owner-group", `-Z${compression}`];
    await run("dpkg-deb", [...options, "--build", folder, path]);
    const spoolPath = `${path}.spool`;
    const tree = await unpackDeb({ path, spoolPath, signal: new AbortController().signal });
    const tool = tree.get("usr/bin/tool");
    expect(tool).toMatchObject({ type: "file", mode: 0o4755, uid: 0, gid: 0 });
    expect(tool?.type === "file" && sizeOf(tool.content)).toBe(3_000_001);
    expect(tree.get("usr/bin/link")).toMatchObject({ type: "symlink", target: "/usr/bin/tool" });
    expect(await textAt(tree, longName)).toBe("long");
    expect((await textAt(tree, "usr/bin/tool"))?.slice(0, 8)).toBe("tooltool");
    await rm(spoolPath);
  },
);
