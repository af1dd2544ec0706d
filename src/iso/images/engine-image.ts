import { join } from "node:path";
import { readContent } from "../../bytes/content.ts";
import type { FileEntry, FileTree } from "../../bytes/file-tree.ts";
import { writeIso } from "../../bytes/iso9660/write-iso.ts";
import type { Architecture } from "../../host/architecture.ts";
import type { DebianLock } from "../debian/lock.ts";
import { digestOf, type EngineRecipe, engineRecipeSchema, readRecipe } from "../recipes/recipe.ts";
import { describeTree, readTemplateFolder } from "../recipes/template-folder.ts";
import type { ImageDesign, Ingredients } from "./image-design.ts";
import { isLeftOut, rootDirectory, symlinkTo, textFile, unpackPackages } from "./package-tree.ts";

export const engineImageName = "engine.iso";

/** Raised when the code that makes the image changes what it makes. */
const revision = 1;

/**
 * The engine image: the machine's root file system with dockerd, containerd, runc and what they
 * need, as ISO 9660 with Rock Ridge, which every hypervisor can attach read-only.
 * @param templates the folder templates/
 */
export async function engineImageDesign(
  templates: string,
  architecture: Architecture,
): Promise<ImageDesign> {
  const recipe = await readRecipe(templates, "engine", engineRecipeSchema);
  const overlay = await readTemplateFolder(join(templates, "guest", "root"));
  return {
    kind: "engine",
    architecture,
    suite: recipe.suite,
    packages: { wanted: recipe.packages, without: recipe.without },
    digest: digestOf(revision, recipe, describeTree(overlay)),
    versionOf: (lock) => engineVersion(lock, recipe),
    build: async (ingredients) => {
      const { lock, folder, report, signal } = ingredients;
      const tree = await rootTree(recipe, overlay, ingredients);
      report.detail("writing the engine image");
      await writeIso({
        ...{ tree, volumeId: "TSM_ENGINE", time: new Date(lock.date), signal },
        path: join(folder, engineImageName),
      });
      return [engineImageName];
    },
  };
}

function engineVersion({ packages }: DebianLock, { engine }: EngineRecipe): string {
  const version = packages.find(({ name }) => name === engine)?.version;
  if (version === undefined) throw new Error(`the engine's recipe does not want ${engine}`);
  return version;
}

async function rootTree(
  recipe: EngineRecipe,
  overlay: FileTree,
  ingredients: Ingredients,
): Promise<FileTree> {
  const keep = (path: string) => !isLeftOut(path, recipe.leaveOut);
  const tree = await unpackPackages(ingredients, keep);
  tree.set("etc/ssl/certs/ca-certificates.crt", await certificateBundle(tree));
  for (const [path, mode] of Object.entries(recipe.directories)) {
    tree.set(path, { ...rootDirectory, mode });
  }
  for (const [path, target] of Object.entries(recipe.symlinks)) tree.set(path, symlinkTo(target));
  addApplets(tree, recipe.applets);
  addTemplates(tree, overlay, recipe.modes);
  const { lock } = ingredients;
  tree.set("usr/lib/os-release", textFile(osRelease(engineVersion(lock, recipe), lock.suite)));
  tree.set("etc/os-release", symlinkTo("../usr/lib/os-release"));
  tree.set("usr/share/tsmachine/lock.json", textFile(`${JSON.stringify(lock, undefined, 2)}\n`));
  return tree;
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
