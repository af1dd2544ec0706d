// https://www.virtualbox.org/manual/ch08.html (VBoxManage). Spellings that 6.1 to 7.2 all take.
import type { Hardware, Medium } from "../control.ts";
import { controllerName } from "../storage.ts";

/**
 * The hardware of a machine, every part of it said: what it had before makes no difference.
 * @param majorVersion VirtualBox's own
 */
export function hardwareArguments(
  { memoryMiB, cpuCount, consoleLog, nat, hostOnly }: Hardware,
  majorVersion: number,
): readonly string[] {
  return [
    ...["--memory", String(memoryMiB), "--cpus", String(cpuCount)],
    ...["--firmware", "bios", "--bioslogofadein", "off", "--bioslogofadeout", "off"],
    ...["--bioslogodisplaytime", "0", "--biosbootmenu", "disabled"],
    ...["--boot1", "dvd", "--boot2", "none", "--boot3", "none", "--boot4", "none"],
    ...["--acpi", "on", "--ioapic", "on", "--rtcuseutc", "on", "--vram", "8"],
    ...["--graphicscontroller", "vmsvga"],
    ...["--uart1", "0x3f8", "4", "--uartmode1", "file", consoleLog],
    ...["--nic1", "nat", "--nictype1", nat.type, "--macaddress1", plainMac(nat.mac)],
    ...["--cableconnected1", "on", "--natdnsproxy1", onOff(nat.hasDnsProxy)],
    ...["--natdnshostresolver1", onOff(nat.hasHostResolver)],
    // What capability hostLoopback promises. In 6.1 it is always so, and cannot be said.
    ...(majorVersion >= 7 ? ["--nat-localhostreachable1", "on"] : []),
    ...hostOnlyArguments(hostOnly),
  ];
}

function hostOnlyArguments(card: Hardware["hostOnly"]): readonly string[] {
  if (card === undefined) return ["--nic2", "none"];
  return [
    ...["--nic2", "hostonly", "--hostonlyadapter2", card.adapter],
    ...["--nictype2", card.type, "--nicpromisc2", card.promiscuous],
    ...["--macaddress2", plainMac(card.mac), "--cableconnected2", "on"],
  ];
}

/** macOS 7.0 and newer: a network in place of an adapter. */
export function withHostOnlyNetwork(args: readonly string[]): readonly string[] {
  return args.map((word, index) => {
    if (word === "hostonly" && args[index - 1] === "--nic2") return "hostonlynet";
    return word === "--hostonlyadapter2" ? "--host-only-net2" : word;
  });
}

export function attachArguments({ port, kind, path }: Medium): readonly string[] {
  return [
    ...["--storagectl", controllerName, "--port", String(port), "--device", "0"],
    ...["--type", kind === "disk" ? "hdd" : "dvddrive", "--medium", path],
  ];
}

/** VirtualBox writes them without colons: "0800271A2B3C". */
function plainMac(mac: string): string {
  return mac.replaceAll(":", "").toUpperCase();
}

function onOff(value: boolean): string {
  return value ? "on" : "off";
}
