import { existsSync } from "node:fs";
import { homedir, networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { isAnswering } from "../host/is-answering.ts";
import { isRunByOthers } from "../host/processes/run-by-others.ts";
import { readResources } from "../host/resources.ts";
import { createGenericProvider } from "../providers/generic/provider.ts";
import { windowsPowerShell } from "../providers/hyperv/powershell/shell.ts";
import { createHyperVProvider } from "../providers/hyperv/provider.ts";
import { namedPipe } from "../providers/hyperv/world.ts";
import { firmwarePlaces } from "../providers/kvm/firmware/find-firmware.ts";
import { createKvmProvider } from "../providers/kvm/provider.ts";
import { linuxPaths } from "../providers/kvm/world.ts";
import { createNoneProvider } from "../providers/none/provider.ts";
import type { Provider } from "../providers/provider.ts";
import { createVirtualBoxProvider } from "../providers/virtualbox/provider.ts";
import { virtualBoxFiles } from "../providers/virtualbox/world.ts";
import type { ProcessParts } from "./cli.ts";
import { hostArchitecture } from "./host-architecture.ts";
import { patienceFrom } from "./patience.ts";

/** All providers, and what each is told of this host; nothing else names them. */
export function createProviders({
  platform,
  environment,
}: Pick<ProcessParts, "platform" | "environment">): readonly Provider[] {
  return [
    createKvmProvider({
      platform,
      environment,
      architecture: hostArchitecture(),
      readResources,
      firmwarePlaces,
      home: homedir(),
      temporaryDirectory: tmpdir(),
      linux: linuxPaths,
    }),
    createVirtualBoxProvider({
      platform,
      environment,
      architecture: hostArchitecture(),
      isRoot: process.getuid?.() === 0,
      home: homedir(),
      settingsFolder: virtualBoxFolder({ platform, environment }),
      readResources,
      readInterfaces,
      isUsedByOthers: () => isRunByOthers("VBoxSVC", platform),
      isAnswering,
      files: virtualBoxFiles,
      patience: patienceFrom(environment),
    }),
    createHyperVProvider({
      platform,
      architecture: hostArchitecture(),
      readResources,
      shell: windowsPowerShell(environment),
      consoleAddress: namedPipe,
    }),
    createGenericProvider(),
    createNoneProvider(),
  ];
}

/** Where VirtualBox keeps this user's settings: its manual, "Global Settings". */
function virtualBoxFolder({
  platform,
  environment,
}: Pick<ProcessParts, "platform" | "environment">): string {
  const home = homedir();
  const older = join(home, ".VirtualBox");
  if (environment.VBOX_USER_HOME) return environment.VBOX_USER_HOME;
  if (platform === "darwin") return join(home, "Library", "VirtualBox");
  if (platform === "win32" || existsSync(older)) return older;
  return join(environment.XDG_CONFIG_HOME || join(home, ".config"), "VirtualBox");
}

function readInterfaces() {
  return Object.entries(networkInterfaces()).flatMap(([name, addresses = []]) =>
    addresses.flatMap(({ family, cidr }) =>
      family === "IPv4" && cidr !== null ? [{ name, cidr }] : [],
    ),
  );
}
