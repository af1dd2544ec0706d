import { Command } from "commander";
import { describe, expect, it } from "vitest";
import { driverFlags, readDriverFlags } from "../../../../src/cli/flags/driver-flags.ts";
import { commanderOptions } from "../../../../src/cli/flags/provider-flags.ts";

function read(
  args: readonly string[],
  { driver = "qemu", environment = {} }: { driver?: string; environment?: NodeJS.ProcessEnv } = {},
) {
  const command = new Command().exitOverride().configureOutput({ writeErr: () => {} });
  for (const option of driverFlags.flatMap(commanderOptions)) command.addOption(option);
  return readDriverFlags(command.parse(args, { from: "user" }), driver, environment);
}

describe("flags of docker-machine's QEMU driver", () => {
  it.each([
    [[]],
    [["--qemu-network", "user", "--qemu-ssh-user", "docker"]],
    [["--qemu-nographic", "--qemu-virtio-drives"]],
  ])("that say what is so anyway go unsaid: %j", (args) => {
    expect(read(args)).toEqual([]);
  });

  it("that change nothing that scripts see are warned of, each with its reason", () => {
    const iso = "file:///boot2docker.iso";
    expect(read(["--qemu-display", "--qemu-boot2docker-url", iso])).toEqual([
      "--qemu-display is not used: machines open no window",
      "--qemu-boot2docker-url is not used: machines boot images that are made on this host",
    ]);
    expect(read([], { environment: { QEMU_CACHE_MODE: "unsafe" } })).toEqual([
      "--qemu-cache-mode is not used: machines choose it themselves",
    ]);
  });

  it.each([
    [["--qemu-network", "bridge"], 'value "bridge" of --qemu-network is invalid: machines are'],
    [["--qemu-ssh-user", "root"], 'value "root" of --qemu-ssh-user is invalid: machines have'],
  ])("that ask for what machines cannot have are refused: %j", (args, message) => {
    expect(() => read(args)).toThrow(message);
  });

  it("are refused for other drivers, whose users may have its variables all the same", () => {
    expect(() => read(["--qemu-display"], { driver: "none" })).toThrow(
      "flag --qemu-display belongs to provider qemu",
    );
    expect(read([], { driver: "kvm", environment: { QEMU_SSH_USER: "root" } })).toEqual([]);
  });
});

describe("flags of docker-machine's VirtualBox driver", () => {
  it("for an image of one's own are warned of", () => {
    const args = ["--virtualbox-boot2docker-url", "file:///boot2docker.iso"];
    expect(read(args, { driver: "virtualbox" })).toEqual([
      "--virtualbox-boot2docker-url is not used: machines boot images that are made on this host",
    ]);
  });

  it("for a disk of another machine are refused, also as a variable", () => {
    const environment = { VIRTUALBOX_BOOT2DOCKER_IMPORT_VM: "old" };
    expect(() => read([], { driver: "virtualbox", environment })).toThrow(
      "disks of other machines cannot be taken over",
    );
    expect(read([], { driver: "qemu", environment })).toEqual([]);
  });
});
