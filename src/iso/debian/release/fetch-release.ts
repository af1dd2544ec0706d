import { TsmachineError } from "../../../errors/tsmachine-error.ts";
import { downloadText } from "../../../host/download/download.ts";
import type { HttpClient } from "../../../host/download/http-client.ts";
import { archiveOf, archiveUri } from "../mirrors/archive-uri.ts";
import type { Mirror, Report } from "../mirrors/mirror.ts";
import { refuseRollback } from "./newest-seen.ts";
import { parseRelease, type Release } from "./release-file.ts";
import { verifyClearSigned } from "./signature.ts";

export interface ReleaseRequest {
  readonly mirror: Mirror;
  /** A code name or a suite name: "trixie", "stable". */
  readonly suite: string;
  /** Debian's armored public archive keys. */
  readonly keys: readonly string[];
  readonly now: Date;
  readonly cacheDirectory: string;
  readonly signal: AbortSignal;
  /** How to get there: directly unless given. */
  readonly http?: HttpClient | undefined;
  /** Whether a release that has passed its Valid-Until is refused; enforced unless given. */
  readonly validUntil?: "enforced" | "ignored" | undefined;
  /** Whether a release older than one that was seen before is refused; refused unless given. */
  readonly rollback?: "refused" | "allowed" | undefined;
  /** Told when a release is used that has passed its Valid-Until, or is older than one seen before. */
  readonly report?: Report | undefined;
  readonly stallTimeoutMs?: number;
}

export type SignedRelease = Release & {
  /** The file InRelease as it was served, signature and all. */
  readonly inRelease: string;
};

const dayMs = 24 * 60 * 60 * 1000;
const maximumSize = 16 << 20;

/**
 * Downloads a suite's InRelease and believes it only when Debian signed it, for this suite, and
 * it is neither out of date nor from the future.
 * @throws TsmachineError SIGNATURE_INVALID, RELEASE_INVALID, RELEASE_EXPIRED, RELEASE_ROLLBACK,
 *   SUITE_MISSING when the mirror does not have it, INVALID_INPUT for an impossible name, and what `downloadText` throws.
 */
export async function fetchRelease(request: ReleaseRequest): Promise<SignedRelease> {
  const { mirror, suite, keys, now } = request;
  if (!/^[a-z0-9][a-z0-9.+-]*$/.test(suite)) {
    throw new TsmachineError("INVALID_INPUT", `"${suite}" cannot be the name of a Debian suite`, {
      hints: ["give a code name such as trixie"],
    });
  }
  const url = `${archiveUri(mirror, archiveOf(suite))}/dists/${suite}/InRelease`;
  const text = await downloadInRelease(request, url);
  const notAfter = new Date(now.getTime() + dayMs);
  const release = parseRelease(url, await verifyClearSigned({ name: url, text, keys, notAfter }));
  refuseOtherSuite(release, url, suite);
  refuseWrongTime(release, url, request);
  await refuseRollback(release, request);
  return { ...release, inRelease: text };
}

async function downloadInRelease(request: ReleaseRequest, url: string): Promise<string> {
  try {
    return await downloadText({ ...request, url, maximumSize });
  } catch (error) {
    if (!(error instanceof TsmachineError) || error.context.status !== 404) throw error;
    throw new TsmachineError("SUITE_MISSING", `it has no suite ${request.suite} (${url})`, {
      hints: [
        `choose another suite, or name a mirror that has ${request.suite} with --mirror`,
        "for releases that Debian has archived: --mirror http://archive.debian.org/debian",
      ],
      context: { url },
      cause: error,
    });
  }
}

/** Any suite of Debian is signed: a mirror could answer with another one than was asked for. */
function refuseOtherSuite({ suite, codename }: Release, url: string, asked: string): void {
  if (asked === suite || asked === codename) return;
  throw new TsmachineError(
    "RELEASE_INVALID",
    `${url} is the release of ${codename} (${suite}), not of ${asked}`,
    { hints: ["name another mirror with --mirror"] },
  );
}

function refuseWrongTime(
  { codename, date, validUntil }: Release,
  url: string,
  { now, validUntil: rule = "enforced", report }: ReleaseRequest,
): void {
  if (date.getTime() > now.getTime() + dayMs) {
    throw new TsmachineError(
      "RELEASE_INVALID",
      `${url} is dated ${date.toISOString()}, which is still to come`,
      { hints: [`set this host's clock: it says ${now.toISOString()}`] },
    );
  }
  if (validUntil === undefined || validUntil >= now) return;
  if (rule === "ignored") {
    const until = validUntil.toISOString();
    report?.(
      `the release of ${codename} is used though it was valid until ${until} only`,
      "warning",
    );
    return;
  }
  throw new TsmachineError(
    "RELEASE_EXPIRED",
    `${url} was valid until ${validUntil.toISOString()}`,
    {
      hints: [
        "name a mirror that is up to date with --mirror, or take it as it is with --allow-expired",
        `check this host's clock: it says ${now.toISOString()}`,
      ],
    },
  );
}
