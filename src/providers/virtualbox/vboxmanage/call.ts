import { TsmachineError } from "../../../errors/tsmachine-error.ts";
import { poll } from "../../../host/poll.ts";
import { type RunResult, run } from "../../../host/processes/run.ts";
import type { VirtualBoxWorld } from "../world.ts";
import { isTransient, parseFailure, virtualBoxFailed } from "./failure.ts";

export interface CallOptions {
  readonly signal: AbortSignal;
  /** Milliseconds; a minute unless given. */
  readonly timeoutMs?: number;
}

export interface VBoxManage {
  /**
   * What the command prints.
   * @throws TsmachineError VIRTUALBOX_FAILED, INSTANCE_LOCKED, TIMEOUT; the signal's reason when aborted.
   */
  call(args: readonly string[], options?: Pick<CallOptions, "timeoutMs">): Promise<string>;
}

/** For "The object is not ready": longer than a machine takes to go down. */
const transientMs = 15_000;

/** VBoxManage at this path, for one command of the user's. */
export function openVBoxManage(
  program: string,
  { environment, patience }: Pick<VirtualBoxWorld, "environment" | "patience">,
  signal: AbortSignal,
): VBoxManage {
  const attempt = async (
    args: readonly string[],
    timeoutMs: number,
  ): Promise<{ stdout: string } | { retry: true; error: TsmachineError }> => {
    const result = await run(program, args, {
      ...{ environment, signal, timeoutMs, acceptExitCodes: "all" },
    });
    const failure = parseFailure(result.stderr) ?? silentFailure(result);
    if (failure === undefined) return { stdout: withoutWarning(result.stdout) };
    const error = virtualBoxFailed(failure, args);
    if (!isTransient(failure)) throw error;
    return { retry: true, error };
  };
  return {
    async call(args, { timeoutMs = 60_000 } = {}) {
      let last: TsmachineError | undefined;
      try {
        return await poll(
          async () => {
            const outcome = await attempt(args, timeoutMs * patience);
            if ("stdout" in outcome) return outcome.stdout;
            last = outcome.error;
            return undefined;
          },
          {
            waitingFor: "VirtualBox to be ready",
            everyMs: 300,
            timeoutMs: transientMs * patience,
            signal,
          },
        );
      } catch (error) {
        const gaveUp = error instanceof TsmachineError && error.code === "TIMEOUT";
        throw gaveUp && last !== undefined ? last : error;
      }
    },
  };
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
