import { spawn } from "node:child_process";

export interface Watcher {
  /** Has that group of processes killed when this process ends before the watcher is dismissed. */
  watch(group: number): void;
  dismiss(): void;
}

/**
 * Starts what kills a group of processes when this process ends in any way: also by SIGKILL, after which nothing of
 * this process could. A shell reads from a pipe that the system closes then. It is started before the group,
 * so that there is hardly a moment in which the group is not watched. Not for Windows.
 */
export function startWatcher(): Watcher {
  const shell = spawn("sh", ["-c", script, "tsmachine-watch"], {
    // In a group of its own, which Ctrl-C in the terminal does not reach.
    ...{ detached: true, stdio: ["pipe", "ignore", "ignore"] },
  });
  // Without a watcher, or after it was killed, everything goes on but for what it is there for.
  shell.on("error", () => {});
  shell.stdin.on("error", () => {});
  shell.unref();
  return {
    watch: (group) => void shell.stdin.write(`${group}\n`),
    dismiss: () => void shell.stdin.end("over\n"),
  };
}

const script = `read -r group && { read -r word; [ "$word" = over ] || kill -KILL "-$group"; }`;
