import { TsmachineError } from "../../../errors/tsmachine-error.ts";
import { defaultName } from "../names.ts";

/** What `[[user@]machine:]path` names. */
export type Location = { readonly kind: "local"; readonly path: string } | MachineLocation;

export interface MachineLocation {
  readonly kind: "machine";
  readonly machine: string;
  /** Undefined: the machine's own. */
  readonly user: string | undefined;
  /** Relative paths begin in the user's home, which itself is ".". */
  readonly path: string;
}

/**
 * Reads one end of a copy. What stands before the first colon is a machine, but for "localhost", a
 * path with a slash before the colon, and a drive of Windows.
 */
export function parseLocation(text: string, platform: NodeJS.Platform): Location {
  const [, user, machine, path] = /^(?:([^@:/\\]*)@)?([^:/\\]*):(.*)$/s.exec(text) ?? [];
  if (machine === undefined || path === undefined || isOnDrive(text, platform)) {
    return { kind: "local", path: text };
  }
  if (machine === "localhost") return { kind: "local", path: path === "" ? "." : path };
  return { kind: "machine", machine, user, path: path.replace(/^~(\/+|$)/, "") || "." };
}

/** Reads what is to be mounted, where a path alone is one of the machine "default". */
export function parseMachineLocation(text: string, platform: NodeJS.Platform): MachineLocation {
  const location = parseLocation(text, platform);
  return location.kind === "machine"
    ? location
    : { kind: "machine", machine: defaultName, user: undefined, path: location.path };
}

/** @throws TsmachineError INVALID_INPUT for "-oProxyCommand=…@machine", which programs take for an option. */
export function requireUserName({ user }: MachineLocation): void {
  if (user === undefined || /^[A-Za-z0-9_][\w.@-]*$/.test(user)) return;
  throw new TsmachineError("INVALID_INPUT", `"${user}" cannot be the name of a user`, {
    hints: ["give the location as [[user@]machine:]path"],
  });
}

/** "C:\x" wherever we run; on Windows "C:/x" and "C:x" as well. */
function isOnDrive(text: string, platform: NodeJS.Platform): boolean {
  return platform === "win32" ? /^[A-Za-z]:/.test(text) : /^[A-Za-z]:\\/.test(text);
}
