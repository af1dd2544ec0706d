/** Which operating system runs here, as far as it decides where programs come from. */
export interface OperatingSystem {
  readonly platform: NodeJS.Platform;
  /** ID and then ID_LIKE of os-release(5), nearest first; empty when unknown. */
  readonly families: readonly string[];
  /** VERSION_ID of os-release(5). */
  readonly version: string;
}

/** What a thing is called by those who package it. */
export interface PackageNames {
  readonly debian: string;
  readonly fedora: string;
  readonly rhel: string;
  readonly arch: string;
  readonly suse: string;
  readonly alpine: string;
  /** Whole commands of systems other than Linux. */
  readonly elsewhere: Partial<Record<NodeJS.Platform, string>>;
}

/** The command that installs it here; undefined where nobody is known to package it. */
export function installCommand(
  { platform, families }: Pick<OperatingSystem, "platform" | "families">,
  names: PackageNames,
): string | undefined {
  const elsewhere = names.elsewhere[platform];
  if (elsewhere !== undefined) return elsewhere;
  for (const family of families) {
    const command = linuxCommand(family, names);
    if (command !== undefined) return command;
  }
  return undefined;
}

function linuxCommand(family: string, names: PackageNames): string | undefined {
  switch (family) {
    case "debian":
    case "ubuntu":
      return `sudo apt-get install ${names.debian}`;
    case "fedora":
      return `sudo dnf install ${names.fedora}`;
    case "rhel":
    case "centos":
      return `sudo dnf install ${names.rhel}`;
    case "arch":
      return `sudo pacman -S ${names.arch}`;
    case "suse":
    case "opensuse":
      return `sudo zypper install ${names.suse}`;
    case "alpine":
      return `sudo apk add ${names.alpine}`;
    default:
      return undefined;
  }
}
