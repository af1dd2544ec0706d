import type { CommandFactory } from "./cli.ts";

interface CommandEntry {
  readonly summary: string;
  /** Loads only this command. */
  load(): Promise<CommandFactory>;
}

/** All commands, in the order of the help. */
export const commandTable: Readonly<Record<string, CommandEntry>> = {
  create: {
    summary: "create a machine and wait until its engine answers",
    load: async () => (await import("./commands/machine/create.ts")).createCommand,
  },
  ls: {
    summary: "list machines",
    load: async () => (await import("./commands/look/ls.ts")).lsCommand,
  },
  env: {
    summary: "print the commands that point a docker client at a machine",
    load: async () => (await import("./commands/client/env.ts")).envCommand,
  },
  use: {
    summary: "make a machine the one that docker's CLI uses",
    load: async () => (await import("./commands/client/use.ts")).useCommand,
  },
  ports: {
    summary: "list the published ports of a machine's containers",
    load: async () => (await import("./commands/look/ports.ts")).portsCommand,
  },
  logs: {
    summary: "print the log of a machine's engine, console or agent",
    load: async () => (await import("./commands/watch/logs.ts")).logsCommand,
  },
  top: {
    summary: "show what machines take of processors, memory, disk and network",
    load: async () => (await import("./commands/watch/top.ts")).topCommand,
  },
  events: {
    summary: "tell what becomes of machines, as it happens",
    load: async () => (await import("./commands/watch/events.ts")).eventsCommand,
  },
  ssh: {
    summary: "log in to a machine or run a command on it",
    load: async () => (await import("./commands/ssh/ssh.ts")).sshCommand,
  },
  scp: {
    summary: "copy files between this host and machines",
    load: async () => (await import("./commands/ssh/scp.ts")).scpCommand,
  },
  mount: {
    summary: "mount a folder of a machine on this host",
    load: async () => (await import("./commands/ssh/mount.ts")).mountCommand,
  },
  start: {
    summary: "start machines",
    load: async () => (await import("./commands/machine/start.ts")).startCommand,
  },
  stop: {
    summary: "shut machines down",
    load: async () => (await import("./commands/machine/stop.ts")).stopCommand,
  },
  restart: {
    summary: "shut machines down and start them again",
    load: async () => (await import("./commands/machine/restart.ts")).restartCommand,
  },
  kill: {
    summary: "power machines off at once",
    load: async () => (await import("./commands/machine/kill.ts")).killCommand,
  },
  suspend: {
    summary: "save machines that run to disk, to go on later",
    load: async () => (await import("./commands/machine/suspend.ts")).suspendCommand,
  },
  snapshot: {
    summary: "keep states of a machine, and go back to them",
    load: async () => (await import("./commands/machine/snapshot.ts")).snapshotCommand,
  },
  clone: {
    summary: "make a copy of a machine, with an identity of its own",
    load: async () => (await import("./commands/machine/clone.ts")).cloneCommand,
  },
  export: {
    summary: "write a machine to a file, to move it elsewhere",
    load: async () => (await import("./commands/machine/export.ts")).exportCommand,
  },
  set: {
    summary: "change a machine's memory, CPUs or disk, or protect it",
    load: async () => (await import("./commands/machine/set.ts")).setCommand,
  },
  share: {
    summary: "share folders of this host with a machine",
    load: async () => (await import("./commands/machine/share.ts")).shareCommand,
  },
  upgrade: {
    summary: "give machines the newest engine, or another one",
    load: async () => (await import("./commands/machine/upgrade.ts")).upgradeCommand,
  },
  provision: {
    summary: "give machines other engine options, or the certificates and proxies they should have",
    load: async () => (await import("./commands/machine/provision.ts")).provisionCommand,
  },
  "regenerate-certs": {
    summary: "give machines new certificates",
    load: async () =>
      (await import("./commands/machine/regenerate-certs.ts")).regenerateCertsCommand,
  },
  rm: {
    summary: "remove machines with their disks",
    load: async () => (await import("./commands/machine/rm.ts")).rmCommand,
  },
  status: {
    summary: "print a machine's state",
    load: async () => (await import("./commands/look/status.ts")).statusCommand,
  },
  inspect: {
    summary: "print all that is known of a machine, as JSON",
    load: async () => (await import("./commands/look/inspect.ts")).inspectCommand,
  },
  ip: {
    summary: "print a machine's address",
    load: async () => (await import("./commands/client/ip.ts")).ipCommand,
  },
  url: {
    summary: "print the URL of a machine's engine",
    load: async () => (await import("./commands/client/url.ts")).urlCommand,
  },
  config: {
    summary: "print the flags that connect a docker client to a machine",
    load: async () => (await import("./commands/client/config.ts")).configCommand,
  },
  active: {
    summary: "print the machine that the environment points at",
    load: async () => (await import("./commands/client/active.ts")).activeCommand,
  },
  completion: {
    summary: "print what makes a shell complete command lines",
    load: async () => (await import("./commands/client/completion.ts")).completionCommand,
  },
  iso: {
    summary: "build, list and check the images that machines boot",
    load: async () => (await import("./commands/iso/iso.ts")).isoCommand,
  },
  kernel: {
    summary: "list the kernels that machines can have, and check what one can do",
    load: async () => (await import("./commands/system/kernel.ts")).kernelCommand,
  },
  engine: {
    summary: "list the engines that machines can have",
    load: async () => (await import("./commands/system/engine.ts")).engineCommand,
  },
  bundle: {
    summary: "carry all that images are made of to hosts without a network",
    load: async () => (await import("./commands/system/bundle.ts")).bundleCommand,
  },
  import: {
    summary: "make the machine of an exported file, or take over docker-machine's",
    load: async () => (await import("./commands/system/import.ts")).importCommand,
  },
  matrix: {
    summary: "run a workload on many kernels and engines",
    load: async () => (await import("./commands/matrix/matrix.ts")).matrixCommand,
  },
  prune: {
    summary: "remove images and downloads that no machine uses",
    load: async () => (await import("./commands/system/prune.ts")).pruneCommand,
  },
  doctor: {
    summary: "check this host and say what to mend",
    load: async () => (await import("./commands/system/doctor.ts")).doctorCommand,
  },
  version: {
    summary: "print the version of tsmachine, or of a machine's engine",
    load: async () => (await import("./commands/system/version.ts")).versionCommand,
  },
};
