import { chmod, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { env } from "node:process";
import { expect, test } from "vitest";
import { windowsPowerShell } from "../../../../src/providers/hyperv/powershell/shell.ts";
import { temporaryDirectory } from "../../../support/temporary-directory.ts";

/** On other systems than Windows, this is the name of a file as any other. */
const program = String.raw`W:\System32\WindowsPowerShell\v1.0\powershell.exe`;

test("PowerShell, which ends only when its input has, is given an input that has ended", async () => {
  const folder = await temporaryDirectory();
  await writeFile(join(folder, program), "#!/bin/sh\ncat\necho ended\n");
  await chmod(join(folder, program), 0o755);
  const shell = windowsPowerShell({
    SystemRoot: "W:\\",
    PATH: [folder, env.PATH].join(delimiter),
  });
  const limits = { signal: AbortSignal.timeout(20_000), timeoutMs: 3000 };
  expect(await shell("exit", limits)).toEqual({ stdout: "ended\n", stderr: "", exitCode: 0 });
});
