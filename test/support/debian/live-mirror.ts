import { readAptSources } from "../../../src/iso/debian/mirrors/apt-sources.ts";
import type { Mirror } from "../../../src/iso/debian/mirrors/mirror.ts";
import { parseMirror } from "../../../src/iso/debian/mirrors/parse-mirror.ts";

/** The first mirror of this host's apt that answers; undefined when none does. */
export async function reachableMirror(): Promise<Mirror | undefined> {
  for (const uri of (await readAptSources("/etc/apt")).uris) {
    const request = { method: "HEAD", signal: AbortSignal.timeout(10_000) };
    const response = await fetch(`${uri}/dists/trixie/InRelease`, request).catch(() => undefined);
    if (response?.ok) return parseMirror(uri, "from this host's apt sources");
  }
  return undefined;
}
