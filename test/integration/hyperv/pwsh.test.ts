// The provider's scripts in a real PowerShell, with functions in place of the cmdlets of Hyper-V.
import { platform } from "node:process";
import { describe, expect, test } from "vitest";
import { createHyperVProvider } from "../../../src/providers/hyperv/provider.ts";
import { parseHyperVRecord } from "../../../src/providers/hyperv/record.ts";
import type { Json } from "../../../src/providers/provider.ts";
import {
  hasPublishedCmdlets,
  readPublishedCmdlets,
  unlessPublished,
} from "../../support/hyperv/cmdlets/published-cmdlets.ts";
import { createPwshWorld } from "../../support/hyperv/stub-module/pwsh-world.ts";
import { sampleImages } from "../../support/providers/fake-provider.ts";
import { testProviderContract } from "../../support/providers/provider-contract.ts";
import { isOnPath } from "../../support/shells/real-shells.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";
import { recordedOperation } from "../../support/worlds/operations.ts";

// On Windows, PowerShell might find the real Hyper-V.
const isPossible = isOnPath("pwsh") && platform !== "win32" && hasPublishedCmdlets;
const cmdlets = isPossible ? await readPublishedCmdlets() : new Map();

async function newWorld() {
  return createPwshWorld(await temporaryDirectory(), cmdlets);
}

async function newPlaces(images = sampleImages) {
  return { directory: await temporaryDirectory(), images };
}

function tagOf(record: Json): string {
  return parseHyperVRecord(record).tag;
}

async function planned(name: string, options: object, images = sampleImages) {
  const world = await newWorld();
  const provider = createHyperVProvider(world);
  const places = await newPlaces(images);
  const plan = await provider.plan({ name, architecture: "amd64" }, options, recordedOperation());
  const made = provider.open(plan, places);
  return { world, provider, places, made };
}

const skipped = `(skipped where there is no pwsh) ${unlessPublished}`;

describe.skipIf(!isPossible)(skipped, () => {
  testProviderContract("hyperv, by pwsh", async () => {
    const world = await newWorld();
    let count = 0;
    return {
      provider: createHyperVProvider(world),
      async newMachine() {
        count += 1;
        return {
          spec: { name: `machine-${count}`, architecture: "amd64" },
          places: await newPlaces(),
        };
      },
      options: {},
      impossibleOptions: { memoryMiB: 2 ** 40 },
      greeting: undefined,
      pullThePlug: ({ record }) =>
        world.changeHost(({ machines }) => {
          for (const machine of machines) {
            if (machine.Notes === tagOf(record)) machine.State = "Off";
          }
        }),
      destroy: ({ record }) =>
        world.changeHost((host) => {
          host.machines = host.machines.filter(({ Notes }) => Notes !== tagOf(record));
        }),
    };
  });

  test.each([1, 2])(
    "a machine of generation %i gets the hardware of its record",
    async (generation) => {
      const options = {
        generation: `${generation}`,
        vlanId: "7",
        staticMacAddress: "00155d380102",
      };
      const { world, made, places } = await planned("default", options);
      await made.create(recordedOperation());
      const { machines } = await world.readHost();
      expect(machines).toMatchObject([
        {
          ...{ Name: "default", State: "Off", Generation: generation, ProcessorCount: 2 },
          ...{ DynamicMemoryEnabled: true, MemoryStartupBytes: 2 ** 31 },
          ...{ AutomaticStartAction: "Nothing", AutomaticStopAction: "ShutDown" },
          ...{ AutomaticCheckpointsEnabled: false, CheckpointType: "Standard" },
          SecureBoot: generation === 2 ? "Off" : "On",
          FirstBootDevice: generation === 2 ? sampleImages.bootIso : "",
          Adapters: [{ MacAddress: "00155d380102", VlanId: 7 }],
          HardDrives: [{ ControllerType: "SCSI", Path: expect.stringContaining(places.directory) }],
          DvdDrives: expect.arrayContaining([
            expect.objectContaining({ ControllerLocation: 0, Path: sampleImages.bootIso }),
            expect.objectContaining({ ControllerLocation: 1, Path: sampleImages.engineImage }),
            expect.objectContaining({ Path: sampleImages.seedImage }),
          ]),
        },
      ]);
      expect(machines[0]?.DvdDrives).toHaveLength(3);
    },
  );

  test.each([
    ["quotes of every kind", "O'Neill ‘’‚‛ \"“”„"],
    ["what PowerShell would expand", "$(throw 'run') $env:PATH `n @{} #> %PATH%"],
    ["wildcards", "[a-z]* ?"],
    ["characters outside ASCII", "Zoë 日本 🐳"],
  ])("names and paths with %s come through unchanged", async (_, awkward) => {
    const images = { ...sampleImages, bootIso: `/images/${awkward}/boot.iso` };
    const { world, provider, places, made } = await planned(awkward, {}, images);
    const record = await made.create(recordedOperation());
    const instance = provider.open(record, places);
    await instance.snapshots?.take(awkward, recordedOperation());
    expect(await instance.snapshots?.list(recordedOperation())).toEqual([awkward]);
    const [machine] = (await world.readHost()).machines;
    expect(machine?.Name).toBe(awkward);
    expect(machine?.DvdDrives.map(({ Path }) => Path)).toContain(images.bootIso);
    await instance.snapshots?.remove(awkward, recordedOperation());
  });

  test("a machine with a checkpoint starts from the checkpoint's disk", async () => {
    const { world, made } = await planned("default", {});
    await made.create(recordedOperation());
    await made.snapshots?.take("one", recordedOperation());
    await made.start(recordedOperation());
    const [machine] = (await world.readHost()).machines;
    expect(machine?.HardDrives).toMatchObject([{ Path: expect.stringMatching(/\.avhdx$/) }]);
  });

  test("a disk that somebody has added before tsmachine's stays, also where it is gone", async () => {
    const { world, made, places } = await planned("default", {});
    await made.create(recordedOperation());
    const added = { ControllerType: "SCSI", ControllerNumber: 0, ControllerLocation: 0 };
    const paths = { Path: "/elsewhere/own.vhdx", BasePath: "/elsewhere/own.vhdx", Layers: [] };
    await world.changeHost(({ machines }) => {
      for (const { Id, HardDrives } of machines) {
        HardDrives.unshift({ VMId: Id, ...added, ...paths });
      }
    });
    await expect(made.start(recordedOperation())).rejects.toMatchObject({ code: "HYPERV_FAILED" });
    const [machine] = (await world.readHost()).machines;
    expect(machine?.HardDrives.map(({ Path }) => Path)).toEqual([
      "/elsewhere/own.vhdx",
      expect.stringContaining(places.directory),
    ]);
  });

  test("a machine that was saved asks for an address on the network that it comes to", async () => {
    const { world, made } = await planned("default", {});
    await made.create(recordedOperation());
    await made.start(recordedOperation());
    await made.suspension?.suspend(recordedOperation());
    await made.start(recordedOperation());
    // The first start, the second, and the cable that was out.
    expect(await made.endpoint(recordedOperation())).toMatchObject({ address: "172.28.3.7" });
    expect((await world.readHost()).machines).toMatchObject([
      { Adapters: [{ SwitchId: expect.stringMatching(/./) }] },
    ]);
  });

  test("an address that only this host's neighbour table has is found there", async () => {
    const { world, made } = await planned("default", { staticMacAddress: "00155d380102" });
    await made.create(recordedOperation());
    await made.start(recordedOperation());
    await world.changeHost(({ machines, neighbours }) => {
      for (const adapter of machines.flatMap(({ Adapters }) => Adapters)) adapter.IPAddresses = [];
      const LinkLayerAddress = "00-15-5D-38-01-02";
      neighbours.push({ LinkLayerAddress, IPAddress: "172.28.1.9", State: "Reachable" });
    });
    expect(await made.endpoint(recordedOperation())).toMatchObject({ address: "172.28.1.9" });
  });

  test("a machine is not gone when Hyper-V's service does not answer", async () => {
    const { world, made, provider, places } = await planned("default", {});
    const record = await made.create(recordedOperation());
    await world.changeHost((host) => {
      host.isServed = false;
    });
    for (const instance of [made, provider.open(record, places)]) {
      await expect(instance.power(recordedOperation())).rejects.toMatchObject({
        ...{ code: "PROVIDER_NOT_READY", message: expect.stringContaining("vmms") },
      });
    }
  });

  test("a switch that is gone is named as the reason", async () => {
    const { world, made } = await planned("default", {});
    await made.create(recordedOperation());
    await world.changeHost((host) => {
      host.switches = [];
    });
    await expect(made.start(recordedOperation())).rejects.toMatchObject({
      ...{ code: "HYPERV_FAILED", message: expect.stringContaining("virtual switch is gone") },
    });
  });
});
