import type { MachineFiles } from "../../store/machine-files.ts";
import type { MachineRecord } from "../../store/record.ts";
import { type Context, operationFor } from "../context.ts";
import { settled } from "../machine/journal.ts";
import { makeRoom, undoCreation } from "../machine/make-room.ts";
import { openMachine } from "../machine/open-machine.ts";
import type { Step } from "../progress.ts";
import { portableOf } from "./require-portable.ts";

export interface NewCopy {
  /** With phase "creating" and the stage "instance". */
  readonly record: MachineRecord;
  readonly files: MachineFiles;
  /** Of the step that `writeDisk` is. */
  readonly title: string;
  /** Puts the data disk at a path that is free. */
  writeDisk(path: string, step: Step): Promise<void>;
}

/**
 * Makes a machine whose data disk exists already elsewhere; it is off, and whole when this returns. As with `create`,
 * its record names each stage before it is begun, and what fails or is cancelled leaves nothing. The caller holds the
 * machine's lock, and its images are in use.
 * @throws whatever `writeDisk` throws; TsmachineError of Portable.createWith
 */
export async function makeCopy(context: Context, copy: NewCopy): Promise<MachineRecord> {
  const { record, files, title, writeDisk } = copy;
  const { name } = record;
  await makeRoom(context, name);
  await context.store.createMachine(record, files);
  try {
    const { instance } = await openMachine(context, name);
    const provided = await context.progress.step(title, (step) =>
      portableOf(instance, record).createWith(
        (path) => writeDisk(path, step),
        operationFor(context, step),
      ),
    );
    const provider = { ...record.provider, record: provided };
    const whole = settled({ ...record, provider });
    await context.store.writeMachine(whole);
    return whole;
  } catch (error) {
    throw await undoCreation(context, name, error);
  }
}
