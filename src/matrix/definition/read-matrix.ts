import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { isSystemError } from "../../errors/system-error.ts";
import { TsmachineError } from "../../errors/tsmachine-error.ts";
import { checkFiles } from "./needed-file.ts";
import { parseMatrix } from "./parse-matrix.ts";
import type { DefinedMatrix } from "./spell-out.ts";

const maxBytes = 1024 * 1024;

/**
 * The matrix of a file, all of whose files are there.
 * @param submittedSha256 what the file had when a job was submitted that this is a task of
 * @throws TsmachineError FILE_UNREADABLE; INVALID_INPUT with line and column, or when the file is another than submitted
 */
export async function readMatrix(path: string, submittedSha256?: string): Promise<DefinedMatrix> {
  const bytes = await readDefinition(path);
  const definitionSha256 = createHash("sha256").update(bytes).digest("hex");
  if (submittedSha256 !== undefined && submittedSha256 !== definitionSha256) throw changed(path);
  const matrix = await parseMatrix(bytes.toString("utf8"), { path });
  await checkFiles(matrix.files);
  return { ...matrix, definitionSha256 };
}

function changed(path: string): TsmachineError {
  return new TsmachineError("INVALID_INPUT", `${path} has changed since the job was submitted`, {
    hints: ["run the matrix again, and leave the definition alone until all tasks have begun"],
  });
}

async function readDefinition(path: string): Promise<Buffer> {
  try {
    const { size } = await stat(path);
    if (size > maxBytes) {
      throw new TsmachineError("INVALID_INPUT", `${path} is larger than 1 MiB`, {
        hints: ["give the path of a matrix.yaml"],
      });
    }
    return await readFile(path);
  } catch (error) {
    if (!isSystemError(error, "ENOENT", "ENOTDIR", "EISDIR", "EACCES")) throw error;
    throw new TsmachineError("FILE_UNREADABLE", `${path} cannot be read`, {
      hints: ["give the path of a matrix.yaml, or --kernel, --engine and a command"],
      cause: error,
    });
  }
}
