import type { ErrorCode } from "../../errors/codes.ts";
import { isSystemError } from "../../errors/system-error.ts";
import { TsmachineError } from "../../errors/tsmachine-error.ts";

interface Explanation {
  readonly code: ErrorCode;
  readonly problem: string;
  readonly hint: string;
}

const full: Explanation = {
  code: "DISK_FULL",
  problem: "no space is left on the disk",
  hint: "free some space or choose a store on another disk with --storage-path, then try again",
};
const denied: Explanation = {
  code: "PERMISSION_DENIED",
  problem: "permission was denied",
  hint: "make the file yours (sudo chown -R $USER PATH) or choose another store with --storage-path",
};
const explanationBySystemCode: ReadonlyMap<string, Explanation> = new Map([
  ["ENOSPC", full],
  ["EDQUOT", full],
  ["EACCES", denied],
  ["EPERM", denied],
  ["EROFS", { ...denied, problem: "the file system is read-only" }],
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
    hints: [hint],
    context: { systemCode: thrown.code, systemCall: thrown.syscall },
    cause: thrown,
  });
}
