import { type Progress, silentStep } from "../../core/progress.ts";
import type { Writer } from "../output/output.ts";

/**
 * Prints docker-machine's lines for the steps that it had too, in its order, and of our own steps
 * the titles; no ends, durations or amounts, which no script expects.
 */
export function dockerMachineProgress(output: Writer, command: string): Progress {
  const print = (line: string | undefined) => {
    if (line !== undefined) output.write(`${line}\n`);
  };
  return {
    async step(title, action) {
      const { begin, end } = linesFor(command, title);
      print(begin);
      const result = await action(silentStep);
      print(end);
      return result;
    },
  };
}

interface StepLines {
  readonly begin?: string;
  /** Only when the step succeeds. */
  readonly end?: string;
}

/** A line for a step of core's; its machine's name takes the place of NAME, with quotes. */
interface StepRule extends StepLines {
  readonly title: RegExp;
  /** Of all commands unless given. */
  readonly command?: string;
}

// Source: docker-machine 0.16.2, libmachine/libmachine.go (Create) and libmachine/host/host.go.
const rules: readonly StepRule[] = [
  {
    title: /^Running pre-create checks$/,
    begin: "Running pre-create checks...",
    end: "Creating machine...",
  },
  {
    title: /^Waiting for the engine$/,
    command: "create",
    begin: "Waiting for machine to be running, this may take a few minutes...",
    end: "Checking connection to Docker...",
  },
  // Announced by the lines of the steps around them.
  { title: /^(Making keys and certificates|Creating machine .*|Waiting for the engine)$/ },
  { title: /^Starting machine /, command: "create" },
  { title: /^Starting machine (?<name>".*")$/, begin: "Starting NAME..." },
  { title: /^Stopping machine (?<name>".*")$/, command: "restart", begin: "Restarting NAME..." },
  { title: /^Stopping machine (?<name>".*")$/, begin: "Stopping NAME..." },
  { title: /^Killing machine (?<name>".*")$/, begin: "Killing NAME..." },
  // `rm` says what it does itself.
  { title: /^Removing machine / },
];

function linesFor(command: string, title: string): StepLines {
  for (const { title: pattern, command: only = command, begin, end } of rules) {
    const match = pattern.exec(title);
    if (match === null || only !== command) continue;
    const name = match.groups?.name ?? "";
    return {
      ...(begin !== undefined && { begin: begin.replace("NAME", () => name) }),
      ...(end !== undefined && { end }),
    };
  }
  return { begin: `${title}...` };
}
