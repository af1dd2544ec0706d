// Package URLs: ECMA-427, and https://github.com/package-url/purl-spec for the types.
import type { LockedPackage } from "../debian/lock.ts";
import type { LockedInput } from "../images/image-lock.ts";

/** "pkg:deb/debian/runc@1.1.15%2Bds1-2?arch=amd64&distro=trixie" */
export function debPurl(
  { name, version, architecture }: Pick<LockedPackage, "name" | "version" | "architecture">,
  suite: string,
): string {
  const qualifiers = `arch=${encode(architecture)}&distro=${encode(suite)}`;
  return `pkg:deb/debian/${encode(name)}@${encode(version)}?${qualifiers}`;
}

/** For a file that nobody but its hash identifies. */
export function genericPurl({ name, sha256 }: Pick<LockedInput, "name" | "sha256">): string {
  return `pkg:generic/${encode(name)}?checksum=sha256:${sha256}`;
}

/** All but letters, digits and ".-_~:" as percent and two digits (section 5.4 of ECMA-427). */
function encode(text: string): string {
  return encodeURIComponent(text).replaceAll("%3A", ":");
}
