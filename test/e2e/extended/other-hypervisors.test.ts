import { expect, test } from "vitest";
import { createTestMachine } from "../../support/machines/machine.ts";
import { type Hardware, qemuWithHardware } from "../../support/machines/other-hardware.ts";
import { commandLineOf, processesIn } from "../../support/machines/tsmachine-processes.ts";

interface Imitation {
  readonly hypervisor: string;
  readonly hardware: Hardware;
  /** What Linux calls the drivers of the network and of the disks' controllers. */
  readonly drivers: readonly string[];
}

const imitations: readonly Imitation[] = [
  {
    hypervisor: "VirtualBox: SATA and e1000",
    hardware: {
      machineType: "q35",
      dataDisk: "ide-hd,bus=ide.1",
      engineImage: "ide-cd,bus=ide.2",
      seedImage: "ide-cd,bus=ide.3",
      network: "e1000",
    },
    drivers: ["ahci", "e1000"],
  },
  {
    hypervisor: "older machines: IDE, SCSI and pcnet",
    hardware: {
      machineType: "pc",
      dataDisk: "ide-hd",
      engineImage: "ide-cd",
      controller: "virtio-scsi-pci",
      seedImage: "scsi-cd",
      network: "pcnet",
    },
    drivers: ["ata_piix", "pcnet32", "virtio_scsi"],
  },
];

// Neither gives disks a serial number: the guest knows its own by what is on them.
test.each(imitations)(
  "the full kernel's boot ISO comes up on hardware of $hypervisor",
  async ({ hardware, drivers }) => {
    const program = await qemuWithHardware(hardware);
    await using machine = await createTestMachine([
      ...["--kernel", "6.12-full", "--kvm-boot", "iso", "--kvm-program", program],
    ]);
    const { store, name } = machine;
    const [qemu] = await processesIn(store.path);
    const words = qemu === undefined ? [] : await commandLineOf(qemu);
    expect(words.join(" ")).not.toMatch(/virtio-(blk|net)/);

    const loaded = await machine.guest(
      "for file in /sys/class/net/*/device/driver /sys/bus/*/devices/*/driver; do basename $(readlink $file); done",
    );
    expect(loaded.split("\n")).toEqual(expect.arrayContaining([...drivers]));
    expect(await machine.guest("grep ' /var/lib/docker ' /proc/mounts")).toMatch(/^\/dev\/sda /);

    expect(await store.tsmachine("restart", name)).toMatchObject({ exitCode: 0 });
    const version = await machine.shell("docker version -f {{.Server.Os}}");
    expect(version).toMatchObject({ exitCode: 0, stdout: "linux\n" });
  },
);
