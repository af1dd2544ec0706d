import { tmpdir } from "node:os";
import { readResources } from "../host/resources.ts";
import { createGenericProvider } from "../providers/generic/provider.ts";
import { firmwarePlaces } from "../providers/kvm/firmware/find-firmware.ts";
import { createKvmProvider } from "../providers/kvm/provider.ts";
import { linuxPaths } from "../providers/kvm/world.ts";
import { createNoneProvider } from "../providers/none/provider.ts";
import type { Provider } from "../providers/provider.ts";
import type { ProcessParts } from "./cli.ts";
import { hostArchitecture } from "./host-architecture.ts";

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
