/** Packages to install with apt. */
export interface Installation {
  readonly packages: readonly string[];
  /** Where to take them from, when it is not among the sources that apt is configured for. */
  readonly extraSource?: ExtraSource;
}

export interface ExtraSource {
  /** URI of a Debian mirror. */
  readonly mirror: string;
  readonly suite: string;
}

/** Files of one call of apt, so that its configuration and its lists stay as they are. */
export interface AptScratch {
  readonly sourcesList: string;
  readonly listsDirectory: string;
}

/** The commands that install the packages, to be run in turn as root: apt-get(8), apt.conf(5). */
export function aptCommands(
  { packages, extraSource }: Installation,
  { sourcesList, listsDirectory }: AptScratch,
): string[][] {
  const settings =
    extraSource === undefined
      ? []
      : [
          `Dir::Etc::sourcelist=${sourcesList}`,
          `Dir::State::Lists=${listsDirectory}`,
          // Caches of the lists, which would otherwise describe the wrong ones afterwards.
          ...["Dir::Cache::pkgcache=", "Dir::Cache::srcpkgcache="],
        ];
  const apt = ["apt-get", "-q", ...settings.flatMap((setting) => ["-o", setting])];
  const target = extraSource === undefined ? [] : ["-t", extraSource.suite];
  return [
    [...apt, "update"],
    [...apt, "-y", "--no-install-recommends", "install", ...target, ...packages],
  ];
}

/** The source as a line of sources.list(5). */
export function sourceLine({ mirror, suite }: ExtraSource): string {
  return `deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] ${mirror} ${suite} main`;
}

/** One line for a shell that does the same for good, for users who install packages themselves. */
export function manualCommand({ packages, extraSource }: Installation): string {
  const update = "sudo apt-get update";
  const install = "sudo apt-get install -y --no-install-recommends";
  if (extraSource === undefined) return `${update} && ${install} ${packages.join(" ")}`;
  const { suite } = extraSource;
  const list = `/etc/apt/sources.list.d/${suite}.list`;
  const add = `echo '${sourceLine(extraSource)}' | sudo tee ${list}`;
  return `${add} && ${update} && ${install} -t ${suite} ${packages.join(" ")}`;
}
