import { expect, test } from "vitest";
import { windowsPowerShell } from "../../../../src/providers/hyperv/powershell/shell.ts";
import { powerShellThat } from "../../../support/shells/powershell-that.ts";

test("PowerShell, which ends only when its input has, is given an input that has ended", async () => {
  const shell = windowsPowerShell(await powerShellThat("cat\necho ended"));
  const limits = { signal: AbortSignal.timeout(20_000), timeoutMs: 3000 };
  expect(await shell("exit", limits)).toEqual({ stdout: "ended\n", stderr: "", exitCode: 0 });
});
