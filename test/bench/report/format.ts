import type { Aim, Measurement, Series } from "../measure/measurement.ts";
import { cellsPerMinute, isMet, ratioOf } from "../measure/measurement.ts";
import type { Size } from "../measure/size.ts";
import { spreadOf } from "../measure/statistics.ts";

export interface Column<Row> {
  readonly header: string;
  cell(row: Row): string;
}

export const sizeColumns: readonly Column<Size>[] = [
  { header: "size", cell: ({ what }) => what },
  { header: "MB", cell: ({ bytes }) => (bytes / 1e6).toFixed(1) },
  { header: "aim", cell: formatSizeAim },
];

export const columns: readonly Column<Measurement>[] = [
  { header: "measured", cell: ({ what }) => what },
  { header: "runs", cell: ({ seconds }) => String(seconds.length) },
  { header: "median", cell: ({ seconds }) => formatSeconds(spreadOf(seconds).median) },
  { header: "min – max", cell: formatRange },
  { header: "cells/min", cell: (measurement) => cellsPerMinute(measurement)?.toFixed(1) ?? "" },
  { header: "QEMU CPU", cell: formatQemuCpu },
  { header: "peak memory", cell: formatPeak },
  { header: "floor", cell: formatFloor },
  { header: "× floor", cell: (measurement) => ratioOf(measurement)?.toFixed(2) ?? "" },
  {
    header: "aim",
    cell: (measurement) => measurement.aims.map((aim) => formatAim(measurement, aim)).join(", "),
  },
];

function formatSeconds(seconds: number): string {
  return seconds < 1 ? `${Math.round(seconds * 1000)} ms` : `${seconds.toFixed(1)} s`;
}

function formatRange({ seconds }: Series): string {
  const { min, max } = spreadOf(seconds);
  return `${formatSeconds(min)} – ${formatSeconds(max)}`;
}

function formatQemuCpu({ qemuCpuSeconds }: Series): string {
  return qemuCpuSeconds === undefined ? "" : formatSeconds(spreadOf(qemuCpuSeconds).median);
}

function formatPeak({ peakMB, machinesPeakMB }: Measurement): string {
  if (peakMB === undefined) return "";
  const own = `${Math.round(peakMB)} MB`;
  return machinesPeakMB === undefined ? own : `${own}, machines ${Math.round(machinesPeakMB)} MB`;
}

function formatFloor({ floor }: Measurement): string {
  if (floor === undefined) return "";
  const cpu = formatQemuCpu(floor);
  const median = formatSeconds(spreadOf(floor.seconds).median);
  return `${floor.what}: ${median}${cpu === "" ? "" : ` (CPU ${cpu})`}`;
}

function formatSizeAim({ bytes, atMostMB }: Size): string {
  if (atMostMB === undefined) return "";
  return `≤ ${atMostMB} MB: ${bytes <= atMostMB * 1e6 ? "met" : "MISSED"}`;
}

function formatAim(measurement: Measurement, aim: Aim): string {
  return `${wordAim(aim)}: ${isMet(measurement, aim) ? "met" : "MISSED"}`;
}

function wordAim({ quantity, atMost }: Aim): string {
  switch (quantity) {
    case "seconds":
      return `≤ ${formatSeconds(atMost)}`;
    case "peakMB":
      return `≤ ${atMost} MB`;
    case "ratio":
      return `≤ ${atMost.toFixed(2)} × floor`;
  }
}
