import { TsmachineError } from "../../../errors/tsmachine-error.ts";
import { downloadText } from "../../../host/download.ts";
import type { Mirror } from "../mirrors/mirror.ts";
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
  /** Whether a release that has passed its Valid-Until is refused; enforced unless given. */
  readonly validUntil?: "enforced" | "ignored" | undefined;
  readonly stallTimeoutMs?: number;
}

const dayMs = 24 * 60 * 60 * 1000;
const maximumSize = 16 << 20;

/**
 * Downloads a suite's InRelease and believes it only when Debian signed it, for this suite, and
 * it is neither out of date nor from the future.
 * @throws TsmachineError SIGNATURE_INVALID, RELEASE_INVALID, RELEASE_EXPIRED, RELEASE_ROLLBACK,
 *   INVALID_INPUT for an impossible name, and what `downloadText` throws.
 */
export async function fetchRelease(request: ReleaseRequest): Promise<Release> {
  const { mirror, suite, keys, now, cacheDirectory, signal } = request;
  if (!/^[a-z0-9][a-z0-9.+-]*$/.test(suite)) {
    throw new TsmachineError("INVALID_INPUT", `"${suite}" cannot be the name of a Debian suite`, {
      hints: ["give a code name such as trixie"],
    });
  }
  const url = `${mirror.uri}/dists/${suite}/InRelease`;
  const text = await downloadText({ ...request, url, maximumSize });
  const notAfter = new Date(now.getTime() + dayMs);
  const release = parseRelease(url, await verifyClearSigned({ name: url, text, keys, notAfter }));
  refuseOtherSuite(release, url, suite);
  refuseWrongTime(release, url, request);
  await refuseRollback(release, { cacheDirectory, signal });
  return release;
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
  { date, validUntil }: Release,
  url: string,
  { now, validUntil: rule = "enforced" }: ReleaseRequest,
): void {
  if (date.getTime() > now.getTime() + dayMs) {
    throw new TsmachineError(
      "RELEASE_INVALID",
      `${url} is dated ${date.toISOString()}, which is still to come`,
      { hints: [`set this host's clock: it says ${now.toISOString()}`] },
    );
  }
  if (rule === "enforced" && validUntil !== undefined && validUntil < now) {
    throw new TsmachineError(
      "RELEASE_EXPIRED",
      `${url} was valid until ${validUntil.toISOString()}`,
      {
        hints: [
          "name a mirror that is up to date with --mirror",
          `check this host's clock: it says ${now.toISOString()}`,
        ],
      },
    );
  }
}
