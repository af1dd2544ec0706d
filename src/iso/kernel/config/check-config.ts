import { compareVersions } from "../../debian/packages/version.ts";
import type { KernelConfig } from "./kernel-config.ts";
import type { Requirement, VersionRange } from "./requirements.ts";

export interface ConfigTarget {
  /** Of the kernel: "6.12". */
  readonly series: string;
  /** "26.1.5"; undefined for whatever engine. */
  readonly engineVersion?: string | undefined;
}

export interface CheckedRequirement extends Omit<Requirement, "kernels" | "engines"> {
  readonly status: "ok" | "missing";
  /** The option that meets it; undefined when it is missing. */
  readonly option?: string;
  /** Whether that is in the kernel or a module. */
  readonly value?: "y" | "m";
}

export interface ConfigReport extends ConfigTarget {
  /** Whether nothing that is required is missing. */
  readonly isSufficient: boolean;
  /** In the order of the table. */
  readonly requirements: readonly CheckedRequirement[];
}

/**
 * Holds a kernel's configuration against what a container engine needs. What goes for certain
 * kernels or engines alone is left out for others; for an unknown engine, it is too.
 */
export function checkKernelConfig(
  config: KernelConfig,
  target: ConfigTarget,
  table: readonly Requirement[],
): ConfigReport {
  const requirements = table
    .filter(({ kernels, engines }) => covers(kernels, target.series) && concerns(engines, target))
    .map(({ kernels: _kernels, engines: _engines, ...wanted }) => ({
      ...wanted,
      ...stateOf(config, wanted.anyOf),
    }));
  const isSufficient = requirements.every(
    ({ level, status }) => level !== "required" || status === "ok",
  );
  return { ...target, isSufficient, requirements };
}

function stateOf(
  { options }: KernelConfig,
  anyOf: readonly string[],
): Pick<CheckedRequirement, "status" | "option" | "value"> {
  for (const option of anyOf) {
    const value = options.get(option);
    if (value === "y" || value === "m") return { status: "ok", option, value };
  }
  return { status: "missing" };
}

function concerns(engines: VersionRange | undefined, { engineVersion }: ConfigTarget): boolean {
  if (engines === undefined) return true;
  return engineVersion !== undefined && covers(engines, engineVersion);
}

function covers({ since, until }: VersionRange = {}, version: string): boolean {
  return (
    (since === undefined || compareVersions(version, since) >= 0) &&
    (until === undefined || compareVersions(version, until) <= 0)
  );
}
