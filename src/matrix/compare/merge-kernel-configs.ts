import { gunzipSync } from "node:zlib";
import { TsmachineError } from "../../errors/tsmachine-error.ts";
import type { Report } from "../report/report.ts";
import type { ReportFile } from "./report-file.ts";

/** A kernel's configuration has some 300 KiB. */
const maxConfigBytes = 16 * 1024 * 1024;

/**
 * The configurations of all files, by release.
 * @throws TsmachineError REPORT_CONFLICT where one release has two that differ, REPORT_INVALID
 */
export function mergeKernelConfigs(files: readonly ReportFile[]): Report["kernelConfigs"] {
  const found = new Map<string, Found>();
  for (const { path, report } of files) {
    for (const [release, config] of Object.entries(report.kernelConfigs)) {
      const former = found.get(release);
      if (former === undefined) found.set(release, { path, config });
      else if (!isSameText(former, { path, config })) throw conflict(release, former.path, path);
    }
  }
  return Object.fromEntries([...found].map(([release, { config }]) => [release, config]));
}

interface Found {
  readonly path: string;
  readonly config: string;
}

/** Two hosts may compress the same text to different bytes. */
function isSameText(one: Found, other: Found): boolean {
  return one.config === other.config || unpack(one).equals(unpack(other));
}

function unpack({ path, config }: Found): Buffer {
  try {
    return gunzipSync(Buffer.from(config, "base64"), { maxOutputLength: maxConfigBytes });
  } catch (cause) {
    throw new TsmachineError(
      "REPORT_INVALID",
      `${path} has a configuration of a kernel that cannot be unpacked`,
      { hints: ["run that shard again, with `tsmachine matrix run --json FILE`"], cause },
    );
  }
}

function conflict(release: string, one: string, other: string): TsmachineError {
  return new TsmachineError(
    "REPORT_CONFLICT",
    `${one} and ${other} have different configurations of the kernel "${release}"`,
    { hints: [`leave out ${other}: kernels that differ need releases that differ`] },
  );
}
