import { expect, test } from "vitest";
import type { Candidate } from "../../../../src/core/look/candidates.ts";
import { filterCandidates, noFilters, parseLabel } from "../../../../src/core/look/filters.ts";
import { describeSwarm, swarmMastersOf, swarmUrl } from "../../../../src/core/look/swarm.ts";
import { machineRecord } from "../../../support/machines/machine-record.ts";
import { createFakeProvider } from "../../../support/providers/fake-provider.ts";

const swarm = {
  ...{ isSwarm: true, isMaster: false, discovery: "token://a", host: "tcp://0.0.0.0:3376" },
  ...{ image: "swarm:latest", strategy: "spread", address: "", options: [], joinOptions: [] },
  isExperimental: false,
};
const engine = {
  ...{ registryMirrors: [], insecureRegistries: [], environment: {}, arbitraryFlags: [] },
  labels: ["spam=eggs", "flag"],
};
const named = (name: string, changes: Parameters<typeof machineRecord>[0] = {}): Candidate => ({
  name,
  record: machineRecord({ ...changes, name }),
});
const candidates: readonly Candidate[] = [
  named("Leader", { swarm: { ...swarm, isMaster: true } }),
  named("node1", { swarm, engine }),
  named("node2", { engine: { ...engine, labels: ["spam=ham"] } }),
  named("lost", { swarm: { ...swarm, discovery: "token://b" } }),
  { name: "torn", error: "the record is torn" },
];
const context = { providers: async () => [createFakeProvider({ aliases: ["imitation"] })] };

test.each([
  [{}, "Leader node1 node2 lost torn"],
  [{ names: [/^node/, /^t/] }, "node1 node2 torn"],
  [{ drivers: ["Imitation"] }, "Leader node1 node2 lost"],
  [{ drivers: ["other", "fake"] }, "Leader node1 node2 lost"],
  [{ drivers: ["other"] }, ""],
  [{ swarms: ["leader"] }, "Leader node1"],
  [{ swarms: ["node1", ""] }, ""],
  [{ labels: [parseLabel("spam=EGGS")] }, "node1"],
  [{ labels: [parseLabel("spam")] }, "node1 node2"],
  [{ labels: [parseLabel("spam=eggs"), parseLabel("spam=ham")] }, "node1 node2"],
  [{ labels: [parseLabel("flag")] }, "node1"],
  [{ labels: [parseLabel("spam=a=b")] }, ""],
  [{ names: [/node/], labels: [parseLabel("spam=ham")], drivers: ["fake"] }, "node2"],
])("%j passes %s", async (filters, names) => {
  const found = await filterCandidates(context, candidates, { ...noFilters, ...filters });
  expect(found.map(({ name }) => name).join(" ")).toBe(names);
});

test("a machine in classic Swarm is shown with its master", () => {
  const masters = swarmMastersOf(candidates);
  expect(candidates.map((candidate) => describeSwarm(candidate, masters))).toEqual([
    ...["Leader (master)", "Leader", "", "", ""],
  ]);
});

test.each([
  ["tcp://192.0.2.1:2376", "tcp://0.0.0.0:3376", "tcp://192.0.2.1:3376"],
  ["tcp://[::1]:2376", "tcp://0.0.0.0:3376", "tcp://[::1]:3376"],
  ["tcp://192.0.2.1:2376", "", "tcp://192.0.2.1:2376"],
])("the Swarm of a master at %s with --swarm-host %s is at %s", (url, host, expected) => {
  expect(swarmUrl(url, { host })).toBe(expected);
});
