import pLimit from "p-limit";
import { TsmachineError } from "../../errors/tsmachine-error.ts";
import type { Architecture } from "../../host/architecture.ts";
import type { OpenedSuite } from "../debian/open-suite.ts";
import { compareVersions } from "../debian/packages/version.ts";
import { type EngineOffer, engineOffersIn } from "./engine-offers.ts";
import { type KernelOffer, kernelOffersIn } from "./kernel-offers.ts";
import { cachedOffers, type SuiteOffers } from "./offers-cache.ts";

export interface Offers {
  /** Newest first; cloud before full. */
  readonly kernels: readonly KernelOffer[];
  /** Newest first. */
  readonly engines: readonly EngineOffer[];
  /** The suites that could not be looked at, in the order they were asked for. */
  readonly notes: readonly SuiteNote[];
}

export interface SuiteNote {
  readonly suite: string;
  /** Why it was left out. */
  readonly reason: string;
  /** What to do about it. */
  readonly hint: string | undefined;
}

/** Opens a suite of Debian, verified; its index is fetched and read when it is asked for. */
export type OpenSuite = (
  suite: string,
  architecture: Architecture,
  report: OffersReport,
) => Promise<Pick<OpenedSuite, "indexSha256" | "readIndex">>;

export interface OffersReport {
  /** One line about what is done just now. */
  detail(text: string): void;
  bytes(transfer: { readonly received: number; readonly total: number | undefined }): void;
}

export interface OffersRequest {
  /** Of several that offer the same, the first one is named first. */
  readonly suites: readonly string[];
  readonly architecture: Architecture;
  readonly openSuite: OpenSuite;
  readonly cacheDirectory: string;
  readonly report: OffersReport;
  readonly signal: AbortSignal;
}

const suitesAtOnce = 4;

/**
 * What Debian's suites offer. One that the mirror lacks, that has expired or that cannot be trusted
 * becomes a note.
 * @throws TsmachineError of the first suite when not one of them can be opened.
 */
export async function listOffers(request: OffersRequest): Promise<Offers> {
  const { suites, signal } = request;
  const limit = pLimit(suitesAtOnce);
  const report = sumOf(request.report);
  const tasks = suites.map((suite) =>
    limit(() => {
      signal.throwIfAborted();
      return lookAt(suite, { ...request, report: report() });
    }),
  );
  // A failure must not leave others at work behind it.
  await Promise.allSettled(tasks);
  signal.throwIfAborted();
  const looks = await Promise.all(tasks);
  const found = looks.flatMap((look) => look.offers ?? []);
  const [failure] = looks.flatMap((look) => look.failure ?? []);
  if (found.length === 0 && failure !== undefined) throw failure;
  const rankOf = ({ suite }: { suite: string }) => suites.indexOf(suite);
  return {
    kernels: found
      .flatMap(({ kernels }) => kernels)
      .sort((a, b) => newestFirst(a, b) || byFlavour(a, b) || rankOf(a) - rankOf(b)),
    engines: found
      .flatMap(({ engines }) => engines)
      .sort((a, b) => newestFirst(a, b) || rankOf(a) - rankOf(b)),
    notes: looks.flatMap(({ suite, failure }) => (failure ? noteOn(suite, failure) : [])),
  };
}

interface Look {
  readonly suite: string;
  readonly offers?: SuiteOffers;
  readonly failure?: TsmachineError;
}

async function lookAt(suite: string, request: OffersRequest): Promise<Look> {
  const { architecture, openSuite, cacheDirectory, report } = request;
  try {
    const { indexSha256, readIndex } = await openSuite(suite, architecture, report);
    const offers = await cachedOffers({ cacheDirectory, suite, indexSha256 }, async () => {
      report.detail(`reading the packages of ${suite}`);
      const index = await readIndex();
      return { kernels: kernelOffersIn(index, suite), engines: engineOffersIn(index, suite) };
    });
    return { suite, offers };
  } catch (error) {
    if (error instanceof TsmachineError) return { suite, failure: error };
    throw error;
  }
}

function noteOn(suite: string, { message, hints: [hint] }: TsmachineError): SuiteNote {
  return { suite, reason: message, hint };
}

interface Versioned {
  readonly version: string;
  readonly packageVersion: string;
}

function newestFirst(a: Versioned, b: Versioned): number {
  return (
    compareVersions(b.version, a.version) || compareVersions(b.packageVersion, a.packageVersion)
  );
}

function byFlavour(a: KernelOffer, b: KernelOffer): number {
  return Number(a.flavour === "full") - Number(b.flavour === "full");
}

/**
 * Suites are fetched at the same time, each file by file, and shown as one transfer that only grows.
 * Its total is not known before the last file has begun.
 */
function sumOf(report: OffersReport): () => OffersReport {
  let sum = 0;
  return () => {
    let former = 0;
    return {
      detail: report.detail,
      bytes({ received }) {
        // Less than before is the beginning of another file, or of the same one from another mirror.
        sum += received < former ? received : received - former;
        former = received;
        report.bytes({ received: sum, total: undefined });
      },
    };
  };
}
