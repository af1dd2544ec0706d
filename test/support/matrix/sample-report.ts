import { gzipSync } from "node:zlib";
import { cellId } from "../../../src/matrix/definition/axes.ts";
import type { Outcome } from "../../../src/matrix/report/outcome.ts";
import type { CellResult, Report } from "../../../src/matrix/report/report.ts";

/** A result of 6.1/26.1 with the workload "smoke", which passed unless told otherwise. */
export function sampleResult(changes: Partial<CellResult> = {}): CellResult {
  const axes = changes.axes ?? { kernel: "6.1", engine: "26.1" };
  return {
    cell: cellId(axes),
    workload: "smoke",
    axes,
    outcome: "pass",
    reason: "",
    attempts: 1,
    timings: { totalMs: 10_000 },
    output: "",
    console: "",
    splats: [],
    ...changes,
  };
}

export function sampleReport(
  results: readonly CellResult[] = sampleResults(),
  changes: Partial<Report> = {},
): Report {
  return {
    schemaVersion: 1,
    tsmachineVersion: "0.1.0",
    name: "sample",
    startedAt: "2026-11-01T10:00:00Z",
    endedAt: "2026-11-01T10:05:30Z",
    host: { platform: "linux", architecture: "x64", cpuCount: 8, memoryMiB: 16_384 },
    results: [...results],
    kernelConfigs: { "6.1.0-50-amd64": packed("CONFIG_OVERLAY_FS=m\nCONFIG_VETH=m\n") },
    ...changes,
  };
}

/** A cell for each outcome, on three kernels and four engines, and one with another storage driver. */
function sampleResults(): CellResult[] {
  const kernels = ["5.10", "6.1", "7.3"];
  const engines = ["20.10", "26.1", "28.5", "29.0"];
  const axes = kernels.flatMap((kernel) => engines.map((engine) => ({ kernel, engine })));
  return [
    ...sampleOutcomes.map(({ outcome, ...more }, index) =>
      sampleResult({ axes: axes[index] ?? { kernel: "6.1", engine: "26.1" }, outcome, ...more }),
    ),
    sampleResult({ axes: { kernel: "6.1", engine: "26.1", storageDriver: "vfs" } }),
  ];
}

/** A kernel's configuration as reports have it. */
export function packed(config: string): string {
  return gzipSync(config).toString("base64");
}

const sampleOutcomes: readonly (Partial<CellResult> & { readonly outcome: Outcome })[] = [
  {
    outcome: "pass",
    kernelRelease: "6.1.0-50-amd64",
    engineVersion: "20.10.24",
    accelerator: "kvm",
    startedAt: "2026-11-01T10:00:01Z",
    timings: { bootMs: 3200, prepareMs: 1100, workloadMs: 4000, totalMs: 9000 },
    output: "all 12 checks passed\n",
    console: "[    0.000000] Linux version 6.1.0-50-amd64\n[    1.5] engine is up\n",
  },
  {
    outcome: "fail",
    exitStatus: 7,
    reason: "the workload ended with status 7",
    output: "check 3: mount: \u001b[31moverlay | <b>`not` supported</b>\u001b[0m\r\n```\nbye",
  },
  { outcome: "timeout", reason: "the workload did not end in 60 s", output: "waiting…" },
  {
    outcome: "kernel-splat",
    reason: "BUG: kernel NULL pointer dereference",
    splats: ["BUG: kernel NULL pointer dereference, address: 0000000000000000"],
    console: "[  12.1] BUG: kernel NULL pointer dereference\n[  12.1] Oops: 0002\n",
  },
  {
    outcome: "boot-fail",
    reason: "the machine ended",
    console: "no kernel: \u0000\u0007\ud800!\n",
  },
  { outcome: "engine-fail", reason: "dockerd did not start" },
  { outcome: "unexpected-pass", reason: "it passed", xfail: "known to fail: #12" },
  {
    outcome: "unsupported",
    reason: "CONFIG_OVERLAY_FS is not set",
    kernelConfig: "6.1.0-50-amd64",
  },
  { outcome: "infra", reason: "download failed", attempts: 3 },
  { outcome: "not-run", attempts: 0, timings: { totalMs: 0 } },
  { outcome: "expected-fail", exitStatus: 1, reason: "it ended with status 1", xfail: "no nft" },
];
