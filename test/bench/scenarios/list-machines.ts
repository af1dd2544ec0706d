import { makeDead, makeHanging } from "../ailing-machines.ts";
import type { Scenario } from "../bench.ts";
import { addStoppedMachines, machineName, readKvmMachine, removingMachines } from "../machines.ts";
import { warmDownloads } from "./build-images.ts";

/** One runs, two hang, five are dead and the others are off. */
const counts = { all: 20, hanging: 2, dead: 5 };
const limitSeconds = 2;
const allowedSeconds = 0.2;

/** `ls` where some machines never answer. */
export const listAilingMachines: Scenario = {
  names: ["ls-ailing"],
  async run(bench) {
    await warmDownloads(bench);
    return removingMachines(bench, async () => {
      bench.report("creating machines, some of which hang");
      await bench.product.time("create", machineName);
      const others = await addStoppedMachines(bench, counts.all - 1);
      for (const [index, name] of others.entries()) {
        const machine = await readKvmMachine(bench, name);
        if (index < counts.hanging) await makeHanging(machine, bench.signal);
        else if (index < counts.hanging + counts.dead) await makeDead(machine);
      }
      const args = ["ls", "--timeout", String(limitSeconds)];
      const seconds: number[] = [];
      for (let run = 1; run <= bench.runs; run += 1)
        seconds.push(await bench.product.timeAlone(...args));
      const { peakMB } = await bench.product.timeWithPeak(...args);
      const aims = [{ quantity: "seconds", atMost: limitSeconds + allowedSeconds }] as const;
      const what = `ls -t ${limitSeconds}, ${counts.all} machines, ${counts.dead} dead, ${counts.hanging} hanging`;
      return [{ what, seconds, peakMB, aims }];
    });
  },
};
