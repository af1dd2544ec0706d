// How Slurm's programs are understood.
import { expect, test } from "vitest";
import { openSlurm } from "../../../../src/matrix/slurm/slurm.ts";
import { fakeSlurm } from "../../../support/slurm/fake-slurm.ts";

const signal = new AbortController().signal;

test("half an answer of squeue is a failure that passes", async () => {
  const { environment } = await fakeSlurm({ squeue: "printf '1|RUN'" });
  const slurm = await openSlurm({ environment, platform: "linux" });
  await expect(slurm.readTasks("17", signal)).rejects.toMatchObject({
    ...{ code: "SLURM_FAILED", message: "squeue printed no states of tasks: 1|RUN" },
    hints: ["use Slurm 22.05 or newer"],
  });
});
