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

test.each(["SBATCH_CLUSTERS", "SLURM_CLUSTERS"])(
  "no other cluster is asked for %s",
  async (name) => {
    const { environment } = await fakeSlurm();
    const named = { ...environment, [name]: "other" };
    await expect(openSlurm({ environment: named, platform: "linux" })).rejects.toMatchObject({
      code: "INVALID_INPUT",
      message: `variable ${name} is set to other: only jobs of this host's own cluster are followed`,
    });
  },
);

test("sbatch neither waits for the job nor puts its errors elsewhere because a variable says so", async () => {
  const { environment } = await fakeSlurm({
    sbatch: 'test -z "$SBATCH_WAIT$SBATCH_ERROR" && test "$SBATCH_PARTITION" = x && echo 17',
  });
  const variables = { SBATCH_WAIT: "1", SBATCH_ERROR: "/tmp/x", SBATCH_PARTITION: "x" };
  const slurm = await openSlurm({
    ...{ environment: { ...environment, ...variables }, platform: "linux" },
  });
  const request = {
    ...{ name: "any", directory: "/shared", taskCount: 1, memoryMiB: 1, cpuCount: 1, options: [] },
    script: "/shared/task.sh",
  };
  expect(await slurm.submit(request)).toBe("17");
});
