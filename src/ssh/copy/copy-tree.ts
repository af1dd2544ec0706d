import { TsmachineError } from "../../errors/tsmachine-error.ts";
import { copyContent } from "./copy-content.ts";
import { type CopyItem, type CopyRequest, planCopy } from "./plan-copy.ts";
import { collectProblems, type Problems } from "./problems.ts";

export interface CopyProgress {
  /** Bytes copied so far, and of all files together; files may grow meanwhile. */
  readonly received: number;
  readonly total: number;
}

export interface CopyOutcome {
  readonly files: number;
  readonly folders: number;
  readonly bytes: number;
}

/**
 * Copies files, and folders with all that is in them, as scp(1) does: see planCopy. What cannot be
 * copied is left out and named in the end.
 * @throws TsmachineError COPY_FAILED when something is missing from the copy.
 */
export async function copyTree(
  request: CopyRequest,
  onProgress: (progress: CopyProgress) => void,
): Promise<CopyOutcome> {
  const problems = collectProblems();
  const items = await whileConnected(
    () => planCopy(request, problems),
    "before anything was copied",
  );
  const total = items.reduce((sum, { size }) => sum + size, 0);
  const done = { files: 0, folders: 0, bytes: 0 };
  const onBytes = (count: number) => {
    done.bytes += count;
    onProgress({ received: done.bytes, total });
  };
  for (const item of items) {
    const soFar = `in ${request.from.describe(item.source)}, after ${countFiles(done.files)}`;
    const isDone = await whileConnected(
      () => copyItem(item, request, { problems, onBytes }),
      soFar,
    );
    if (isDone && item.type === "file") done.files += 1;
    if (isDone && item.type === "folder") done.folders += 1;
  }
  if (problems.lines.length > 0) throw incomplete(problems.lines, done);
  return done;
}

/** @returns false when it could not be copied. */
async function copyItem(
  { type, source, target, mode }: CopyItem,
  { from, to }: CopyRequest,
  { problems, onBytes }: { problems: Problems; onBytes: (count: number) => void },
): Promise<boolean> {
  if (type === "folder") {
    // What is in it can be copied only by an owner who may write to it.
    const make = () => to.makeFolder(target, mode | 0o700).then(() => true);
    return (await problems.unlessRefused(to, target, make)) ?? false;
  }
  const input = await problems.unlessRefused(from, source, () => from.openToRead(source));
  if (input === undefined) return false;
  try {
    const copied = await problems.unlessRefused(to, target, async () => {
      const output = await to.openToWrite(target, mode);
      try {
        await copyContent(input, output, onBytes);
      } finally {
        await output.close();
      }
      return true;
    });
    return copied ?? false;
  } finally {
    await input.close();
  }
}

async function whileConnected<T>(action: () => Promise<T>, when: string): Promise<T> {
  try {
    return await action();
  } catch (error) {
    if (!(error instanceof TsmachineError) || error.code !== "SSH_CONNECTION_LOST") throw error;
    throw new TsmachineError("COPY_FAILED", `the copy broke off ${when}: ${error.message}`, {
      hints: [...error.hints, copyAgain],
      cause: error,
    });
  }
}

const copyAgain = "copy again: what was copied until then is in place, its last file in part";

function incomplete(lines: readonly string[], { files }: CopyOutcome): TsmachineError {
  const [first = "", ...others] = lines;
  const more = others.length === 0 ? "" : ` (and ${others.length} more)`;
  return new TsmachineError(
    "COPY_FAILED",
    `the copy is incomplete, with ${countFiles(files)} copied: ${first}${more}`,
    {
      hints: ["mend that and copy again: what could be copied is in place"],
      context: { problems: lines },
    },
  );
}

function countFiles(count: number): string {
  return count === 1 ? "1 file" : `${count} files`;
}
