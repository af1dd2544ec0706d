import { createHyperVProvider } from "../../src/providers/hyperv/provider.ts";
import { parseHyperVRecord } from "../../src/providers/hyperv/record.ts";
import type { Json } from "../../src/providers/provider.ts";
import { simulatedWorld } from "../support/hyperv/hyperv-world.ts";
import { closeConsole, greeting } from "../support/hyperv/simulated-machine.ts";
import { createSimulator, type Simulator } from "../support/hyperv/simulator.ts";
import { sampleImages } from "../support/providers/fake-provider.ts";
import { testProviderContract } from "../support/providers/provider-contract.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

function machineOf(simulator: Simulator, record: Json) {
  const { tag } = parseHyperVRecord(record);
  const found = [...simulator.machines.values()].find(({ notes }) => notes === tag);
  if (found === undefined) throw new Error("the simulator has no such machine");
  return found;
}

for (const noise of [
  { before: "", after: "" },
  { before: "Bienvenue, José !\r\n<tsmachine-reply>", after: "#< CLIXML\r\n<Objs></Objs>" },
]) {
  const title = noise.before === "" ? "hyperv, simulated" : "hyperv, with noise around replies";
  testProviderContract(title, async () => {
    const simulator = createSimulator();
    simulator.noise = noise;
    let count = 0;
    return {
      provider: createHyperVProvider(simulatedWorld(simulator)),
      async newMachine() {
        count += 1;
        return {
          spec: { name: `machine-${count}`, architecture: "amd64" },
          places: { directory: await temporaryDirectory(), images: sampleImages },
        };
      },
      options: {},
      impossibleOptions: { memoryMiB: 2 ** 40 },
      greeting,
      async pullThePlug({ record }) {
        const machine = machineOf(simulator, record);
        await closeConsole(machine);
        machine.state = "Off";
      },
      async destroy({ record }) {
        simulator.machines.delete(machineOf(simulator, record).id);
      },
    };
  });
}
