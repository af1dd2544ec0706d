import type { Usage } from "../../providers/provider.ts";
import type { GuestUsage } from "./guest-usage.ts";

/** Totals with the time they are of, in milliseconds on a clock that never goes back. */
export type Timed<Totals> = Totals & { readonly atMs: number };

/** What a machine takes now; what is not known is absent. Rates are in bytes a second. */
export interface Figures {
  /** 100 is one processor of this host's, wholly busy. */
  readonly processorPercent?: number;
  /** Of this host's memory. */
  readonly residentBytes?: number;
  readonly guestMemoryUsedBytes?: number;
  readonly guestMemoryTotalBytes?: number;
  /** What the data disk's file takes on this host. */
  readonly diskBytes?: number;
  readonly diskReadRate?: number;
  readonly diskWriteRate?: number;
  readonly receiveRate?: number;
  readonly sendRate?: number;
}

/** From what the host knows, now and before. */
export function hostFigures(now: Timed<Usage>, before: Timed<Usage> | undefined): Figures {
  const rate = rateOf(now, before);
  const processor = rate("processorMs");
  return present({
    // Milliseconds of a processor in each second.
    processorPercent: processor === undefined ? undefined : processor / 10,
    residentBytes: now.residentBytes,
    diskReadRate: rate("diskReadBytes"),
    diskWriteRate: rate("diskWrittenBytes"),
  });
}

/** From what the guest says, now and before. */
export function guestFigures(
  now: Timed<GuestUsage>,
  before: Timed<GuestUsage> | undefined,
): Figures {
  const rate = rateOf(now, before);
  return present({
    guestMemoryUsedBytes: now.memoryUsedBytes,
    guestMemoryTotalBytes: now.memoryTotalBytes,
    receiveRate: rate("receivedBytes"),
    sendRate: rate("sentBytes"),
  });
}

/** How much a total grows in a second; undefined for one that began anew in between, as with another process. */
function rateOf<Name extends string>(
  now: Timed<{ readonly [name in Name]?: number }>,
  before: Timed<{ readonly [name in Name]?: number }> | undefined,
) {
  return (name: Name): number | undefined => {
    const [later, earlier] = [now[name], before?.[name]];
    if (later === undefined || earlier === undefined || before === undefined) return undefined;
    const elapsedMs = now.atMs - before.atMs;
    return later < earlier || elapsedMs <= 0 ? undefined : ((later - earlier) / elapsedMs) * 1000;
  };
}

type Possible = { readonly [name in keyof Figures]: number | undefined };

function present(figures: Possible): Figures {
  return Object.fromEntries(Object.entries(figures).filter(([, value]) => value !== undefined));
}
