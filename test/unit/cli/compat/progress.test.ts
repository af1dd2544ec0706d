import { expect, it } from "vitest";
import { dockerMachineProgress } from "../../../../src/cli/compat/progress.ts";

async function linesOf(command: string, titles: readonly string[]): Promise<string[]> {
  const lines: string[] = [];
  const progress = dockerMachineProgress({ write: (text) => lines.push(text) }, command);
  for (const title of titles) {
    await progress.step(title, async (step) => {
      step.detail("working");
      step.bytes({ received: 1, total: 2 });
      await step.step("a part of it", async () => {});
    });
  }
  return lines.map((line) => line.trimEnd());
}

it.each([
  {
    command: "create",
    titles: [
      "Running pre-create checks",
      "Preparing the boot image",
      "Making keys and certificates",
      'Creating machine "x"',
      'Starting machine "x"',
      "Waiting for the engine",
    ],
    lines: [
      "Running pre-create checks...",
      "Creating machine...",
      "Preparing the boot image...",
      "Waiting for machine to be running, this may take a few minutes...",
      "Checking connection to Docker...",
    ],
  },
  {
    command: "start",
    titles: ['Starting machine "x"', "Waiting for the engine"],
    lines: ['Starting "x"...'],
  },
  { command: "stop", titles: ['Stopping machine "x"'], lines: ['Stopping "x"...'] },
  { command: "kill", titles: ['Killing machine "x"'], lines: ['Killing "x"...'] },
  {
    command: "restart",
    titles: ['Stopping machine "x"', 'Starting machine "x"', "Waiting for the engine"],
    lines: ['Restarting "x"...', 'Starting "x"...'],
  },
  { command: "rm", titles: ['Removing machine "x"'], lines: [] },
])("$command shows docker-machine's lines alone", async ({ command, titles, lines }) => {
  expect(await linesOf(command, titles)).toEqual(lines);
});

it("a step that fails does not announce the next", async () => {
  const lines: string[] = [];
  const progress = dockerMachineProgress({ write: (text) => lines.push(text) }, "create");
  const failing = progress.step("Running pre-create checks", () => Promise.reject(new Error("x")));
  await expect(failing).rejects.toThrow("x");
  expect(lines).toEqual(["Running pre-create checks...\n"]);
});
