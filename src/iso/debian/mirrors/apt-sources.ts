// Where apt on this host gets its packages: sources.list(5).
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { isSystemError } from "../../../errors/system-error.ts";
import { readTextIfPresent } from "../../../host/files.ts";
import { parseParagraphs, words } from "../deb822.ts";

interface Source {
  readonly uris: readonly string[];
  readonly suites: readonly string[];
  readonly components: readonly string[];
  readonly signedBy: string | undefined;
}

/**
 * The URIs of Debian archive mirrors that apt uses, in its own order, each once. Other vendors'
 * and the security archive are left out. None on a host without apt.
 * @param directory apt's configuration: "/etc/apt".
 */
export async function readAptSources(directory: string): Promise<string[]> {
  const uris = new Set<string>();
  for (const path of await sourceFiles(directory)) {
    const text = await readIfAllowed(path);
    const sources = path.endsWith(".sources") ? parseSources(text) : parseList(text);
    for (const uri of sources.filter(isDebianArchive).flatMap((source) => source.uris)) {
      if (isMirrorUri(uri)) uris.add(uri.replace(/\/+$/, ""));
    }
  }
  return [...uris];
}

async function sourceFiles(directory: string): Promise<string[]> {
  const parts = join(directory, "sources.list.d");
  const names = (await namesIn(parts)).filter((name) => /\.(list|sources)$/.test(name)).sort();
  return [join(directory, "sources.list"), ...names.map((name) => join(parts, name))];
}

async function namesIn(directory: string): Promise<string[]> {
  try {
    return await readdir(directory);
  } catch (error) {
    if (isSystemError(error, "ENOENT", "ENOTDIR", "EACCES")) return [];
    throw error;
  }
}

/** A file with passwords may be readable by root alone; its mirrors are then not ours to use. */
async function readIfAllowed(path: string): Promise<string> {
  try {
    return (await readTextIfPresent(path)) ?? "";
  } catch (error) {
    if (isSystemError(error, "EACCES", "EISDIR")) return "";
    throw error;
  }
}

function parseList(text: string): Source[] {
  return text.split("\n").flatMap((line) => {
    const entry = /^\s*deb\s+(?:\[([^\]]*)\]\s*)?(\S+)\s+(\S+)(.*)$/.exec(line.replace(/#.*/, ""));
    if (entry === null) return [];
    const [, options, uri = "", suite = "", components] = entry;
    const signedBy = words(options).find((option) => option.startsWith("signed-by="));
    return [{ uris: [uri], suites: [suite], components: words(components), signedBy }];
  });
}

function parseSources(text: string): Source[] {
  return parseParagraphs(text)
    .filter((fields) => words(fields.get("types")).includes("deb"))
    .filter((fields) => !/^(no|false|without|off|disable|0)$/i.test(fields.get("enabled") ?? "yes"))
    .map((fields) => ({
      uris: words(fields.get("uris")),
      suites: words(fields.get("suites")),
      components: words(fields.get("components")),
      signedBy: fields.get("signed-by"),
    }));
}

/** Other vendors imitate the layout; what they do not imitate is Debian's key. */
function isDebianArchive({ suites, components, signedBy }: Source): boolean {
  return (
    components.includes("main") &&
    suites.some((suite) => /^[a-z][a-z0-9-]*$/.test(suite) && !suite.endsWith("-security")) &&
    (signedBy === undefined || signedBy.includes("debian-archive"))
  );
}

function isMirrorUri(uri: string): boolean {
  if (!URL.canParse(uri)) return false;
  const { protocol, pathname, username } = new URL(uri);
  return /^https?:$/.test(protocol) && /\/debian\/*$/.test(pathname) && username === "";
}
