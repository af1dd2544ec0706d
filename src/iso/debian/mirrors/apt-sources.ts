// Where apt on this host gets its packages: sources.list(5).
import { basename, join } from "node:path";
import { isSystemError } from "../../../errors/system-error.ts";
import { readTextIfPresent } from "../../../host/files/files.ts";
import { readableNamesIn } from "../../../host/files/names-in.ts";
import { parseParagraphs, words } from "../deb822.ts";
import { isMirrorUri } from "./parse-mirror.ts";

interface Source {
  readonly uris: readonly string[];
  readonly suites: readonly string[];
  readonly components: readonly string[];
  readonly signedBy: string | undefined;
}

/** URIs without a slash at their ends, in apt's own order, each once. */
export interface AptArchives {
  readonly uris: readonly string[];
  /** Of Debian's security archive. */
  readonly securityUris: readonly string[];
}

/**
 * The mirrors of Debian's archive and of its security archive that apt uses. Other vendors' are left
 * out. None on a host without apt.
 * @param directory apt's configuration: "/etc/apt".
 */
export async function readAptSources(directory: string): Promise<AptArchives> {
  const uris = new Set<string>();
  const securityUris = new Set<string>();
  for (const path of await sourceFiles(directory)) {
    const text = await readIfAllowed(path);
    const sources = path.endsWith(".sources") ? parseSources(text) : parseList(text);
    for (const source of sources.filter(isDebian)) {
      for (const uri of source.uris) {
        if (source.suites.some(isArchiveSuite) && servesOpenly(uri, "debian")) {
          uris.add(uri.replace(/\/+$/, ""));
        }
        if (source.suites.some(isSecuritySuite) && servesOpenly(uri, "debian-security")) {
          securityUris.add(uri.replace(/\/+$/, ""));
        }
      }
    }
  }
  return { uris: [...uris], securityUris: [...securityUris] };
}

async function sourceFiles(directory: string): Promise<string[]> {
  const parts = join(directory, "sources.list.d");
  const names = (await readableNamesIn(parts)).filter((name) => /\.(list|sources)$/.test(name));
  return [join(directory, "sources.list"), ...names.map((name) => join(parts, name))];
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
function isDebian({ components, signedBy }: Source): boolean {
  return (
    components.includes("main") && (signedBy === undefined || signedBy.includes("debian-archive"))
  );
}

function isArchiveSuite(suite: string): boolean {
  return /^[a-z][a-z0-9-]*$/.test(suite) && !isSecuritySuite(suite);
}

function isSecuritySuite(suite: string): boolean {
  return /^[a-z][a-z0-9]*-security$/.test(suite);
}

/** Whether everybody may read the archive there, which is in a folder of that name. */
function servesOpenly(uri: string, folder: "debian" | "debian-security"): boolean {
  if (!isMirrorUri(uri)) return false;
  const { protocol, pathname } = new URL(uri);
  return /^https?:$/.test(protocol) && basename(pathname) === folder;
}
