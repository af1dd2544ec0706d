import { join } from "node:path";
import { isSystemError } from "../../errors/system-error.ts";
import { readTextIfPresent } from "./files.ts";

/** Path of the file in which this host's administrator gives names to addresses. */
export function hostsFilePath(
  platform: NodeJS.Platform,
  environment: Readonly<Record<string, string | undefined>>,
): string {
  if (platform !== "win32") return "/etc/hosts";
  return join(environment.SystemRoot || "C:\\Windows", "System32", "drivers", "etc", "hosts");
}

/** Its text; empty where there is none, or none for this user to read. */
export async function readHostsFile(path: string): Promise<string> {
  try {
    return (await readTextIfPresent(path)) ?? "";
  } catch (error) {
    if (isSystemError(error, "EACCES", "EPERM", "EISDIR")) return "";
    throw error;
  }
}
