import { arch, argv, platform, stderr, version } from "node:process";
import { describeError } from "../src/cli/output/describe-error.ts";

/**
 * Runs a program of the repository to its exit status, wording its errors as tsmachine does.
 * Ctrl-C reaches every program on the terminal: the one that runs in the foreground ends in order,
 * and nothing more is started.
 */
export async function runScript(
  name: string,
  action: (signal: AbortSignal) => Promise<number>,
): Promise<void> {
  const cancellation = new AbortController();
  process.on("SIGINT", () => cancellation.abort(new DOMException("cancelled", "AbortError")));
  try {
    process.exitCode = await action(cancellation.signal);
  } catch (error) {
    const { lines, exitStatus } = describeError(error, {
      programName: name,
      about: `${name}, Node.js ${version}, ${platform} ${arch}`,
      debug: argv.includes("--debug"),
      format: "text",
    });
    stderr.write(`${lines.join("\n")}\n`);
    process.exitCode = exitStatus;
  }
}
