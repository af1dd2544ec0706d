import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { TsmachineError } from "../../errors/tsmachine-error.ts";
import type { CachedImage } from "../../iso/images/cache/image-cache.ts";
import { bootImageNames } from "../../iso/images/cache/image-files.ts";
import { unknownVersion } from "../../iso/images/engine/engine-version.ts";
import {
  type CheckedRequirement,
  checkKernelConfig,
} from "../../iso/kernel/config/check-config.ts";
import { parseKernelConfig } from "../../iso/kernel/config/kernel-config.ts";
import { readRequirements } from "../../iso/kernel/config/requirements.ts";
import type { Context } from "../context.ts";

/**
 * Refuses a kernel that lacks what this engine needs, by its own configuration. Of one that came
 * without a configuration nothing is known, which is a warning.
 * @throws TsmachineError KERNEL_UNSUITABLE, INVALID_INPUT for what is no configuration.
 */
export async function requireFittingPair(
  { templates, warn }: Pick<Context, "templates" | "warn">,
  boot: CachedImage,
  engine: CachedImage,
): Promise<void> {
  const { version: release, files } = boot.manifest;
  const { version } = engine.manifest;
  if (files[bootImageNames.config] === undefined) {
    warn(
      `kernel ${release} came without its configuration; it may lack what engine ${version} needs`,
    );
    return;
  }
  const text = await readFile(join(boot.directory, bootImageNames.config), "utf8");
  const config = parseKernelConfig(text, `the configuration of kernel ${release}`);
  const target = {
    series: /^\d+\.\d+/.exec(release)?.[0] ?? config.series ?? release,
    engineVersion: version === unknownVersion ? undefined : version,
  };
  const { requirements } = checkKernelConfig(config, target, await readRequirements(templates));
  const missing = requirements.filter(
    ({ level, status }) => level === "required" && status === "missing",
  );
  if (missing.length > 0) throw unsuitable({ release, version, missing });
}

interface Misfit {
  readonly release: string;
  readonly version: string;
  readonly missing: readonly CheckedRequirement[];
}

function unsuitable({ release, version, missing }: Misfit): TsmachineError {
  const options = missing.map(({ anyOf }) => anyOf.map((name) => `CONFIG_${name}`).join(" or "));
  const [first] = missing;
  return new TsmachineError(
    "KERNEL_UNSUITABLE",
    `engine ${version} does not work on kernel ${release}, which lacks ${options.join(", ")}: ${first?.without}`,
    {
      hints: ["choose another kernel with --kernel, or build yours with these options"],
      context: { release, version, options },
    },
  );
}
