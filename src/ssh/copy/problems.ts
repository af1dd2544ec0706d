import * as z from "zod";
import { TsmachineError } from "../../errors/tsmachine-error.ts";
import type { Files } from "./files.ts";

/** What could not be copied, one line each: "dev:/root/x: permission denied". */
export interface Problems {
  readonly lines: readonly string[];
  add(files: Files, path: string, reason: string): void;
  /**
   * The action's result; undefined, with a line more, when files or folders stand in its way.
   * Whatever else it throws passes through.
   */
  unlessRefused<T>(files: Files, path: string, action: () => Promise<T>): Promise<T | undefined>;
}

export function collectProblems(): Problems {
  const lines: string[] = [];
  const add: Problems["add"] = (files, path, reason) => {
    lines.push(`${files.describe(path)}: ${reason}`);
  };
  return {
    lines,
    add,
    async unlessRefused(files, path, action) {
      try {
        return await action();
      } catch (error) {
        add(files, path, reasonOf(error));
        return undefined;
      }
    },
  };
}

function reasonOf(error: unknown): string {
  if (error instanceof TsmachineError) throw error;
  const refusal = refusalSchema.safeParse(error);
  if (!refusal.success) throw error;
  const { code, message } = refusal.data;
  return reasons[code] ?? message;
}

/** What Node throws for files, or ssh2 for an SFTP server's answer. */
const refusalSchema = z.object({
  code: z.union([z.string(), z.number()]),
  message: z.string(),
});

/** By errno(3), or by SFTP's status codes (draft-ietf-secsh-filexfer-02, section 7). */
const reasons: Readonly<Record<string | number, string>> = {
  EACCES: "permission denied",
  EDQUOT: "the disk quota is used up",
  EISDIR: "a folder is in the way",
  ELOOP: "symbolic links lead in a circle",
  ENOENT: "no such file or folder",
  ENOSPC: "the disk is full",
  ENOTDIR: "a file is in the way",
  EPERM: "permission denied",
  EROFS: "the disk is read-only",
  2: "no such file or folder",
  3: "permission denied",
  4: "the machine refuses it, as when the disk is full or a folder is in the way",
};
