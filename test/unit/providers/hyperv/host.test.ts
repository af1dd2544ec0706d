import { describe, expect, test } from "vitest";
import { joinGroup, makeSwitch } from "../../../../src/providers/hyperv/preflight/remedies.ts";
import { createHyperVProvider } from "../../../../src/providers/hyperv/provider.ts";
import { checkScript } from "../../../support/hyperv/check-script.ts";
import {
  hasPublishedCmdlets,
  readPublishedCmdlets,
  unlessPublished,
} from "../../../support/hyperv/cmdlets/published-cmdlets.ts";
import { simulatedWorld } from "../../../support/hyperv/hyperv-world.ts";
import { SimulatedFault } from "../../../support/hyperv/simulated-scripts.ts";
import { createSimulator } from "../../../support/hyperv/simulator.ts";
import { recordedOperation } from "../../../support/worlds/operations.ts";

describe("the check of the host", () => {
  test.each([
    ["all is well", {}, { state: "ready", version: "Hyper-V of Windows 10.0.22631" }],
    [
      "an administrator",
      { isAdministrator: true, isHyperVAdministrator: false },
      { state: "ready" },
    ],
    [
      "Hyper-V is off",
      { service: "Absent", hypervisorRuns: false, hasModule: false },
      {
        state: "missing",
        hint: /Enable-WindowsOptionalFeature -Online -All -FeatureName Microsoft-Hyper-V`.* restart/,
      },
    ],
    [
      "Hyper-V is off on a server",
      { service: "Absent", productType: 3 },
      { state: "missing", hint: /Install-WindowsFeature -Name Hyper-V / },
    ],
    [
      "Windows Home",
      { service: "Absent", edition: 101 },
      { state: "missing", problem: /Home has no Hyper-V/, hint: /virtualbox/ },
    ],
    [
      "the hypervisor is not launched",
      { hypervisorRuns: false, virtualizationInFirmware: true },
      { state: "degraded", hint: /bcdedit \/set hypervisorlaunchtype auto/ },
    ],
    [
      "the firmware has virtualization turned off",
      { hypervisorRuns: false },
      { state: "degraded", hint: /firmware set-up/ },
    ],
    ["vmms is stopped", { service: "Stopped" }, { state: "degraded", hint: /Start-Service vmms/ }],
    [
      "the module is missing",
      { hasModule: false },
      { state: "degraded", hint: /Microsoft-Hyper-V-Management-PowerShell/ },
    ],
    [
      "a user without rights",
      { isHyperVAdministrator: false },
      {
        ...{ state: "degraded", problem: /not elevated/ },
        hint: /Add-LocalGroupMember -SID S-1-5-32-578 -Member S-1-5-21-1-2-3-1001`/,
      },
    ],
  ])("%s", async (_, facts, { state, ...texts }) => {
    const provider = createHyperVProvider(simulatedWorld(createSimulator({ facts })));
    const health = await provider.check(recordedOperation());
    expect(health).toMatchObject({
      state,
      ...Object.fromEntries(
        Object.entries(texts).map(([key, text]) => [key, expect.stringMatching(text)]),
      ),
    });
  });

  test("a host whose switches fit no machine is told of before one is made", async () => {
    const simulator = createSimulator({ facts: { hasSwitch: false } });
    const provider = createHyperVProvider(simulatedWorld(simulator));
    expect(await provider.check(recordedOperation())).toMatchObject({
      ...{ state: "ready", notes: [expect.stringContaining("--hyperv-virtual-switch")] },
    });
  });

  test("another system than Windows has none", async () => {
    const world = { ...simulatedWorld(createSimulator()), platform: "linux" } as const;
    expect(await createHyperVProvider(world).check(recordedOperation())).toMatchObject({
      ...{ state: "unsupported", problem: "Hyper-V is a part of Windows" },
    });
  });

  test.each([
    [
      "refuses to run scripts in full",
      {
        stdout: "",
        stderr: "FullyQualifiedErrorId : MethodInvocationNotSupportedInConstrainedLanguage",
        exitCode: 1,
      },
      /constrained language mode/,
    ],
    ["says nothing", { stdout: "", stderr: "", exitCode: 5 }, /status 5 and gave no reply/],
  ])("a PowerShell that %s is the problem", async (_, result, problem) => {
    const world = { ...simulatedWorld(createSimulator()), shell: async () => result };
    expect(await createHyperVProvider(world).check(recordedOperation())).toMatchObject({
      ...{ state: "degraded", problem: expect.stringMatching(problem) },
    });
  });

  test("a script that fails is the problem, in its own words", async () => {
    const simulator = createSimulator();
    simulator.failNext(
      "detect",
      new SimulatedFault("Klasse nicht registriert", { id: "X", category: "NotSpecified" }),
    );
    const provider = createHyperVProvider(simulatedWorld(simulator));
    expect(await provider.check(recordedOperation())).toMatchObject({
      ...{ state: "degraded", problem: "Hyper-V refuses: Klasse nicht registriert" },
    });
  });
});

test.skipIf(!hasPublishedCmdlets).each([makeSwitch, joinGroup("S-1-5-21-1-2-3-1001")])(
  `a remedy is PowerShell that uses cmdlets as they are published: %s ${unlessPublished}`,
  async (remedy) => {
    const [, command = ""] = /`([^`]+)`/.exec(remedy) ?? [];
    expect(await checkScript(command, await readPublishedCmdlets())).toEqual([]);
    // A command that gives a single object gives no array.
    expect(command).not.toContain(")[0]");
  },
);

describe("the choice of a switch", () => {
  const external = {
    id: "7e1f0c1e-5b0a-4d3e-9a52-4f1d7d1a3f10",
    name: "Lab, 2. Stock",
    type: "External",
  } as const;
  const twin = { ...external, id: "11111111-5b0a-4d3e-9a52-4f1d7d1a3f10", type: "Private" };

  async function switchOf(options: object, switches: readonly (typeof twin)[] = []) {
    const simulator = createSimulator();
    simulator.switches.push(...switches);
    const provider = createHyperVProvider(simulatedWorld(simulator));
    const spec = { name: "default", architecture: "amd64" } as const;
    const record = await provider.plan(spec, options, recordedOperation());
    return JSON.parse(JSON.stringify(record)).switchId as unknown;
  }

  test("takes the Default Switch by its id where there is no external one", async () => {
    expect(await switchOf({})).toBe("c08cb7b8-9b3c-408e-8e30-5e16a3aeb444");
  });

  test("prefers an external one", async () => {
    expect(await switchOf({}, [twin, external])).toBe(external.id);
  });

  test.each([[external.name], [external.id.toUpperCase()]])("takes %s", async (virtualSwitch) => {
    expect(await switchOf({ virtualSwitch }, [external])).toBe(external.id);
  });

  test("refuses a name that none has, and one that several have", async () => {
    await expect(switchOf({ virtualSwitch: "lab" }, [external])).rejects.toThrow(
      'there is no "lab"; there are: "Standardswitch", "Lab, 2. Stock"',
    );
    await expect(switchOf({ virtualSwitch: twin.name }, [external, twin])).rejects.toThrow(
      `give one's id (${external.id}, ${twin.id})`,
    );
  });
});

describe("the options", () => {
  const plan = (options: object) =>
    createHyperVProvider(simulatedWorld(createSimulator())).plan(
      { name: "default", architecture: "amd64" },
      options,
      recordedOperation(),
    );

  test("have defaults that suit the host", async () => {
    expect(await plan({})).toMatchObject({
      ...{ generation: 2, memoryMiB: 2048, cpuCount: 2, diskSizeMiB: 20_000 },
      ...{ hasDynamicMemory: true, macAddress: null, vlanId: null, id: null },
    });
  });

  test("are docker-machine's, as text", async () => {
    const given = {
      ...{ memoryMiB: "1024", cpuCount: "1", diskSizeMiB: "4000", generation: "1" },
      ...{ staticMacAddress: "00-15-5D-38-01-0A", vlanId: "7", disableDynamicMemory: true },
    };
    expect(await plan(given)).toMatchObject({
      ...{ generation: 1, memoryMiB: 1024, cpuCount: 1, diskSizeMiB: 4000 },
      ...{ hasDynamicMemory: false, macAddress: "00155d38010a", vlanId: 7 },
    });
  });

  test("have docker-machine's 0 for no VLAN", async () => {
    expect(await plan({ vlanId: "0" })).toMatchObject({ vlanId: null });
  });

  test.each([
    [{ staticMacAddress: "none" }, "--hyperv-static-macaddress: is no MAC address"],
    [{ vlanId: "5000" }, "--hyperv-vlan-id: "],
    [{ generation: "3" }, "--hyperv-generation: is neither 1 nor 2"],
    [{ memoryMiB: "99999998" }, "--hyperv-memory: this host has only 16384 MiB"],
    [{ memoryMiB: "1025" }, "--hyperv-memory: is odd"],
    [{ cpuCount: "9" }, "--hyperv-cpu-count: this host has only 8"],
  ])("%j are refused by the flag's name", async (options, message) => {
    await expect(plan(options)).rejects.toMatchObject({
      ...{ code: "INVALID_INPUT", message: expect.stringContaining(message) },
    });
  });
});
