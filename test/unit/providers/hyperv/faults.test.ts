import { describe, expect, test } from "vitest";
import { createHyperVProvider } from "../../../../src/providers/hyperv/provider.ts";
import { markOf, parseHyperVRecord } from "../../../../src/providers/hyperv/record.ts";
import { simulatedWorld } from "../../../support/hyperv/hyperv-world.ts";
import { SimulatedFault } from "../../../support/hyperv/simulated-scripts.ts";
import { createSimulator } from "../../../support/hyperv/simulator.ts";
import { sampleImages } from "../../../support/providers/fake-provider.ts";
import { temporaryDirectory } from "../../../support/temporary-directory.ts";
import { recordedOperation } from "../../../support/worlds/operations.ts";

/** A machine that is made, and the Hyper-V that it is in. */
async function created(name = "default") {
  const simulator = createSimulator();
  const provider = createHyperVProvider(simulatedWorld(simulator));
  const places = { directory: await temporaryDirectory(), images: sampleImages };
  const plan = await provider.plan({ name, architecture: "amd64" }, {}, recordedOperation());
  const record = await provider.open(plan, places).create(recordedOperation());
  const [machine] = simulator.machines.values();
  if (machine === undefined) throw new Error("no machine was made");
  const instance = provider.open(record, places);
  return { simulator, provider, places, plan, record, instance, machine };
}

const english = (id: string, message: string) =>
  new SimulatedFault(message, { id, category: "NotSpecified" });

describe("what goes wrong in Hyper-V", () => {
  test.each([
    [
      "access is denied",
      english(
        "AccessDenied,Microsoft.HyperV.PowerShell.Commands.StartVM",
        "Sie verfügen nicht über die erforderliche Berechtigung.",
      ),
      { code: "PERMISSION_DENIED", message: /may not do that in Hyper-V: Sie verfügen/ },
    ],
    [
      "there is too little memory, by its id",
      english(
        "OutOfMemory,Microsoft.HyperV.PowerShell.Commands.StartVM",
        "“minikube”无法启动。\r\n系统内存不足",
      ),
      {
        code: "HYPERV_FAILED",
        message: /too little free memory for the machine: “minikube”无法启动。 系/,
      },
    ],
    [
      "there is too little memory, by the code in a localised message",
      english(
        "Unspecified,Microsoft.HyperV.PowerShell.Commands.StartVM",
        "Nie można przydzielić 2048 MB pamięci RAM (0x800705AA).",
      ),
      { code: "HYPERV_FAILED", message: /too little free memory/ },
    ],
    [
      "the disk is full",
      english(
        "OperationFailed,Microsoft.HyperV.PowerShell.Commands.StartVM",
        "Espace insuffisant sur le disque. (0x80070070).",
      ),
      { code: "DISK_FULL", message: /disk is full: Espace/ },
    ],
    [
      "a file is in use",
      english(
        "OperationFailed,Microsoft.HyperV.PowerShell.Commands.StartVM",
        "The process cannot access the file. (0x80070020).",
      ),
      { code: "INSTANCE_LOCKED", message: /in use/ },
    ],
    [
      "something else",
      english("Unspecified,X", "Something\r\nelse."),
      { code: "HYPERV_FAILED", message: /^machine "default": Hyper-V refuses: Something else\.$/ },
    ],
  ])("%s", async (_, fault, { code, message }) => {
    const { simulator, instance } = await created();
    simulator.failNext("start-machine", fault);
    await expect(instance.start(recordedOperation())).rejects.toMatchObject({
      ...{ code, message: expect.stringMatching(message) },
    });
    expect(await instance.power(recordedOperation())).toBe("stopped");
  });

  test("a PowerShell that hangs is given up, and nothing runs", async () => {
    const { simulator, instance } = await created();
    simulator.hangNext("start-machine");
    await expect(instance.start(recordedOperation())).rejects.toMatchObject({
      ...{ code: "TIMEOUT", message: "Hyper-V did not answer within 180 s (start-machine)" },
      hints: [expect.stringContaining("`Restart-Service vmms`")],
    });
    expect(await instance.power(recordedOperation())).toBe("stopped");
  });

  test("a switch that is gone is named as the reason, and one of its name does in its place", async () => {
    const { simulator, instance } = await created();
    const [old] = simulator.switches.splice(0);
    await expect(instance.start(recordedOperation())).rejects.toMatchObject({
      ...{
        code: "HYPERV_FAILED",
        message: 'machine "default": the machine\'s virtual switch is gone',
      },
      hints: [expect.stringContaining("make one of that name again")],
    });
    const id = crypto.randomUUID();
    simulator.switches.push({ id, name: old?.name ?? "", type: "Internal" });
    await instance.start(recordedOperation());
    expect(await instance.power(recordedOperation())).toBe("running");
  });

  test.each([
    [
      "AccessDenied,Microsoft.HyperV.PowerShell.Commands.StartVM",
      "Benutzerkonto: Zugriff verweigert (0x80070005).",
      /may not read a file of the machine/,
    ],
    [
      "OperationFailed,Microsoft.HyperV.PowerShell.Commands.AddVMHardDiskDrive",
      "Allgemeiner Fehler: Zugriff verweigert (0x80070005).",
      /may not read a file of the machine/,
    ],
    [
      "OperationFailed,Microsoft.HyperV.PowerShell.Commands.AddVMHardDiskDrive",
      "Die Datei darf nicht komprimiert sein (0xC03A001A).",
      /folder that is compressed or encrypted/,
    ],
    ["CouldNotAutoLoadModule", "The 'Get-VM' command was found in the module", /module.*missing/],
  ])("%s, %s, is explained", async (id, words, message) => {
    const { simulator, instance } = await created();
    simulator.failNext("start-machine", english(id, words));
    await expect(instance.start(recordedOperation())).rejects.toThrow(message);
  });
});

test.each(["power", "remove", "start"] as const)(
  "a management service that does not answer fails %s: the machine is not taken to be gone",
  async (operation) => {
    const { simulator, instance, machine } = await created();
    for (const script of ["look-at-machine", "power-off-machine"]) {
      simulator.failNext(
        script,
        english(
          "ObjectNotFound,Microsoft.HyperV.PowerShell.Commands.GetVM",
          "Das Objekt wurde nicht gefunden.",
        ),
      );
    }
    await expect(instance[operation](recordedOperation())).rejects.toMatchObject({
      ...{ code: "PROVIDER_NOT_READY", message: expect.stringContaining("vmms") },
      hints: [expect.stringContaining("; Start-Service vmms`")],
    });
    expect(simulator.machines.has(machine.id)).toBe(true);
  },
);

describe("a start that fails", () => {
  const outOfMemory = english(
    "OutOfMemory,Microsoft.HyperV.PowerShell.Commands.StartVM",
    "(0x8007000E)",
  );

  test("keeps the saved state", async () => {
    const { simulator, instance } = await created();
    await instance.start(recordedOperation());
    await instance.suspension?.suspend(recordedOperation());
    simulator.failNext("start-machine", outOfMemory);
    await expect(instance.start(recordedOperation())).rejects.toThrow("too little free memory");
    expect(await instance.power(recordedOperation())).toBe("suspended");
  });

  test("leaves a paused machine paused, and one that runs alone", async () => {
    const { simulator, instance, machine } = await created();
    machine.state = "PausedCritical";
    simulator.failNext("start-machine", outOfMemory);
    await expect(instance.start(recordedOperation())).rejects.toThrow("too little free memory");
    expect(machine.state).toBe("PausedCritical");
    machine.state = "Running";
    simulator.hangNext("start-machine");
    await instance.start(recordedOperation());
    expect(machine.state).toBe("Running");
  });

  test("says so itself when taking it back fails as well", async () => {
    const { simulator, instance } = await created();
    simulator.failNext("start-machine", outOfMemory);
    simulator.failNext("power-off-machine", english("X", "undo"));
    await expect(instance.start(recordedOperation())).rejects.toThrow("too little free memory");
  });
});

describe("what is changed behind the provider's back", () => {
  test("a machine that is renamed is known by its id", async () => {
    const { instance, machine } = await created();
    machine.name = "[renamed] *";
    await instance.start(recordedOperation());
    expect(await instance.power(recordedOperation())).toBe("running");
  });

  test("one whose notes are changed as well", async () => {
    const { instance, machine } = await created();
    machine.notes = "important";
    expect(await instance.power(recordedOperation())).toBe("stopped");
  });

  test("its copy, notes and all, is another machine", async () => {
    const { simulator, instance, machine } = await created();
    const copy = { ...machine, id: crypto.randomUUID() };
    simulator.machines.clear();
    simulator.machines.set(copy.id, copy).set(machine.id, machine);
    await instance.remove(recordedOperation());
    expect([...simulator.machines.keys()]).toEqual([copy.id]);
  });

  test("another machine of the same name is left alone", async () => {
    const { simulator, instance, machine } = await created();
    simulator.machines.set("other", { ...machine, id: crypto.randomUUID(), notes: "" });
    await instance.remove(recordedOperation());
    expect([...simulator.machines.keys()]).toEqual(["other"]);
  });

  test("a name that another machine has is refused before anything is made", async () => {
    const { simulator, provider, machine } = await created();
    const spec = { name: "default", architecture: "amd64" } as const;
    await expect(provider.plan(spec, {}, recordedOperation())).rejects.toMatchObject({
      ...{ code: "INSTANCE_EXISTS", hints: [expect.stringContaining(machine.id)] },
    });
    expect(simulator.machines.size).toBe(1);
  });

  test("the name of what an interrupted creation has left in the machine's folder is free", async () => {
    const { provider, places } = await created();
    const { directory } = places;
    const spec = { name: "default", architecture: "amd64", directory } as const;
    expect(await provider.plan(spec, {}, recordedOperation())).toMatchObject({ name: "default" });
  });

  test("a machine that is on the way somewhere is powered off when it has come there", async () => {
    const { simulator, instance } = await created();
    await instance.start(recordedOperation());
    simulator.failNext(
      "power-off-machine",
      english("InvalidState,Microsoft.HyperV.PowerShell.Commands.StopVM", "not now"),
    );
    await instance.stop("power-off", recordedOperation());
    expect(await instance.power(recordedOperation())).toBe("stopped");
  });

  test("a creation that was cut off is completed: nothing is made twice", async () => {
    const { simulator, provider, places, plan, machine } = await created();
    machine.name = machine.notes;
    machine.notes = "";
    await provider.open(plan, places).create(recordedOperation());
    expect([...simulator.machines.values()]).toMatchObject([{ id: machine.id, name: "default" }]);
  });

  test("a machine that is paused goes on at a start, and can be shut down", async () => {
    const { instance, machine } = await created();
    machine.state = "Paused";
    expect(await instance.power(recordedOperation())).toBe("paused");
    await instance.start(recordedOperation());
    expect(await instance.power(recordedOperation())).toBe("running");
  });

  test("one on the way to another state is not started", async () => {
    const { instance, machine } = await created();
    machine.state = "Saving";
    await expect(instance.start(recordedOperation())).rejects.toMatchObject({
      code: "INSTANCE_LOCKED",
    });
  });

  test("a machine whose creation was killed before it had a disk is removed with its folder", async () => {
    const { simulator, provider, places, plan, machine: made } = await created();
    const { tag } = parseHyperVRecord(plan);
    const begun = { ...made, name: `${tag} ${markOf(places.directory)}`, notes: "", disks: [] };
    const other = { ...begun, id: crypto.randomUUID(), name: `${tag} ${markOf("/elsewhere")}` };
    simulator.machines.clear();
    simulator.machines.set(begun.id, begun).set(other.id, other);
    await provider.abandon(places.directory.toUpperCase(), recordedOperation());
    expect([...simulator.machines.values()]).toEqual([other]);
  });

  test("until a machine has a disk, its name holds the mark of its folder", async () => {
    const { simulator, provider, places, plan } = await created();
    simulator.machines.clear();
    simulator.switches.length = 0;
    const creation = provider.open(plan, places).create(recordedOperation());
    await expect(creation).rejects.toThrow("switch is gone");
    expect([...simulator.machines.values()]).toMatchObject([
      { disks: [], name: expect.stringContaining(markOf(places.directory)) },
    ]);
  });

  test("a machine whose record is lost is found by the folder of its disk, and removed", async () => {
    const { simulator, provider, places, machine } = await created();
    const other = { ...machine, id: crypto.randomUUID(), disks: ["/elsewhere/data.vhdx"] };
    simulator.machines.set(other.id, other);
    machine.state = "Saved";
    await provider.abandon(places.directory, recordedOperation());
    expect([...simulator.machines.values()]).toEqual([other]);
  });
});

describe("the address", () => {
  test("is the guest's IPv4 address, and another after the next start", async () => {
    const { instance, machine } = await created();
    expect(await instance.endpoint(recordedOperation())).toMatchObject({ address: "" });
    await instance.start(recordedOperation());
    const { address } = await instance.endpoint(recordedOperation());
    expect(address).toBe("172.28.1.7");
    await instance.stop("power-off", recordedOperation());
    await instance.start(recordedOperation());
    expect(await instance.endpoint(recordedOperation())).toMatchObject({
      ...{ address: "172.28.2.7", sshPort: 22, dockerPort: 2376 },
    });
    machine.addresses = ["169.254.7.1", "fe80::1"];
    expect(await instance.endpoint(recordedOperation())).toMatchObject({ address: "" });
  });
});
