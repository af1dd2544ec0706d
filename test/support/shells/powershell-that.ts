import { chmod, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { env } from "node:process";
import { temporaryDirectory } from "../temporary-directory.ts";

/** On other systems than Windows, this is the name of a file as any other. */
const program = String.raw`W:\System32\WindowsPowerShell\v1.0\powershell.exe`;

/**
 * An environment of a Windows whose own PowerShell is this shell script; the one that PATH alone leads to
 * fails.
 */
export async function powerShellThat(
  script: string,
): Promise<{ readonly SystemRoot: string; readonly PATH: string }> {
  const folder = await temporaryDirectory();
  await writeProgram(join(folder, program), script);
  await writeProgram(join(folder, "powershell.exe"), "echo not this one >&2; exit 9");
  return { SystemRoot: "W:\\", PATH: [folder, env.PATH].join(delimiter) };
}

async function writeProgram(path: string, script: string): Promise<void> {
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
}
