import { join } from "node:path";
import { readContent } from "../../../bytes/content.ts";
import type { FileEntry, FileTree } from "../../../bytes/file-tree.ts";
import type { EngineRecipe } from "../../recipes/recipe.ts";
import type { Ingredients } from "../image-design.ts";
import { isLeftOut, rootDirectory, symlinkTo, textFile, unpackPackages } from "../package-tree.ts";
import { archiveOfEngine, readEngineArchive } from "./engine-archive.ts";
import { engineVersion } from "./engine-version.ts";

export interface RootTreeParts {
  readonly recipe: EngineRecipe;
  /** templates/guest/root */
  readonly overlay: FileTree;
}

/** The machine's root file system, and the version of the engine in it. */
export async function rootTree(
  { recipe, overlay }: RootTreeParts,
  ingredients: Ingredients,
): Promise<{ readonly tree: FileTree; readonly version: string }> {
  const { lock } = ingredients;
  const keep = (path: string) => !isLeftOut(path, recipe.leaveOut);
  const tree = await unpackPackages(ingredients, keep);
  await addArchive(tree, ingredients, keep);
  const version = await engineVersion(tree, lock, recipe);
  tree.set("etc/ssl/certs/ca-certificates.crt", await certificateBundle(tree));
  for (const [path, mode] of Object.entries(recipe.directories)) {
    tree.set(path, { ...rootDirectory, mode });
  }
  for (const [path, target] of Object.entries(recipe.symlinks)) tree.set(path, symlinkTo(target));
  addApplets(tree, recipe.applets);
  addTemplates(tree, overlay, recipe.modes);
  const suite = lock.releases[0]?.suite ?? recipe.suite;
  tree.set("usr/lib/os-release", textFile(osRelease(version, suite)));
  tree.set("etc/os-release", symlinkTo("../usr/lib/os-release"));
  tree.set("usr/share/tsmachine/lock.json", textFile(`${JSON.stringify(lock, undefined, 2)}\n`));
  return { tree, version };
}

async function addArchive(
  tree: Map<string, FileEntry>,
  { lock, inputs, scratch, report, signal }: Ingredients,
  keep: (path: string) => boolean,
): Promise<void> {
  const input = archiveOfEngine(lock);
  const path = input && inputs.get(input.name);
  if (input === undefined || path === undefined) return;
  const { name } = input;
  report.detail(`unpacking ${name}`);
  const spoolPath = join(scratch, `${name}.spool`);
  const { architecture } = lock;
  const programs = await readEngineArchive({ path, name, spoolPath, architecture, signal });
  for (const [program, entry] of programs) {
    const installed = `usr/bin/${program}`;
    if (keep(installed)) tree.set(installed, entry);
  }
}

function addTemplates(
  tree: Map<string, FileEntry>,
  templates: FileTree,
  modes: EngineRecipe["modes"],
): void {
  for (const path of Object.keys(modes)) {
    if (!templates.has(path))
      throw new Error(`the engine's recipe has a mode for no file: ${path}`);
  }
  for (const [path, entry] of templates) {
    tree.set(path, { ...entry, mode: modes[path] ?? entry.mode });
  }
}

/** A program of a package goes before the applet of that name, in either folder. */
function addApplets(tree: Map<string, FileEntry>, applets: EngineRecipe["applets"]): void {
  const isTaken = (name: string) => tree.has(`usr/bin/${name}`) || tree.has(`usr/sbin/${name}`);
  for (const [folder, names] of Object.entries(applets)) {
    for (const name of names.filter((applet) => !isTaken(applet))) {
      tree.set(`${folder}/${name}`, symlinkTo("/usr/bin/busybox"));
    }
  }
}

/** What update-ca-certificates would make of Mozilla's certificates: all of them in one file. */
async function certificateBundle(tree: FileTree): Promise<FileEntry> {
  const texts: string[] = [];
  for (const [path, entry] of [...tree].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (!/^usr\/share\/ca-certificates\/mozilla\/.*\.crt$/.test(path)) continue;
    if (entry.type === "file") texts.push(Buffer.from(await readContent(entry.content)).toString());
  }
  return textFile(texts.join(""));
}

/** https://www.freedesktop.org/software/systemd/man/latest/os-release.html */
function osRelease(version: string, suite: string): string {
  return [
    'NAME="tsmachine"',
    "ID=tsmachine",
    "ID_LIKE=debian",
    `VERSION_ID="${version}"`,
    `VERSION_CODENAME=${suite}`,
    `PRETTY_NAME="tsmachine (Debian ${suite}, engine ${version})"`,
    "",
  ].join("\n");
}
