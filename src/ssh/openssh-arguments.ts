import { reportingSignals } from "./remote-command.ts";

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
  // With -s the command is the name of a subsystem. Otherwise ssh joins the words by blanks.
  const words = options.some(asksForSubsystem) ? command : [reportingSignals(command.join(" "))];
  // ssh goes on looking for options behind the address; "--" keeps it away from the command's.
  const end = command.length === 0 ? [] : ["--", ...words];
  return [
    ...connectionOptions(target),
    "-p",
    String(port),
    ...options,
    `${user}@${address}`,
    ...end,
  ];
}

/** Options for ssh, scp and sshfs, with no configuration file. */
export function connectionOptions(target: OpenSshTarget): string[] {
  return ["-F", "none", ...connectionSettings(target).flatMap((setting) => ["-o", setting])];
}

/** Text of a configuration file that has the machines under their names; see ssh_config(5). */
export function opensshConfig(targets: ReadonlyMap<string, OpenSshTarget>): string {
  const sections = [...targets].map(([name, target]) =>
    [
      `Host ${name}`,
      `  HostName=${target.address}`,
      `  Port=${target.port}`,
      `  User=${target.user}`,
      ...connectionSettings(target).map((setting) => `  ${setting}`),
      "",
    ].join("\n"),
  );
  return sections.join("\n");
}

/**
 * What makes a connection reach the machine and nothing else. The user's own configuration is left
 * out: settings for all hosts there, such as a jump host, would lead past the machine.
 */
export function connectionSettings({ privateKeyPath, knownHostsPath }: OpenSshTarget): string[] {
  return [
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
}

/** Of ssh(1)'s options without a value, up to the first that has one. */
function asksForSubsystem(option: string): boolean {
  return /^-[46AaCfGgKkMNnqTtVvXxYy]*s/.test(option);
}

/** Settings are split at spaces, unescaped, and "%" begins a token in them. */
function quotePath(path: string): string {
  return `"${path.replaceAll("%", "%%").replace(/["\\]/g, "\\$&")}"`;
}
