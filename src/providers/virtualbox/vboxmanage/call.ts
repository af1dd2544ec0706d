import { type RunResult, run } from "../../../host/processes/run.ts";
import { virtualBoxFailed } from "../failure.ts";
import { onceReady } from "../retry.ts";
import type { VirtualBoxWorld } from "../world.ts";
import { parseFailure } from "./failure.ts";

export interface CallOptions {
  readonly signal: AbortSignal;
  /** Milliseconds; a minute unless given. */
  readonly timeoutMs?: number;
  /** See RunOptions. */
  readonly hasOwnGroup?: boolean;
}

export interface VBoxManage {
  /**
   * What the command prints.
   * @throws TsmachineError VIRTUALBOX_FAILED, INSTANCE_LOCKED, TIMEOUT; the signal's reason when aborted.
   */
  call(args: readonly string[], options?: Omit<CallOptions, "signal">): Promise<string>;
}

/** VBoxManage at this path, for one command of the user's. */
export function openVBoxManage(
  program: string,
  world: Pick<VirtualBoxWorld, "environment" | "patience">,
  signal: AbortSignal,
): VBoxManage {
  const { environment, patience } = world;
  return {
    call: (args, { timeoutMs = 60_000, hasOwnGroup = false } = {}) =>
      onceReady(
        async () => {
          const result = await run(program, args, {
            ...{ environment, signal, timeoutMs: timeoutMs * patience, acceptExitCodes: "all" },
            hasOwnGroup,
          });
          const failure = parseFailure(result.stderr) ?? silentFailure(result);
          if (failure !== undefined) throw virtualBoxFailed(failure, args);
          return withoutWarning(result.stdout);
        },
        { patience, signal, isRepeatable: isRepeatable(args) },
      ),
  };
}

/** Whether the command comes to the same when it is given twice. */
export function isRepeatable([command, ...words]: readonly string[]): boolean {
  switch (command) {
    case "--version":
    case "list":
    case "showvminfo":
    case "getextradata":
    case "setextradata":
    case "storageattach":
    case "closemedium":
    case "unregistervm":
      return true;
    case "modifyvm":
      return !words.includes("--natpf1");
    case "hostonlyif":
      return words[0] === "ipconfig";
    case "snapshot":
      return words[1] === "list";
    default:
      return false;
  }
}

/** One that ends badly without the usual words. `snapshot list` says so on stdout. */
function silentFailure({ exitCode, stdout, stderr }: RunResult) {
  if (exitCode === 0) return undefined;
  const words = `${stdout}\n${stderr}`.trim().split("\n").at(-1) ?? "";
  return {
    message: words === "" ? `VBoxManage ended with status ${exitCode}` : words,
    code: undefined,
  };
}

/** Without its driver, packages of Linux print a warning before every answer, up to an empty line. */
export function withoutWarning(stdout: string): string {
  return stdout.replace(/^WARNING: [^\n]*\n(?:[ \t][^\n]*\n|\n(?=[ \t]))*\n?/, "");
}

/** The warning itself in one line; undefined when there is none. */
export function warningIn(stdout: string): string | undefined {
  const answer = withoutWarning(stdout);
  if (answer.length === stdout.length) return undefined;
  return stdout
    .slice("WARNING: ".length, stdout.length - answer.length)
    .split(/\s+/)
    .join(" ")
    .trim();
}
