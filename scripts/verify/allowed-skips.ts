/** What this host cannot do, of that which tests need and verify does not install. */
export type Limit =
  | "mounts no ISO 9660"
  | "mounts nothing"
  | "no file systems of one's own"
  | "no networks of one's own"
  | "no sshd"
  | "no VirtualBox"
  | "no Slurm"
  | "no docker-registry"
  | "no Hyper-V cmdlets"
  | "no pwsh"
  | "no emacs";

interface AllowedSkip {
  /** Begins, ends or is part of the full titles of the tests. */
  readonly titles: RegExp;
  readonly justifiedBy: Limit;
  readonly reason: string;
}

const allowedSkips: readonly AllowedSkip[] = [
  {
    titles:
      /^Linux mounts the image and sees all|and by Linux, the \w+ image holds the same files$/,
    justifiedBy: "mounts no ISO 9660",
    reason: "this kernel has no iso9660, or only root may mount",
  },
  {
    titles: /^a full disk ends `iso build` in one line/,
    justifiedBy: "mounts nothing",
    reason: "only root may mount a small disk",
  },
  {
    titles: /^download reports a full disk as DISK_FULL$/,
    justifiedBy: "no file systems of one's own",
    reason: "mount namespaces of one's own are forbidden here",
  },
  {
    titles: /\(skipped where no network namespace may be made\)$/,
    justifiedBy: "no networks of one's own",
    reason: "network namespaces are forbidden here",
  },
  {
    titles: /\(skipped where there is no sshd\)$/,
    justifiedBy: "no sshd",
    reason: "installing sshd would open a port of this host",
  },
  {
    titles: /\(skipped where there is no VirtualBox\)/,
    justifiedBy: "no VirtualBox",
    reason: "Debian's VirtualBox cannot be installed here",
  },
  {
    titles: /\(skipped where there is no Slurm\)/,
    justifiedBy: "no Slurm",
    reason: "Debian's Slurm cannot be unpacked here",
  },
  {
    titles: /\(skipped where there is no docker-registry\)/,
    justifiedBy: "no docker-registry",
    reason: "Debian's docker-registry cannot be unpacked here",
  },
  {
    titles: /\(skipped where nothing may be mounted\)/,
    justifiedBy: "mounts nothing",
    reason: "only root may mount a file over /etc/resolv.conf",
  },
  {
    titles: /\(skipped where the published parameter sets are not\)/,
    justifiedBy: "no Hyper-V cmdlets",
    reason: "the published parameter sets of Hyper-V's cmdlets are not beside the project's folder",
  },
  {
    titles: /^(env evaluated by|the function use in|completion in) 'pwsh' /,
    justifiedBy: "no pwsh",
    reason: "Debian has no PowerShell",
  },
  {
    titles: /\(skipped where there is no pwsh\)/,
    justifiedBy: "no pwsh",
    reason: "Debian has no PowerShell",
  },
  {
    titles: /^env evaluated by 'emacs' /,
    justifiedBy: "no emacs",
    reason: "Emacs is large",
  },
];

/** Why a test may be skipped on a host with these limits; undefined when it may not. */
export function reasonToSkip(title: string, limits: ReadonlySet<Limit>): string | undefined {
  return allowedSkips.find(
    ({ titles, justifiedBy }) => titles.test(title) && limits.has(justifiedBy),
  )?.reason;
}
