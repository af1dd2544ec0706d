import { arch, tmpdir } from "node:os";
import { TsmachineError } from "../errors/tsmachine-error.ts";
import type { Architecture } from "../host/architecture.ts";
import { readResources } from "../host/resources.ts";
import { createGenericProvider } from "../providers/generic/provider.ts";
import { firmwarePlaces } from "../providers/kvm/firmware/find-firmware.ts";
import { createKvmProvider } from "../providers/kvm/provider.ts";
import { linuxPaths } from "../providers/kvm/world.ts";
import { createNoneProvider } from "../providers/none/provider.ts";
import type { Provider } from "../providers/provider.ts";
import type { ProcessParts } from "./cli.ts";

/** All providers, and what each is told of this host; nothing else names them. */
export function createProviders({ platform, environment }: ProcessParts): readonly Provider[] {
  return [
    createKvmProvider({
      platform,
      environment,
      architecture: hostArchitecture(),
      readResources,
      firmwarePlaces,
      temporaryDirectory: tmpdir(),
      linux: linuxPaths,
    }),
    createGenericProvider(),
    createNoneProvider(),
  ];
}

export function hostArchitecture(): Architecture {
  switch (arch()) {
    case "x64":
      return "amd64";
    case "arm64":
      return "arm64";
    default:
      throw new TsmachineError(
        "HOST_UNSUPPORTED",
        `no images can be made for processor ${arch()}`,
        {
          hints: ["use a host with an x86-64 or 64-bit ARM processor"],
        },
      );
  }
}
