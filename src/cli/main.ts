import { programNameOf } from "./compat/program-name.ts";
import { isSwitchedOn } from "./flags/flag-value.ts";
import { describeError } from "./output/describe-error.ts";
import { onClosedPipe } from "./output/output.ts";
import { packageVersion } from "./package.ts";

// Taken from the global, not from node:process: that module makes all its exports when it is imported,
// standard streams included, which costs every command a tenth of its time.
const { arch, argv, env, platform, version: nodeVersion } = process;
const [, scriptPath, ...args] = argv;
const programName = programNameOf(scriptPath);
const answers = args.includes("--json") ? "json" : "text";

/** SIGINT, SIGTERM and a closed terminal cancel what runs, which then undoes what it has begun. */
const cancellation = new AbortController();
const cancel = () => cancellation.abort(new DOMException("cancelled", "AbortError"));

/** Answered here, because scripts ask for it often and nothing need be loaded for it. */
function isVersionRequest(): boolean {
  return args.length === 1 && ["version", "--version", "-v"].includes(args[0] ?? "");
}

async function run(): Promise<number> {
  const { runProgram } = await import("./program.ts");
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
}

function fail(error: unknown): number {
  const { lines, exitStatus } = describeError(error, {
    programName,
    about: `${programName} ${packageVersion}, Node.js ${nodeVersion}, ${platform} ${arch}`,
    debug: args.includes("--debug") || args.includes("-D") || isSwitchedOn(env.MACHINE_DEBUG),
    format: answers,
  });
  process.stderr.write(`${lines.join("\n")}\n`);
  return exitStatus;
}

onClosedPipe(process.stdout, () => process.exit(0));
// Messages that nobody reads are no reason to stop halfway.
onClosedPipe(process.stderr, () => {});
if (isVersionRequest()) {
  process.stdout.write(`${programName} version ${packageVersion}\n`);
} else {
  process.on("SIGINT", cancel).on("SIGTERM", cancel).on("SIGHUP", cancel);
  process.exitCode = await run().catch(fail);
  // A socket or timer of a cancelled step must not keep the process from ending.
  if (cancellation.signal.aborted) process.exit();
}
