/** As many as resolvers took for long; DHCP has room for more. */
const maxDomains = 6;
const maxLength = 63;

/**
 * The domains that names without a dot are looked for in, of a resolver's configuration: the last line counts.
 * QEMU's network asks this host's name server by itself, and says nothing of these unless it is told.
 * What comes after # or ; is a note.
 * https://man7.org/linux/man-pages/man5/resolv.conf.5.html
 */
export function searchDomains(resolvConf: string): readonly string[] {
  const lines = [...resolvConf.matchAll(/^(?:search|domain)[ \t]+([^#;\n]*)/gm)];
  const words = lines.at(-1)?.[1]?.split(/\s+/) ?? [];
  return words
    .map((word) => word.replace(/\.$/, ""))
    .filter((word) => word.length <= maxLength && /^[a-z0-9_-]+(\.[a-z0-9_-]+)*$/i.test(word))
    .slice(0, maxDomains);
}
