import { findProgram } from "../../host/processes/find-program.ts";
import { readResources } from "../../host/resources.ts";
import type { Finding } from "./finding.ts";

export interface HostFacts {
  readonly nodeVersion: string;
  readonly platform: NodeJS.Platform;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

const neededMemoryMiB = 1_024;

/** The range is that of "engines" in package.json: Node.js that can require ES modules. */
export function checkNode({ nodeVersion }: HostFacts): Finding {
  const [major = 0, minor = 0] = nodeVersion.replace(/^v/, "").split(".").map(Number);
  const isNewEnough = (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22;
  return {
    ...{ check: "Node.js", found: nodeVersion, needed: "20.19, or 22.12 or newer" },
    ...(isNewEnough
      ? { verdict: "ok" }
      : { verdict: "problem", remedy: "install a newer Node.js from nodejs.org or your packages" }),
  };
}

export async function checkMemory(): Promise<Finding> {
  const { availableMemoryMiB, totalMemoryMiB } = await readResources();
  const common = {
    check: "memory",
    found: `${Math.floor(availableMemoryMiB)} of ${Math.floor(totalMemoryMiB)} MiB available`,
    needed: `${neededMemoryMiB} MiB for a machine`,
  };
  return availableMemoryMiB >= neededMemoryMiB
    ? { ...common, verdict: "ok" }
    : {
        ...common,
        verdict: "advice",
        remedy: "end other programs, or give machines less memory",
      };
}

/** @param remedy what to do about a program that is not there; none is needed for a machine. */
export async function checkProgram(
  host: HostFacts,
  name: string,
  remedy: string,
): Promise<Finding> {
  const path = await findProgram(name, host);
  const common = { check: `program ${name}`, needed: `${name} on PATH, if you want to use it` };
  return path === undefined
    ? { ...common, verdict: "advice", found: "not on PATH", remedy }
    : { ...common, verdict: "ok", found: path };
}
