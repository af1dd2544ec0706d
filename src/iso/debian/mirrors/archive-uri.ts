import { TsmachineError } from "../../../errors/tsmachine-error.ts";
import type { Mirror } from "./mirror.ts";

/** Archives of Debian, each with suites and packages of its own. */
export type ArchiveName = "debian" | "debian-security";

/** The archive that has a suite: "trixie-security" is one of the security archive. */
export function archiveOf(suite: string): ArchiveName {
  return suite.endsWith("-security") ? "debian-security" : "debian";
}

/** The name of the suite that has the security updates of this one, if there are any. */
export function securitySuiteOf(suite: string): string {
  return `${suite}-security`;
}

/** The suite that a suite of security updates belongs to; others are their own. */
export function updatedSuiteOf(suite: string): string {
  return suite.replace(/-security$/, "");
}

/**
 * Where the mirror has that archive.
 * @throws TsmachineError SUITE_MISSING when no place of its security archive is known.
 */
export function archiveUri(mirror: Mirror, archive: ArchiveName): string {
  const uri = archive === "debian" ? mirror.uri : mirror.securityUri;
  if (uri !== undefined) return uri;
  throw new TsmachineError("SUITE_MISSING", `no security archive is known for ${mirror.uri}`, {
    hints: ["name a mirror that has debian-security beside debian: --mirror http://HOST/debian"],
  });
}
