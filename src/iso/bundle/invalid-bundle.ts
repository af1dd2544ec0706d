import { TsmachineError } from "../../errors/tsmachine-error.ts";

/** BUNDLE_INVALID about the bundle at `path`; `problem` says what is wrong with it. */
export function invalidBundle(path: string, problem: string, cause?: unknown): TsmachineError {
  return new TsmachineError("BUNDLE_INVALID", `${path} is not a usable bundle: ${problem}`, {
    hints: [
      "copy or download the bundle again, or make a new one with `tsmachine bundle create FILE`",
    ],
    context: { path },
    cause,
  });
}

/**
 * How a failure to take Debian's packages from the bundle at `path` is told: what would be the
 * mirror's fault is the bundle's. Any other failure is given back as it is.
 */
export function explainBundleFailure(path: string, error: unknown): unknown {
  if (!(error instanceof TsmachineError)) return error;
  const { code, message } = error;
  if (code === "RELEASE_ROLLBACK") {
    return new TsmachineError(code, `${path} is older than what this store has: ${message}`, {
      hints: [
        "get a newer bundle",
        `to use it all the same, without the newest fixes: tsmachine bundle import --allow-rollback ${path}`,
      ],
      cause: error,
    });
  }
  if (!faultsOfContent.has(code)) return error;
  const failure = invalidBundle(path, message, error);
  if (!faultsOfKeysOrClock.has(code)) return failure;
  return new TsmachineError(failure.code, failure.message, {
    hints: [
      ...failure.hints,
      "check this host's date, and whether a newer tsmachine has newer keys of Debian",
    ],
    context: failure.context,
    cause: error,
  });
}

const faultsOfKeysOrClock: ReadonlySet<string> = new Set(["RELEASE_INVALID", "SIGNATURE_INVALID"]);

const faultsOfContent: ReadonlySet<string> = new Set([
  ...faultsOfKeysOrClock,
  "ARCHIVE_INVALID",
  "DOWNLOAD_CORRUPT",
  "DOWNLOAD_FAILED",
  "ENGINE_UNKNOWN",
  "KERNEL_UNKNOWN",
  "PACKAGE_UNAVAILABLE",
  "SUITE_MISSING",
]);
