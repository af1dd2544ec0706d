import { expect, test } from "vitest";
import { changesBetween } from "../../../../src/core/events/machine-events.ts";
import type { MachineView } from "../../../../src/core/events/machine-view.ts";
import type { MachineRecord } from "../../../../src/store/record.ts";
import { machineRecord } from "../../../support/machines/machine-record.ts";

const sizes = { memoryMiB: 1024, cpuCount: 2, diskSizeMiB: 4096 };

function view(changes: Partial<MachineView> = {}, record: Partial<MachineRecord> = {}) {
  const seen: MachineView = {
    ...{ record: machineRecord(record), status: "Running", problem: "", ports: [], sizes },
    ...changes,
  };
  return seen;
}

const off = (status: MachineView["status"] = "Stopped", problem = "") =>
  view({ status, problem, ports: undefined });
const making = view({ status: "Starting", ports: undefined }, { phase: "creating" });
const images = { boot: "boot-1", engine: "engine-2" };
const upgrading = view({}, { images, upgrade: { from: "engine-1", to: "engine-2" } });
const engine = {
  ...{ labels: ["a=b"], registryMirrors: [], insecureRegistries: [], environment: {} },
  arbitraryFlags: [],
};

test.each<[string, MachineView | undefined, MachineView | undefined, string[]]>([
  ["nothing at all", view(), view(), []],
  ["nothing, and never there", undefined, undefined, []],
  ["a creation that begins", undefined, making, ["creating", "starting"]],
  ["a creation that ends", making, view(), ["created", "started"]],
  ["a creation that is undone", making, undefined, ["failed: its creation was undone"]],
  ["a machine that appears whole", undefined, off(), ["created", "stopped"]],
  ["a stop", view(), off(), ["stopped"]],
  ["a stop that is under way", view(), off("Stopping"), ["stopping"]],
  ["a start", off(), view(), ["started"]],
  ["a suspension", view(), off("Saved"), ["suspended"]],
  ["a pause", view(), off("Paused"), ["paused"]],
  ["a crash", view(), off("Error", "it crashed"), ["failed: it crashed"]],
  ["another trouble", off("Error", "a"), off("Error", "b"), ["failed: b"]],
  ["a removal", view(), view({}, { phase: "removing" }), ["removing"]],
  ["its end", off(), undefined, ["removed"]],
  ["a port that opens", view(), view({ ports: ["tcp 1"] }), ["port-opened: tcp 1"]],
  [
    "another port",
    view({ ports: ["tcp 1"] }),
    view({ ports: ["tcp 2"] }),
    ["port-closed: tcp 1", "port-opened: tcp 2"],
  ],
  ["a stop with ports", view({ ports: ["tcp 1"] }), off(), ["stopped"]],
  ["a provision", view(), view({}, { engine }), ["provisioned"]],
  ["an upgrade that goes on", view(), upgrading, []],
  ["an upgrade that ends well", upgrading, view({}, { images }), ["upgraded: engine-2"]],
  ["an upgrade that is undone", upgrading, view(), ["failed: its upgrade was undone"]],
  ["an upgrade in one look", view(), view({}, { images }), ["upgraded: engine-2"]],
  [
    "another address",
    view(),
    view({}, { endpoint: { address: "192.0.2.7", sshPort: 22, dockerPort: 2376 } }),
    ["moved: 192.0.2.7:2376"],
  ],
  [
    "another size",
    view(),
    view({ sizes: { ...sizes, memoryMiB: 2048 } }),
    ["resized: 2048 MiB of memory, 2 processors, a disk of 4096 MiB"],
  ],
  [
    "a record that is damaged",
    view(),
    { ...off("Error", "not readable"), record: undefined },
    ["failed: not readable"],
  ],
  ["a record that is mended", { ...off("Error", "x"), record: undefined }, view(), ["started"]],
])("%s", (_, before, after, told) => {
  const changes = changesBetween(before, after);
  expect(changes.map(({ kind, detail }) => (detail === "" ? kind : `${kind}: ${detail}`))).toEqual(
    told,
  );
});
