import type { CardType, Hardware, Promiscuous } from "../control.ts";
import type { Machine } from "../soap/api.ts";
import type { Client } from "../soap/connection.ts";
import { withLockedMachine } from "../soap/locked.ts";
import { hasApiOf } from "./api-version.ts";
import { setFirmware } from "./firmware.ts";

/** The same hardware that VBoxManage is told of, see vboxmanage/arguments.ts. */
export function configureMachine(client: Client, uuid: string, hardware: Hardware): Promise<void> {
  return withLockedMachine(client, uuid, "Write", async ({ machine }) => {
    await machine.setMemorySize(hardware.memoryMiB);
    await machine.setCPUCount(hardware.cpuCount);
    for (const [index, device] of ["DVD", "Null", "Null", "Null"].entries()) {
      await machine.setBootOrder(index + 1, device);
    }
    await setFirmware(client, machine);
    const screen = await machine.getGraphicsAdapter();
    await screen.setVRAMSize(8);
    await screen.setGraphicsControllerType("VMSVGA");
    await setConsole(machine, hardware.consoleLog);
    await setNat(client, machine, hardware.nat);
    await setHostOnly(machine, hardware.hostOnly);
    await machine.saveSettings();
  });
}

/** The card's kind is fixed while its state is saved, and what it is on is not. */
export function moveToAdapter(client: Client, uuid: string, adapter: string): Promise<void> {
  return withLockedMachine(client, uuid, "Write", async ({ machine }) => {
    await (await machine.getNetworkAdapter(1)).setHostOnlyInterface(adapter);
    await machine.saveSettings();
  });
}

/** The first port is at 0x3f8 with interrupt 4, as on every PC. */
async function setConsole(machine: Machine, path: string): Promise<void> {
  const port = await machine.getSerialPort(0);
  // A port needs its path before the mode that writes there.
  await port.setPath(path);
  await port.setHostMode("RawFile");
  await port.setEnabled(true);
}

async function setNat(client: Client, machine: Machine, card: Hardware["nat"]): Promise<void> {
  const adapter = await machine.getNetworkAdapter(0);
  await adapter.setEnabled(true);
  await adapter.setAttachmentType("NAT");
  await adapter.setAdapterType(adapterTypes[card.type]);
  await adapter.setMACAddress(plainMac(card.mac));
  await adapter.setCableConnected(true);
  const engine = await adapter.getNATEngine();
  await engine.setDNSProxy(card.hasDnsProxy);
  await engine.setDNSUseHostResolver(card.hasHostResolver);
  // In 6.1 it is always so.
  if (await hasApiOf(client, [7, 0])) await engine.setLocalhostReachable(true);
}

async function setHostOnly(machine: Machine, card: Hardware["hostOnly"]): Promise<void> {
  const adapter = await machine.getNetworkAdapter(1);
  if (card === undefined) return void (await adapter.setEnabled(false));
  await adapter.setEnabled(true);
  await adapter.setAttachmentType("HostOnly");
  await adapter.setHostOnlyInterface(card.adapter);
  await adapter.setAdapterType(adapterTypes[card.type]);
  await adapter.setPromiscModePolicy(policies[card.promiscuous]);
  await adapter.setMACAddress(plainMac(card.mac));
  await adapter.setCableConnected(true);
}

/** NetworkAdapterType of VirtualBox.xidl. */
const adapterTypes: Readonly<Record<CardType, string>> = {
  virtio: "Virtio",
  "82540EM": "I82540EM",
  "82543GC": "I82543GC",
  "82545EM": "I82545EM",
  Am79C970A: "Am79C970A",
  Am79C973: "Am79C973",
};

/** NetworkAdapterPromiscModePolicy. */
const policies: Readonly<Record<Promiscuous, string>> = {
  deny: "Deny",
  "allow-vms": "AllowNetwork",
  "allow-all": "AllowAll",
};

/** VirtualBox writes them without colons: "0800271A2B3C". */
function plainMac(mac: string): string {
  return mac.replaceAll(":", "").toUpperCase();
}
