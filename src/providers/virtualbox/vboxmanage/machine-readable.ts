// `VBoxManage showvminfo --machinereadable`: lines of KEY=VALUE, with quotes around either or neither.
// Quotes and backslashes within a value are escaped by a backslash: in 7.0 and newer in all of them, before that in
// some. Descriptions of snapshots have their line ends as they are.
import type { Forward, MachineView, Snapshot } from "../control.ts";

/** The first value of every key, without the quotes around it. */
export function parseValues(text: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const [, quotedKey, plainKey, value = ""] = /^(?:"([^"]+)"|([^\s="]+))=(.*)$/.exec(line) ?? [];
    const key = quotedKey ?? plainKey;
    if (key !== undefined && !values.has(key)) values.set(key, unquote(value));
  }
  return values;
}

/** What tsmachine wants to know of a machine. */
export function parseMachine(uuid: string, text: string, controller: string): MachineView {
  const values = parseValues(text);
  return {
    uuid,
    name: values.get("name"),
    state: values.get("VMState") ?? "unknown",
    settingsFile: values.get("CfgFile"),
    logFolder: values.get("LogFldr"),
    media: parseMedia(values, controller),
    hasController: valuesOf(values, /^storagecontrollername\d+$/).includes(controller),
    forwards: parseForwards(text),
    folders: valuesOf(values, /^SharedFolderNameMachineMapping\d+$/),
    adapters: valuesOf(values, /^(hostonlyadapter|hostonly-network)\d+$/),
  };
}

/** Of the machine's tree of snapshots, a parent before its children. */
export function parseSnapshots(text: string): readonly Snapshot[] {
  const values = parseValues(text);
  const current = values.get("CurrentSnapshotUUID");
  return [...values].flatMap(([key, label]) => {
    // "-2-1" is the first child of the second child of the first of all.
    const [, place] = /^SnapshotName((?:-\d+)*)$/.exec(key) ?? [];
    const uuid = place === undefined ? undefined : values.get(`SnapshotUUID${place}`);
    if (place === undefined || uuid === undefined) return [];
    const above = place.slice(0, place.lastIndexOf("-"));
    const parent = place === "" ? undefined : values.get(`SnapshotUUID${above}`);
    return [{ uuid, label, parent, isCurrent: uuid === current }];
  });
}

/** Where VirtualBox keeps the machine; undefined in what is not told of a machine. */
export function parseFolders(text: string):
  | {
      readonly settingsFile: string;
      readonly snapshotFolder: string;
      readonly logFolder: string | undefined;
    }
  | undefined {
  const values = parseValues(text);
  const [settingsFile, snapshotFolder] = [values.get("CfgFile"), values.get("SnapFldr")];
  if (settingsFile === undefined || snapshotFolder === undefined) return undefined;
  return { settingsFile, snapshotFolder, logFolder: values.get("LogFldr") };
}

function parseMedia(
  values: ReadonlyMap<string, string>,
  controller: string,
): ReadonlyMap<number, string> {
  const media = new Map<number, string>();
  for (const [key, path] of values) {
    const port = key.startsWith(`${controller}-`)
      ? /^-(\d+)-0$/.exec(key.slice(controller.length))?.[1]
      : undefined;
    if (port !== undefined && !["none", "emptydrive"].includes(path)) media.set(Number(port), path);
  }
  return media;
}

/** Of the first card. Every card counts its own from 0, after the line that says what it is on. */
function parseForwards(text: string): readonly Forward[] {
  const first = text.split(/^(?=nic\d+=)/m).find((part) => part.startsWith("nic1=")) ?? "";
  const rules = valuesOf(parseValues(first), /^Forwarding\(\d+\)$/);
  return rules.flatMap((rule) => parseForward(rule) ?? []);
}

/** "ssh,tcp,127.0.0.1,40022,,22" */
function parseForward(rule: string): Forward | undefined {
  const [name, , , hostPort, , guestPort] = rule.split(",");
  return name === undefined || guestPort === undefined
    ? undefined
    : { name, hostPort: Number(hostPort), guestPort: Number(guestPort) };
}

function valuesOf(values: ReadonlyMap<string, string>, keys: RegExp): string[] {
  return [...values].flatMap(([key, value]) => (keys.test(key) ? [value] : []));
}

function unquote(value: string): string {
  const text = /^"(.*)"$/.exec(value)?.[1] ?? value;
  // "\\server\share": escaped, there would be four of them.
  const isPlainUnc = /^\\\\[^\\]/.test(text);
  return isPlainUnc ? text : text.replace(/\\(["\\])/g, "$1");
}
