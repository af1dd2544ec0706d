import { readFile } from "node:fs/promises";
import * as z from "zod";
import type { AptArchives } from "./apt-sources.ts";
import type { Mirror } from "./mirror.ts";
import { parseMirror, parseMirrorUri } from "./parse-mirror.ts";

export interface MirrorSources {
  /** Value of --mirror. */
  readonly option?: string | undefined;
  /** Value of TSMACHINE_DEBIAN_MIRROR; empty is as good as unset. */
  readonly environment?: string | undefined;
  /** Value in the user's configuration file. */
  readonly configured?: string | undefined;
  /** The archives that the host's own apt uses. */
  readonly readAptSources: () => Promise<AptArchives>;
  /** What templates/mirrors.json lists. */
  readonly official: readonly OfficialMirror[];
}

/**
 * The mirrors to try, best first. One that the user has named is the only one.
 * @throws TsmachineError INVALID_INPUT when the one that the user has named is no mirror's address.
 */
export async function mirrorCandidates(sources: MirrorSources): Promise<readonly Mirror[]> {
  const { option, environment, configured, readAptSources, official } = sources;
  if (option) return [parseMirror(option, "from --mirror")];
  if (environment) return [parseMirror(environment, "from TSMACHINE_DEBIAN_MIRROR")];
  if (configured) return [parseMirror(configured, "from the configuration file")];
  const { uris, securityUris } = await readAptSources();
  const [securityUri] = securityUris;
  return [
    ...uris.map((uri) => describedMirror({ uri, securityUri }, "from this host's apt sources")),
    ...official
      .filter(({ uri }) => !uris.includes(uri))
      .map((mirror) => describedMirror(mirror, "an official mirror")),
  ];
}

/** The security archive is where the list says, and not beside the mirror's own. */
function describedMirror({ uri, securityUri }: OfficialMirror, origin: string): Mirror {
  return {
    uri: parseMirrorUri(uri, origin),
    securityUri: securityUri && parseMirrorUri(securityUri, origin),
    origin,
  };
}

const officialMirrorSchema = z.strictObject({
  uri: z.url(),
  securityUri: z.url().optional(),
});
export type OfficialMirror = Readonly<z.infer<typeof officialMirrorSchema>>;

/** Reads templates/mirrors.json. */
export async function readOfficialMirrors(path: string): Promise<readonly OfficialMirror[]> {
  return z
    .array(officialMirrorSchema)
    .min(1)
    .parse(JSON.parse(await readFile(path, "utf8")));
}
