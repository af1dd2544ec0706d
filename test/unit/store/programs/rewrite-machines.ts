import { openStore } from "../../../../src/store/open-store.ts";
import { machineRecord } from "../../../support/machines/machine-record.ts";

// Argument: the store's folder. Creates, rewrites and removes machine "dev" without end, each time
// with more in its record, and prints a line after each change.
const store = openStore(process.argv[2] ?? "");
const limits = { timeoutMs: 20_000, signal: new AbortController().signal };
const files = { ca: "CA", key: "KEY", sshKey: "SSH KEY" };
const done = () => process.stdout.write("changed\n");

for (let round = 0; ; round += 1) {
  await store.withMachineLock("dev", limits, async () => {
    if ((await store.listMachineNames()).includes("dev")) await store.removeMachine("dev");
    done();
    await store.createMachine(machineRecord({ tlsSans: [] }), files);
    done();
    for (let size = 1; size < 6; size += 1) {
      await store.writeMachine(machineRecord({ tlsSans: Array(size * 200).fill("a.example") }));
      done();
      await store.writeMachineFiles("dev", { serverKey: `KEY ${round}` });
      done();
    }
  });
}
