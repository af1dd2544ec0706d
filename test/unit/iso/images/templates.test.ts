import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { bootImageDesign } from "../../../../src/iso/images/boot/boot-image.ts";
import { engineImageDesign } from "../../../../src/iso/images/engine/engine-image.ts";
import { bootCommandLine } from "../../../../src/iso/recipes/command-line.ts";
import { describeTree, readTemplateFolder } from "../../../../src/iso/recipes/template-folder.ts";
import { symlink } from "../../../support/archives/contents.ts";
import { imageWorld } from "../../../support/images/image-world.ts";
import { projectFolder } from "../../../support/project-files.ts";
import { temporaryDirectory } from "../../../support/temporary-directory.ts";

test("scripts are executable, whatever this host made of their modes", async () => {
  const folder = await temporaryDirectory();
  await mkdir(join(folder, "etc"));
  await writeFile(join(folder, "etc/script"), "#!/bin/sh\n");
  await writeFile(join(folder, "text"), "# no script\n");
  await chmod(join(folder, "text"), 0o700);
  const tree = readTemplateFolder(folder);
  expect(new Map([...tree].map(([path, { mode }]) => [path, mode]))).toEqual(
    new Map([
      ["etc/script", 0o755],
      ["text", 0o644],
    ]),
  );
});

test("a description of a tree tells trees apart and does not depend on their order", async () => {
  const folder = await temporaryDirectory();
  await writeFile(join(folder, "a"), "one");
  await writeFile(join(folder, "b"), "two");
  const tree = readTemplateFolder(folder);
  const reversed = new Map([...tree].reverse());
  expect(describeTree(reversed)).toEqual(describeTree(tree));
  expect(describeTree(new Map([...tree, ["b", symlink("a")]]))).not.toEqual(describeTree(tree));
});

test("the project's own templates are fit for images of every architecture", async () => {
  const templates = join(projectFolder, "templates");
  expect(await bootCommandLine(templates, "amd64")).toContain("console=ttyS0");
  expect(await bootCommandLine(templates, "arm64")).toContain("console=ttyAMA0");
  const { source, options } = await imageWorld();
  const [kernel, engine] = [{ kind: "default" }, { kind: "default" }] as const;
  for (const architecture of ["amd64", "arm64"] as const) {
    const boot = await bootImageDesign(templates, { architecture, kernel });
    await boot.choose(source, options.report);
    expect(source.wanted.at(-1)?.[0]).toMatch(new RegExp(`^linux-image-.*${architecture}$`));
  }
  const design = await engineImageDesign(templates, { architecture: "amd64", engine });
  await design.choose(source, options.report);
  expect(source.requests.at(-1)).toBe("open trixie amd64");
  expect(source.wanted.at(-1)?.[0]).toBe("docker-cli | docker.io");
  const scripts = readTemplateFolder(join(templates, "guest", "root"));
  expect(scripts.get("usr/lib/tsmachine/boot")?.mode).toBe(0o755);
});
