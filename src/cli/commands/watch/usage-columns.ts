import type { UsageRow } from "../../../core/usage/meter.ts";
import type { Column } from "../../output/table.ts";
import { formatBytes } from "../../tasks/amounts.ts";

/** What is not known is "-". */
export const usageColumns: readonly Column<UsageRow>[] = [
  { header: "name", cell: ({ name }) => name },
  { header: "state", cell: ({ status }) => status },
  { header: "cpu", cell: ({ processorPercent }) => unlessUnknown(processorPercent, percent) },
  { header: "memory", cell: ({ residentBytes }) => unlessUnknown(residentBytes, formatBytes) },
  { header: "in guest", cell: guestMemory },
  { header: "disk", cell: ({ diskBytes }) => unlessUnknown(diskBytes, formatBytes) },
  { header: "read", cell: ({ diskReadRate }) => unlessUnknown(diskReadRate, perSecond) },
  { header: "written", cell: ({ diskWriteRate }) => unlessUnknown(diskWriteRate, perSecond) },
  { header: "received", cell: ({ receiveRate }) => unlessUnknown(receiveRate, perSecond) },
  { header: "sent", cell: ({ sendRate }) => unlessUnknown(sendRate, perSecond) },
  { header: "errors", cell: ({ error }) => error },
];

export function percent(share: number): string {
  return `${share.toFixed(1)} %`;
}

function guestMemory({ guestMemoryUsedBytes, guestMemoryTotalBytes }: UsageRow): string {
  if (guestMemoryUsedBytes === undefined || guestMemoryTotalBytes === undefined) return "-";
  return `${formatBytes(guestMemoryUsedBytes)} / ${formatBytes(guestMemoryTotalBytes)}`;
}

function perSecond(bytes: number): string {
  return `${formatBytes(bytes)}/s`;
}

function unlessUnknown(value: number | undefined, format: (value: number) => string): string {
  return value === undefined ? "-" : format(value);
}
