import { programNameOf } from "./compat/program-name.ts";
import { isSwitchedOn } from "./flags/flag-value.ts";
import { describeError } from "./output/describe-error.ts";
import { onClosedPipe } from "./output/output.ts";
import { packageVersion } from "./package.ts";

/** Runs the command line that this process was given, up to the process's exit status. */
export function main(): void {
  const { arch, argv, env, platform, version: nodeVersion } = process;
  const [, scriptPath, ...args] = argv;
  const programName = programNameOf(scriptPath);
  const answers = args.includes("--json") ? "json" : "text";

  /** SIGINT, SIGTERM and a closed terminal cancel what runs, which then undoes what it has begun. */
  const cancellation = new AbortController();
  const cancel = () => cancellation.abort(new DOMException("cancelled", "AbortError"));

  const run = async (): Promise<number> => {
    const { runProgram } = await loadProgram();
    return runProgram(args, {
      programName,
      version: packageVersion,
      openInput: () => process.stdin,
      output: { stdout: process.stdout, stderr: process.stderr },
      environment: env,
      platform,
      answers,
      signal: cancellation.signal,
      leaveInterruptsToProgram: () => process.off("SIGINT", cancel).on("SIGINT", () => {}),
    });
  };

  const fail = (error: unknown): number => {
    const { lines, exitStatus } = describeError(error, {
      programName,
      about: `${programName} ${packageVersion}, Node.js ${nodeVersion}, ${platform} ${arch}`,
      debug: args.includes("--debug") || args.includes("-D") || isSwitchedOn(env.MACHINE_DEBUG),
      format: answers,
    });
    process.stderr.write(`${lines.join("\n")}\n`);
    return exitStatus;
  };

  const endWith = (status: number): void => {
    process.exitCode = status;
    // A socket or timer of a cancelled step must not keep the process from ending.
    if (cancellation.signal.aborted) process.exit();
  };

  onClosedPipe(process.stdout, () => process.exit(0));
  // Messages that nobody reads are no reason to stop halfway.
  onClosedPipe(process.stderr, () => {});
  process.on("SIGINT", cancel).on("SIGTERM", cancel).on("SIGHUP", cancel);
  // Should nothing be left to wait for before the command is done, the process ends as failed.
  process.exitCode = 1;
  run().then(endWith, (error) => endWith(fail(error)));
}

/** What runs a command, and is not needed to tell why one has failed. */
export const loadProgram = () => import("./program.ts");
