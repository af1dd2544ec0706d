/** What OpenSSH's programs need to reach a machine, and only that machine. */
export interface OpenSshTarget {
  readonly address: string;
  readonly port: number;
  readonly user: string;
  readonly privateKeyPath: string;
  /** File that holds the machine's knownHostsLine. */
  readonly knownHostsPath: string;
}

/**
 * Arguments for ssh(1): the user's own options come before the address, the words of the
 * command after it. With no command the machine opens a login shell.
 */
export function opensshArguments(
  target: OpenSshTarget,
  { options = [], command = [] }: { options?: readonly string[]; command?: readonly string[] } = {},
): string[] {
  const { address, port, user } = target;
  // ssh goes on looking for options behind the address; "--" keeps it away from the command's.
  const end = command.length === 0 ? [] : ["--", ...command];
  return [
    ...connectionOptions(target),
    "-p",
    String(port),
    ...options,
    `${user}@${address}`,
    ...end,
  ];
}

/**
 * Options that ssh, scp and sshfs share. The user's own configuration is left out: settings
 * for all hosts there, such as a jump host, would lead past the machine. See ssh_config(5).
 */
export function connectionOptions({ privateKeyPath, knownHostsPath }: OpenSshTarget): string[] {
  const settings = [
    `IdentityFile=${quotePath(privateKeyPath)}`,
    "IdentitiesOnly=yes",
    "PreferredAuthentications=publickey",
    `UserKnownHostsFile=${quotePath(knownHostsPath)}`,
    "GlobalKnownHostsFile=none",
    "StrictHostKeyChecking=yes",
    "UpdateHostKeys=no",
    "ConnectTimeout=10",
    "ServerAliveInterval=15",
    "LogLevel=ERROR",
  ];
  return ["-F", "none", ...settings.flatMap((setting) => ["-o", setting])];
}

/** Settings are split at spaces, unescaped, and "%" begins a token in them. */
function quotePath(path: string): string {
  return `"${path.replaceAll("%", "%%").replace(/["\\]/g, "\\$&")}"`;
}
