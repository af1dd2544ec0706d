import { expect, test } from "vitest";
import { ancestorNames } from "../../../src/host/processes/ancestors.ts";
import { powerShellThat } from "../../support/shells/powershell-that.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

/** The answer where Windows PowerShell is this shell script. */
async function ancestorsBy(script: string, signal = new AbortController().signal) {
  const environment = await powerShellThat(script);
  return ancestorNames({ platform: "win32", environment, signal });
}

test("the ancestors are those that PowerShell names, from this process's parent on", async () => {
  const wanted = `\\$id = ${process.ppid};`;
  const asked = `case "$4" in *"${wanted}"*) echo '["cmd.exe","explorer.exe"]';; esac`;
  expect(await ancestorsBy(asked)).toEqual(["cmd.exe", "explorer.exe"]);
});

test.each(["exit 1", "echo nonsense", "echo '{}'", ""])(
  "there are none where PowerShell does %j",
  async (script) => expect(await ancestorsBy(script)).toEqual([]),
);

test("there are none where PowerShell is missing, and none are asked for but on Windows", async () => {
  const signal = new AbortController().signal;
  const environment = { PATH: await temporaryDirectory() };
  expect(await ancestorNames({ platform: "win32", environment, signal })).toEqual([]);
  expect(await ancestorNames({ platform: "linux", environment, signal })).toEqual([]);
});

test("a cancelled question fails", async () => {
  const signal = AbortSignal.abort(new Error("cancelled"));
  await expect(ancestorsBy("exec sleep 60", signal)).rejects.toThrow("cancelled");
});
