import { readFile, stat } from "node:fs/promises";
import { isSystemError } from "../../errors/system-error.ts";
import { TsmachineError } from "../../errors/tsmachine-error.ts";
import { checkFiles } from "./needed-file.ts";
import { parseMatrix } from "./parse-matrix.ts";
import type { DefinedMatrix } from "./spell-out.ts";

const maxBytes = 1024 * 1024;

/**
 * The matrix of a file, all of whose files are there.
 * @throws TsmachineError FILE_UNREADABLE; INVALID_INPUT with line and column
 */
export async function readMatrix(path: string): Promise<DefinedMatrix> {
  const matrix = await parseMatrix(await readDefinition(path), { path });
  await checkFiles(matrix.files);
  return matrix;
}

async function readDefinition(path: string): Promise<string> {
  try {
    const { size } = await stat(path);
    if (size > maxBytes) {
      throw new TsmachineError("INVALID_INPUT", `${path} is larger than 1 MiB`, {
        hints: ["give the path of a matrix.yaml"],
      });
    }
    return await readFile(path, "utf8");
  } catch (error) {
    if (!isSystemError(error, "ENOENT", "ENOTDIR", "EISDIR", "EACCES")) throw error;
    throw new TsmachineError("FILE_UNREADABLE", `${path} cannot be read`, {
      hints: ["give the path of a matrix.yaml, or --kernel, --engine and a command"],
      cause: error,
    });
  }
}
