import { quoteWord } from "../../ssh/remote-command.ts";

/** Where the guest notes which group of processes the workload is; a machine has one workload. */
export const groupFile = "/run/tsmachine-workload.pid";

/**
 * A command as the guest's shell takes it: run as root, in a session of its own, whose number is in the file while it
 * runs, so that killGroup finds all that it has started. What it leaves running is killed at its end.
 */
export function asRootInGroup(command: readonly string[], file: string): string {
  return asRoot(["sh", "-c", outer, file, inner, ...command]);
}

/** Kills the group of that file. It fails when there is none. */
export function killGroup(file: string): string {
  return asRoot(["sh", "-c", `kill -KILL "-$(cat "$0")"`, file]);
}

/** The shell stays, because setsid would leave a parent whose status is not the command's. Its remark ("Killed") goes nowhere. */
const outer = [
  "inner=$1",
  "shift",
  "exec 3>&2 2>/dev/null",
  `setsid sh -c "$inner" "$0" "$@"`,
  "status=$?",
  `kill -KILL "-$(cat "$0")"`,
  `rm -f "$0"`,
  "exit $status",
].join("; ");

const inner = `exec 2>&3 3>&-; echo $$ >"$0" && exec "$@"`;

function asRoot(command: readonly string[]): string {
  return ["sudo", "-n", "--", ...command.map(quoteWord)].join(" ");
}
