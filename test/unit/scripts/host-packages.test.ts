import { describe, expect, test } from "vitest";
import { aptCommands, manualCommand, sourceLine } from "../../../scripts/host-packages/apt.ts";
import { type HostFacts, planPackages, planQemu } from "../../../scripts/host-packages/plan.ts";

const osRelease = {
  debian12: 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nVERSION_ID="12"\nID=debian\n',
  debian13: 'VERSION_ID="13"\nID=debian\n',
  debianSid: 'PRETTY_NAME="Debian GNU/Linux forky/sid"\nID=debian\n',
  debian11: 'VERSION_ID="11"\nID=debian\n',
  ubuntu2404: 'ID=ubuntu\nID_LIKE=debian\nVERSION_ID="24.04"\n',
  ubuntu2204: 'ID=ubuntu\nID_LIKE=debian\nVERSION_ID="22.04"\n',
  mint: 'ID=linuxmint\nID_LIKE="ubuntu debian"\nVERSION_ID="22"\n',
  fedora: "ID=fedora\nVERSION_ID=42\n",
  none: "",
};

const root: HostFacts = {
  architecture: "amd64",
  osRelease: osRelease.debian13,
  mirrors: ["http://mirror.example/debian"],
  isRoot: true,
  hasSudo: false,
  isInteractive: false,
};
const missing = { verdict: "problem", remedy: "install QEMU with `the usual command`" } as const;
const backports = { mirror: "http://mirror.example/debian", suite: "bookworm-backports" };

describe("planQemu", () => {
  test.each(["ok", "advice"] as const)("does nothing when QEMU runs machines (%s)", (verdict) => {
    expect(planQemu({ ...missing, verdict }, root)).toEqual({ kind: "nothing" });
  });

  test.each([
    { system: "debian12", packages: ["qemu-system-x86"], extraSource: backports },
    { system: "debian13", packages: ["qemu-system-x86"] },
    { system: "debianSid", packages: ["qemu-system-x86"] },
    { system: "ubuntu2404", packages: ["qemu-system-x86"] },
  ] as const)("takes QEMU from where it is new enough: $system", ({ system, ...installation }) => {
    const plan = planQemu(missing, { ...root, osRelease: osRelease[system] });
    expect(plan).toEqual({ kind: "install", installation, as: "root" });
  });

  test.each(["debian11", "ubuntu2204", "mint", "fedora", "none"] as const)(
    "leaves it to the user, with tsmachine's own remedy, on %s",
    (system) => {
      const plan = planQemu(missing, { ...root, osRelease: osRelease[system] });
      expect(plan).toEqual({ kind: "leave", remedy: missing.remedy });
    },
  );

  test("leaves it to the user on Debian 12 when apt uses no mirror to take backports from", () => {
    const plan = planQemu(missing, { ...root, osRelease: osRelease.debian12, mirrors: [] });
    expect(plan).toEqual({ kind: "leave", remedy: missing.remedy });
  });

  test("takes the package of the host's processor", () => {
    expect(planQemu(missing, { ...root, architecture: "arm64" })).toMatchObject({
      installation: { packages: ["qemu-system-arm"] },
    });
  });

  test.each([
    { isRoot: true, hasSudo: true, isInteractive: true, expected: { kind: "install", as: "root" } },
    {
      isRoot: false,
      hasSudo: true,
      isInteractive: true,
      expected: { kind: "install", as: "sudo" },
    },
    { isRoot: false, hasSudo: true, isInteractive: false, expected: { kind: "leave" } },
    { isRoot: false, hasSudo: false, isInteractive: true, expected: { kind: "leave" } },
  ])(
    "root: $isRoot, sudo: $hasSudo, terminal: $isInteractive → $expected",
    ({ expected, ...installer }) => {
      expect(planQemu(missing, { ...root, ...installer })).toMatchObject(expected);
    },
  );

  test("says which command to run when it may not run it", () => {
    expect(planQemu(missing, { ...root, isRoot: false })).toEqual({
      kind: "leave",
      remedy:
        "run `sudo apt-get update && sudo apt-get install -y --no-install-recommends qemu-system-x86`",
    });
  });
});

describe("planPackages", () => {
  test("does nothing when nothing is missing", () => {
    expect(planPackages([], root)).toEqual({ kind: "nothing" });
  });

  test.each(["debian11", "debian12", "ubuntu2204", "mint"] as const)(
    "takes packages from what apt is configured for on %s",
    (system) => {
      const plan = planPackages(["cpio"], { ...root, osRelease: osRelease[system] });
      expect(plan).toEqual({ kind: "install", installation: { packages: ["cpio"] }, as: "root" });
    },
  );

  test("leaves them to the user where packages have other names", () => {
    const plan = planPackages(["cpio", "zsh"], { ...root, osRelease: osRelease.fedora });
    expect(plan).toEqual({ kind: "leave", remedy: "install what Debian has in cpio, zsh" });
  });
});

describe("apt", () => {
  const scratch = { sourcesList: "/tmp/x/sources.list", listsDirectory: "/tmp/x/lists" };

  test("installs from its own sources with its usual settings", () => {
    expect(aptCommands({ packages: ["cpio", "zsh"] }, scratch)).toEqual([
      ["apt-get", "-q", "update"],
      ["apt-get", "-q", "-y", "--no-install-recommends", "install", "cpio", "zsh"],
    ]);
  });

  test("uses a further source for one call alone", () => {
    const [update, install] = aptCommands({ packages: ["qemu"], extraSource: backports }, scratch);
    const settings = [
      ...["-o", "Dir::Etc::sourcelist=/tmp/x/sources.list"],
      ...["-o", "Dir::State::Lists=/tmp/x/lists"],
      ...["-o", "Dir::Cache::pkgcache=", "-o", "Dir::Cache::srcpkgcache="],
    ];
    expect(update).toEqual(["apt-get", "-q", ...settings, "update"]);
    expect(install?.slice(-4)).toEqual(["install", "-t", "bookworm-backports", "qemu"]);
    expect(install?.slice(2, 2 + settings.length)).toEqual(settings);
  });

  test("accepts a further source under Debian's key alone", () => {
    expect(sourceLine(backports)).toBe(
      "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://mirror.example/debian bookworm-backports main",
    );
  });

  test("tells the user to add the further source and to install from it", () => {
    const command = manualCommand({ packages: ["qemu"], extraSource: backports });
    expect(command).toBe(
      `echo '${sourceLine(backports)}' | sudo tee /etc/apt/sources.list.d/bookworm-backports.list && ` +
        "sudo apt-get update && sudo apt-get install -y --no-install-recommends -t bookworm-backports qemu",
    );
  });
});
