import { expect, test } from "vitest";
import type { SnapshotObject } from "../../../../src/providers/virtualbox/soap/api.ts";
import type { Client } from "../../../../src/providers/virtualbox/soap/connection.ts";
import { snapshotCommands } from "../../../../src/providers/virtualbox/webservice/snapshots.ts";

function snapshot(label: string, time: number, ...children: SnapshotObject[]): SnapshotObject {
  return {
    getId: async () => `of-${label}`,
    getTimeStamp: async () => time,
    getName: async () => label,
    getChildren: async () => children,
  };
}

/** The web service, of a machine that goes on from the snapshot "b". */
function clientWith(first: SnapshotObject | undefined): Client {
  const machine = {
    getSnapshotCount: async () => (first === undefined ? "0" : "3"),
    findSnapshot: async () => first,
    getCurrentSnapshot: async () => snapshot("b", 0),
  };
  return Object.assign(Object.create(null), { virtualBox: { findMachine: async () => machine } });
}

test("snapshots are told oldest first, with those that they go on from, and the current one", async () => {
  const client = clientWith(snapshot("a", 1, snapshot("b", 2, snapshot("d", 4)), snapshot("c", 3)));
  expect(await snapshotCommands(client).listSnapshots("uuid")).toEqual([
    { uuid: "of-a", label: "a", parent: undefined, isCurrent: false },
    { uuid: "of-b", label: "b", parent: "of-a", isCurrent: true },
    { uuid: "of-c", label: "c", parent: "of-a", isCurrent: false },
    { uuid: "of-d", label: "d", parent: "of-b", isCurrent: false },
  ]);
});

test("a machine may have none", async () => {
  expect(await snapshotCommands(clientWith(undefined)).listSnapshots("uuid")).toEqual([]);
});
