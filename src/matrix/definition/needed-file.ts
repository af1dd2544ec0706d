import { stat } from "node:fs/promises";
import { isSystemError } from "../../errors/system-error.ts";
import { refusal } from "./source/source.ts";

/** A file of this host that a workload needs. */
export interface NeededFile {
  readonly path: string;
  readonly kind: "file" | "file or folder";
  /** Where the definition names it: "matrix.yaml:3:5: workloads[0].load". */
  readonly place: string;
}

/** @throws TsmachineError INVALID_INPUT at the place of the first that is not there. */
export async function checkFiles(files: readonly NeededFile[]): Promise<void> {
  for (const { path, kind, place } of files) {
    const found = await kindOf(path);
    if (found === "file" || (found === "folder" && kind === "file or folder")) continue;
    const what = found === "folder" ? `${path} is a folder` : `there is no file ${path}`;
    throw refusal(
      { text: place },
      { what, hint: "correct the path, which is relative to the folder of the definition" },
    );
  }
}

async function kindOf(path: string): Promise<"file" | "folder" | undefined> {
  try {
    return (await stat(path)).isDirectory() ? "folder" : "file";
  } catch (error) {
    if (isSystemError(error, "ENOENT", "ENOTDIR")) return undefined;
    throw error;
  }
}
