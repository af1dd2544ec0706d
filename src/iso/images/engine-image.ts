import { join } from "node:path";
import { readContent } from "../../bytes/content.ts";
import type { FileEntry, FileTree } from "../../bytes/file-tree.ts";
import { writeIso } from "../../bytes/iso9660/write-iso.ts";
import type { Architecture } from "../../host/architecture.ts";
import { selectEngine } from "../offers/engine-choice.ts";
import { digestOf, type EngineRecipe, engineRecipeSchema, readRecipe } from "../recipes/recipe.ts";
import { describeTree, readTemplateFolder } from "../recipes/template-folder.ts";
import type { EngineWish } from "./engine-wish.ts";
import type { ImageChoice, ImageDesign, ImageReport, Ingredients } from "./image-design.ts";
import { engineImageName } from "./image-files.ts";
import { type ImageLock, timeOf } from "./image-lock.ts";
import type { PackageSource } from "./package-source.ts";
import { isLeftOut, rootDirectory, symlinkTo, textFile, unpackPackages } from "./package-tree.ts";

/** Raised when the code that makes the image changes what it makes. */
const revision = 2;

export interface EngineImageWish {
  readonly architecture: Architecture;
  readonly engine: EngineWish;
}

/**
 * The engine image: the machine's root file system with dockerd, containerd, runc and what they
 * need, as ISO 9660 with Rock Ridge, which every hypervisor can attach read-only.
 * @param templates the folder templates/
 */
export async function engineImageDesign(
  templates: string,
  { architecture, engine }: EngineImageWish,
): Promise<ImageDesign> {
  const recipe = await readRecipe(templates, "engine", engineRecipeSchema);
  const overlay = await readTemplateFolder(join(templates, "guest", "root"));
  return {
    ...{ kind: "engine", architecture, wish: engine },
    templates: digestOf(revision, recipe, describeTree(overlay)),
    choose: (source, report) => choose(recipe, { architecture, engine }, { source, report }),
    build: async (ingredients) => {
      const { lock, folder, report, signal } = ingredients;
      const version = engineVersion(lock, recipe);
      const tree = await rootTree(recipe, overlay, ingredients);
      report.detail("writing the engine image");
      await writeIso({
        ...{ tree, volumeId: "TSM_ENGINE", time: timeOf(lock), signal },
        path: join(folder, engineImageName),
      });
      return { files: [engineImageName], version };
    },
  };
}

async function choose(
  recipe: EngineRecipe,
  { architecture, engine }: EngineImageWish,
  { source, report }: { source: PackageSource; report: ImageReport },
): Promise<ImageChoice> {
  const suite =
    engine.kind === "default"
      ? recipe.suite
      : selectEngine(await source.listOffers(architecture, report), engine.text).suite;
  const archive = await source.openArchive(suite, architecture, report);
  const packages = archive.resolve({ wanted: recipe.packages, without: recipe.without });
  return { releases: [archive.release], packages: [...packages], inputs: [] };
}

/** Upstream's version: "26.1.5" of "26.1.5+dfsg1-9". */
function engineVersion({ packages }: ImageLock, { engine }: EngineRecipe): string {
  const version = packages.find(({ name }) => name === engine)?.version;
  if (version === undefined) throw new Error(`the engine's recipe does not want ${engine}`);
  return version.replace(/^\d+:/, "").replace(/[+~-].*$/, "");
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
  tree.set(
    "usr/lib/os-release",
    textFile(osRelease(engineVersion(lock, recipe), lock.releases[0]?.suite ?? recipe.suite)),
  );
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
