import { expect, test } from "vitest";
import { TsmachineError } from "../../../../src/errors/tsmachine-error.ts";
import { type EndedTask, followTasks } from "../../../../src/matrix/slurm/follow-tasks.ts";
import type { TaskState } from "../../../../src/matrix/slurm/task-state.ts";

const task = (number: number, state: string): TaskState => ({
  ...{ task: number, state, reason: "None", exitStatus: 0 },
});

/** Slurm's answers in turn, the last one again and again. */
async function follow(answers: readonly (readonly TaskState[] | Error)[], maxSilenceMs = 5_000) {
  const ended: EndedTask[] = [];
  let asked = 0;
  await followTasks({
    ...{ taskCount: 2, maxSilenceMs, signal: new AbortController().signal },
    read: async () => {
      const answer = answers[Math.min(asked, answers.length - 1)] ?? [];
      asked += 1;
      if (answer instanceof Error) throw answer;
      return answer;
    },
    onNews: () => {},
    onEnd: async (one) => void ended.push(one),
  });
  return ended;
}

test("tasks are told once each, also those that Slurm has forgotten meanwhile", async () => {
  const ended = await follow([
    [task(1, "RUNNING"), task(2, "PENDING")],
    [task(1, "COMPLETED"), task(2, "RUNNING")],
    [task(1, "COMPLETED")],
  ]);
  expect(ended).toEqual([
    { task: 1, last: task(1, "COMPLETED") },
    { task: 2, last: task(2, "RUNNING") },
  ]);
});

test("a controller that is away for some time is waited for, and for no longer", async () => {
  const away = new TsmachineError("SLURM_FAILED", "unable to contact slurm controller");
  const both = [task(1, "FAILED"), task(2, "COMPLETED")];
  expect(await follow([away, both], 1)).toHaveLength(2);
  await expect(follow([away], 1)).rejects.toBe(away);
});
