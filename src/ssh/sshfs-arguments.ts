import { urlHost } from "../host/url-host.ts";
import { localPath } from "./copy-arguments.ts";
import { connectionSettings, type OpenSshTarget } from "./openssh-arguments.ts";

/** Arguments for sshfs(1), which hands the settings that it does not know to ssh. */
export function sshfsArguments(target: OpenSshTarget, path: string, mountPoint: string): string[] {
  const { address, port, user } = target;
  return [
    ...["-F", "none", "-p", String(port)],
    ...connectionSettings(target).flatMap((setting) => ["-o", protectedFromFuse(setting)]),
    `${user}@${urlHost(address)}:${path}`,
    localPath(mountPoint),
  ];
}

/** It splits settings at commas, and takes a backslash for the beginning of an escape. */
function protectedFromFuse(setting: string): string {
  return setting.replace(/[\\,]/g, "\\$&");
}
