import type { ErrorCode } from "../../errors/codes.ts";
import { isSystemError } from "../../errors/system-error.ts";
import { TsmachineError } from "../../errors/tsmachine-error.ts";

interface Explanation {
  readonly code: ErrorCode;
  readonly problem: string;
  /** Of the file at fault, where the system tells it. */
  readonly hint: (path: string) => string;
}

const full: Explanation = {
  code: "DISK_FULL",
  problem: "no space is left on the disk",
  hint: () =>
    "free some space or choose a store on another disk with --storage-path, then try again",
};
const denied: Explanation = {
  code: "PERMISSION_DENIED",
  problem: "permission was denied",
  hint: (path) =>
    `make the file yours (sudo chown -R $USER ${path}) or choose another store with --storage-path`,
};
const unreadable: Omit<Explanation, "problem"> = {
  code: "FILE_UNREADABLE",
  hint: (path) => `see what is at ${path}, or choose another store with --storage-path`,
};
const tooManyOpen: Explanation = {
  code: "FILE_UNREADABLE",
  problem: "too many files are open",
  hint: (path) => `close other programs or raise the limit with ulimit -n to open ${path}`,
};
const explanationBySystemCode: ReadonlyMap<string, Explanation> = new Map([
  ["ENOSPC", full],
  ["EDQUOT", full],
  ["EACCES", denied],
  ["EPERM", denied],
  ["EROFS", { ...denied, problem: "the file system is read-only" }],
  ["ENOTDIR", { ...unreadable, problem: "a part of the path is not a folder" }],
  ["EEXIST", { ...unreadable, problem: "something else is in this place" }],
  ["ELOOP", { ...unreadable, problem: "the path's symbolic links go round in a circle" }],
  ["ENAMETOOLONG", { ...unreadable, problem: "the path is too long" }],
  ["EIO", { ...unreadable, problem: "the disk failed to read or write" }],
  ["EMFILE", tooManyOpen],
  ["ENFILE", tooManyOpen],
]);

/**
 * Failures of the operating system that may strike at any file operation, so that no module words
 * them. Undefined for all others: those are for the module to foresee, or bugs.
 */
export function explainSystemError(thrown: unknown): TsmachineError | undefined {
  if (!isSystemError(thrown, ...explanationBySystemCode.keys())) return undefined;
  const explanation = explanationBySystemCode.get(thrown.code ?? "");
  if (explanation === undefined) return undefined;
  const { code, problem, hint } = explanation;
  return new TsmachineError(code, thrown.path ? `${problem}: ${thrown.path}` : problem, {
    hints: [hint(thrown.path ?? "the file")],
    context: { systemCode: thrown.code, systemCall: thrown.syscall },
    cause: thrown,
  });
}
