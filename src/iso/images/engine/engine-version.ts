import { chunksOf } from "../../../bytes/content.ts";
import type { FileTree } from "../../../bytes/file-tree.ts";
import type { EngineRecipe } from "../../recipes/recipe.ts";
import type { ImageLock } from "../image-lock.ts";
import { archiveOfEngine } from "./engine-archive.ts";

/** What is said of an engine that does not tell its version unless it runs. */
export const unknownVersion = "unknown";

/**
 * Upstream's version: "26.1.5" of the package's "26.1.5+dfsg1-9". That of an engine from an archive
 * is in the archive's name, as upstream names them, or in what Go's linker noted in dockerd.
 * @param tree the root file system
 */
export async function engineVersion(
  tree: FileTree,
  lock: ImageLock,
  { engine }: EngineRecipe,
): Promise<string> {
  const archive = archiveOfEngine(lock);
  if (archive !== undefined) {
    return versionInName(archive.name) ?? (await versionInProgram(tree)) ?? unknownVersion;
  }
  const version = lock.packages.find(({ name }) => name === engine.package)?.version;
  if (version === undefined) throw new Error(`the engine's recipe does not want ${engine.package}`);
  return version.replace(/^\d+:/, "").replace(/[+~-].*$/, "");
}

/** "28.5.2" of "docker-28.5.2.tgz", "29.0.0-rc.1" of "docker-29.0.0-rc.1.tgz". */
function versionInName(name: string): string | undefined {
  return /^docker-(\d+\.\d+\.\d+(?:-[A-Za-z0-9.]+?)?)\.(?:tgz|tar\.gz)$/.exec(name)?.[1];
}

/** The linker's flags are in Go's build information: `-X …/dockerversion.Version=28.5.2`. */
async function versionInProgram(tree: FileTree): Promise<string | undefined> {
  const dockerd = tree.get("usr/bin/dockerd");
  if (dockerd?.type !== "file") return undefined;
  let end = "";
  for await (const chunk of chunksOf(dockerd.content)) {
    const text = end + Buffer.from(chunk).toString("latin1");
    const found = /dockerversion\.Version=(\d+\.\d+\.\d+[A-Za-z0-9.-]*)["' ]/.exec(text)?.[1];
    if (found !== undefined) return found;
    end = text.slice(-longestNote);
  }
  return undefined;
}

const longestNote = 200;
