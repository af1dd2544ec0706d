import { expect, test } from "vitest";
import {
  runWindowsPowerShell,
  windowsPowerShellPath,
} from "../../../src/host/processes/windows-powershell.ts";
import { powerShellThat } from "../../support/shells/powershell-that.ts";

const own = String.raw`\System32\WindowsPowerShell\v1.0\powershell.exe`;

test.each([
  [{ SystemRoot: "D:\\Win" }, "D:\\Win"],
  [{ SYSTEMROOT: "D:\\Win" }, "D:\\Win"],
  [{}, "C:\\Windows"],
])("Windows with %j has its own PowerShell below %s", (environment, root) => {
  expect(windowsPowerShellPath(environment)).toBe(`${root}${own}`);
});

test("it is run in place of one that PATH leads to, without PowerShell 7's folders of modules", async () => {
  const environment = {
    ...(await powerShellThat('echo "$4 [$PSModulePath]"')),
    PSModulePath: "C:\\Program Files\\PowerShell\\7\\Modules",
  };
  const { stdout } = await runWindowsPowerShell("Get-Date", { environment });
  expect(stdout).toBe("Get-Date []\n");
});
