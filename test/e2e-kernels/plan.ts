import type { Offered } from "./offers.ts";
import type { Settings } from "./settings.ts";

/** A kernel and an engine to try, and what is known of them beforehand. */
export interface Pair {
  /** Of the kernel: "6.12". */
  readonly series: string;
  /** What `uname -r` is to print. */
  readonly release: string;
  /** Of the kernel. */
  readonly suite: string;
  /** What the engine's version is to begin with: "26.1.5". */
  readonly engine: string;
  /** Flags of `create`. */
  readonly flags: readonly string[];
  readonly note: string;
}

/**
 * The pairs to try, oldest kernel first: the newest kernel of every series with one engine, then the
 * standard kernel's series with every other engine.
 * @throws Error when nothing that is offered is meant.
 */
export function planPairs(offered: Offered, settings: Settings): readonly Pair[] {
  const engine = chooseEngine(offered, settings.engine);
  const kernels = chooseKernels(offered, settings);
  if (settings.extent === "ends") return endsOf(kernels, offered, engine);
  const standardKernel = kernels.find(({ series }) => series === seriesOf(offered));
  const others = standardKernel && settings.engine === undefined ? otherEngines(offered) : [];
  const pairs = [
    ...kernels.map((kernel) => pairOf(kernel, engine)),
    ...others.flatMap((other) => (standardKernel ? [pairOf(standardKernel, other)] : [])),
  ];
  if (pairs.length === 0) throw new Error("Debian offers none of these kernels");
  return pairs;
}

interface Kernel extends Pick<Pair, "series" | "release" | "suite" | "flags"> {
  readonly isExpired: boolean;
}

interface Engine extends Pick<Pair, "flags"> {
  readonly version: string;
  readonly suite: string;
  readonly isExpired: boolean;
}

function pairOf(kernel: Kernel, engine: Engine): Pair {
  const { series, release, suite } = kernel;
  const expired = [kernel, engine].filter(({ isExpired }) => isExpired);
  const suites = [...new Set(expired.map((one) => one.suite))];
  return {
    ...{ series, release, suite, engine: engine.version },
    flags: [...kernel.flags, ...engine.flags, ...(expired.length > 0 ? ["--allow-expired"] : [])],
    note: suites.map((name) => `${name} has expired: --allow-expired`).join(", "),
  };
}

/** The newest of every series, oldest first. */
function chooseKernels({ kernels }: Offered, { only, flavour }: Settings): Kernel[] {
  const chosen = new Map<string, Kernel>();
  // A series that a valid suite has is never taken from one that has expired.
  for (const { offer, isExpired } of validFirst(kernels)) {
    const { series, release, suite } = offer;
    if (offer.flavour !== flavour || chosen.has(series)) continue;
    if (only !== undefined && !only.includes(series)) continue;
    const flags = ["--kernel", `${series}-${flavour}`];
    chosen.set(series, { series, release, suite, flags, isExpired });
  }
  return [...chosen.values()].sort((one, other) => compareSeries(one.series, other.series));
}

function endsOf(kernels: readonly Kernel[], offered: Offered, engine: Engine): readonly Pair[] {
  const valid = kernels.filter(({ isExpired }) => !isExpired);
  const [oldest, newest] = [valid.at(0), valid.at(-1)];
  if (oldest === undefined || newest === undefined) throw new Error("Debian offers no kernels");
  const { version: release, suites } = offered.standard.boot;
  const listed = offered.kernels.find(({ offer }) => offer.release === release);
  const suite = listed?.offer.suite ?? suites.join(" ");
  const standard = { series: seriesOf(offered), release, suite };
  return [
    pairOf(oldest, engine),
    pairOf({ ...standard, flags: [], isExpired: false }, engine),
    pairOf(newest, engine),
  ];
}

function chooseEngine(offered: Offered, wanted: string | undefined): Engine {
  if (wanted === undefined) {
    const { version, suites } = offered.standard.engine;
    return { version, suite: suites.at(0) ?? "", flags: [], isExpired: false };
  }
  const found = enginesIn(offered).find(({ series, version }) =>
    [series, version].includes(wanted),
  );
  if (found === undefined) throw new Error(`Debian offers no engine ${wanted}`);
  return { ...found, flags: ["--engine-version", wanted] };
}

/** The newest of every series but the standard one. */
function otherEngines(offered: Offered): readonly Engine[] {
  const seen = new Set([majorAndMinor(offered.standard.engine.version)]);
  return enginesIn(offered).flatMap(({ series, ...engine }) => {
    if (seen.has(series)) return [];
    seen.add(series);
    return [{ ...engine, flags: ["--engine-version", series] }];
  });
}

function enginesIn({ engines }: Offered) {
  return validFirst(engines).map(({ offer: { series, version, suite }, isExpired }) => ({
    ...{ series, version, suite, isExpired },
  }));
}

function validFirst<Item extends { readonly isExpired: boolean }>(items: readonly Item[]): Item[] {
  return [false, true].flatMap((wanted) => items.filter(({ isExpired }) => isExpired === wanted));
}

function seriesOf({ standard }: Offered): string {
  return majorAndMinor(standard.boot.version);
}

function majorAndMinor(version: string): string {
  return /^\d+\.\d+/.exec(version)?.[0] ?? version;
}

function compareSeries(one: string, other: string): number {
  const [a, b] = [one, other].map((series) => series.split(".").map(Number));
  return (a?.[0] ?? 0) - (b?.[0] ?? 0) || (a?.[1] ?? 0) - (b?.[1] ?? 0);
}
