import { readFile } from "node:fs/promises";
import { z } from "zod";
import { type Mirror, parseMirror } from "./mirror.ts";

export interface MirrorSources {
  /** Value of --mirror. */
  readonly option?: string | undefined;
  /** Value of TSMACHINE_DEBIAN_MIRROR; empty is as good as unset. */
  readonly environment?: string | undefined;
  /** Value in the user's configuration file. */
  readonly configured?: string | undefined;
  /** The mirrors that the host's own apt uses. */
  readonly readAptSources: () => Promise<readonly string[]>;
  /** What templates/mirrors.json lists. */
  readonly official: readonly string[];
}

/**
 * The mirrors to try, best first. One that the user has named is the only one.
 * @throws TsmachineError INVALID_INPUT when the one that the user has named is no http(s) address.
 */
export async function mirrorCandidates(sources: MirrorSources): Promise<readonly Mirror[]> {
  const { option, environment, configured, readAptSources, official } = sources;
  if (option) return [parseMirror(option, "from --mirror")];
  if (environment) return [parseMirror(environment, "from TSMACHINE_DEBIAN_MIRROR")];
  if (configured) return [parseMirror(configured, "from the configuration file")];
  const fromApt = await readAptSources();
  return [
    ...fromApt.map((uri) => parseMirror(uri, "from this host's apt sources")),
    ...official
      .filter((uri) => !fromApt.includes(uri))
      .map((uri) => parseMirror(uri, "an official mirror")),
  ];
}

const mirrorListSchema = z.array(z.url()).min(1);

/** Reads templates/mirrors.json. */
export async function readOfficialMirrors(path: string): Promise<readonly string[]> {
  return mirrorListSchema.parse(JSON.parse(await readFile(path, "utf8")));
}
