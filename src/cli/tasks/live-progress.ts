import {
  color,
  DefaultRenderer,
  isUnicodeSupported,
  Listr,
  ListrLogger,
  type ListrTaskObject,
  ListrTaskState,
  ProcessOutput,
} from "listr2";
import type { Progress, Step, Transfer } from "../../core/progress.ts";
import { formatDuration } from "./amounts.ts";
import { transferLine } from "./transfer-line.ts";
import { transferRate } from "./transfer-rate.ts";

interface Terminal {
  readonly stream: NodeJS.WriteStream;
  now(): number;
}
type List = Listr<unknown, typeof DefaultRenderer, typeof DefaultRenderer>;
type Task = ListrTaskObject<unknown, typeof DefaultRenderer, typeof DefaultRenderer>;

const refreshEveryMs = 100;
const indentation = 2;

/**
 * Runs `action` with its steps in a list that is redrawn in place.
 *
 * listr2 wants to know and run all tasks itself. Here steps turn up while others run and hand
 * values to each other, so listr2 only draws: core runs the steps, and their states are set from
 * here. The list appears with the first step.
 */
export async function withLiveProgress<T>(
  terminal: Terminal,
  action: (progress: Progress) => Promise<T>,
): Promise<T> {
  const list = newList();
  const renderer = new DefaultRenderer(list.tasks, rendererOptions(terminal.stream), list.events);
  let firstFrame: Promise<void> | undefined;
  const steps = stepsIn(list, terminal);
  try {
    return await action({
      async step(title, run) {
        firstFrame ??= renderer.render();
        await firstFrame;
        return steps.step(title, run);
      },
    });
  } finally {
    if (firstFrame !== undefined) {
      await firstFrame;
      renderer.end();
      // A step that outlives the list must not draw it again.
      list.events.complete();
    }
  }
}

/** Signals stay the command's business: listr2's own handler would end the process. */
function newList(parent?: Task): List {
  return new Listr([], { registerSignalListeners: false }, parent);
}

function rendererOptions(stream: NodeJS.WriteStream) {
  return {
    indentation,
    formatOutput: "truncate",
    // A failed step keeps its title: the error is worded once, after the list.
    collapseErrors: false,
    showErrorMessage: false,
    logger: new ListrLogger({ useIcons: true, processOutput: new ProcessOutput(stream, stream) }),
  } as const;
}

function stepsIn(list: List, terminal: Terminal): Progress {
  return {
    async step(title, action) {
      const task = await addTask(list, title);
      const { step, end } = drawnStep(task, title, terminal);
      try {
        const result = await action(step);
        end(ListrTaskState.COMPLETED);
        return result;
      } catch (error) {
        end(ListrTaskState.FAILED);
        throw error;
      }
    },
  };
}

async function addTask(list: List, title: string): Promise<Task> {
  list.add({ title, task: () => {} });
  const task = list.tasks.at(-1);
  if (task === undefined) throw new Error("listr2 did not keep the task it was given");
  await task.check(undefined);
  task.state$ = ListrTaskState.STARTED;
  return task;
}

/** Redraws at a steady pace, however often the step reports. */
function drawnStep(task: Task, title: string, { stream, now }: Terminal) {
  const startedAt = now();
  const rateOf = transferRate(now);
  let line = () => "";
  let conclusion = "";

  const redraw = () => {
    task.title = `${title}${conclusion} ${color.dim(formatDuration(now() - startedAt))}`;
    const text = line();
    if (text !== "" && text !== task.output) task.output$ = text;
  };
  const timer = setInterval(redraw, refreshEveryMs);
  timer.unref();

  let parts: List | undefined;
  const step: Step = {
    step(partTitle, action) {
      parts ??= newPartsOf(task);
      return stepsIn(parts, { stream, now }).step(partTitle, action);
    },
    detail: (text) => {
      line = () => text;
    },
    conclude: (text) => {
      conclusion = `: ${text}`;
    },
    bytes: (transfer: Transfer) => {
      const bytesPerSecond = rateOf(transfer);
      line = () =>
        transferLine({
          transfer,
          bytesPerSecond,
          columns: columnsForOutput(task, stream),
          unicode: isUnicodeSupported(),
        });
    },
  };
  const end = (state: ListrTaskState) => {
    clearInterval(timer);
    redraw();
    task.state$ = state;
  };
  return { step, end };
}

/** A list that listr2 draws below the task. */
function newPartsOf(task: Task): List {
  const parts = newList(task);
  task.subtasks = parts.tasks;
  return parts;
}

/** What is left of a line after the indentation, the sign before it and listr2's own margin. */
function columnsForOutput(task: Task, stream: NodeJS.WriteStream): number {
  const depth = task.path.length;
  const sign = 2;
  const margin = 2;
  return (stream.columns ?? 80) - depth * indentation - sign - margin;
}
