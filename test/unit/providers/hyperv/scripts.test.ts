import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { programText } from "../../../../src/providers/hyperv/powershell/program.ts";
import { allScripts } from "../../../../src/providers/hyperv/scripts/all.ts";
import { startMachine } from "../../../../src/providers/hyperv/scripts/start.ts";
import { checkScript } from "../../../support/hyperv/check-script.ts";
import {
  hasPublishedCmdlets,
  readPublishedCmdlets,
  unlessPublished,
} from "../../../support/hyperv/cmdlets/published-cmdlets.ts";
import { projectFolder } from "../../../support/project-files.ts";

describe.skipIf(!hasPublishedCmdlets)(
  "scripts of the Hyper-V provider",
  { timeout: 60_000 },
  () => {
    test.each(allScripts)(
      `$name uses PowerShell and its cmdlets as they are published ${unlessPublished}`,
      async (script) => {
        const text = programText(script, script.sample);
        expect(await checkScript(text, await readPublishedCmdlets())).toEqual([]);
      },
    );

    test(`a misspelt parameter in one of them would be seen ${unlessPublished}`, async () => {
      const [script] = allScripts.filter(({ name }) => name === "start-machine");
      if (script === undefined) throw new Error("there is no such script");
      const text = programText(script, script.sample).replace("-ProcessorCount", "-ProcessorCuont");
      expect(await checkScript(text, await readPublishedCmdlets())).toMatchObject([
        { message: expect.stringContaining("ProcessorCuont") },
      ]);
    });
  },
);

test.each(allScripts)("$name takes no failure to list machines for their absence", ({ body }) => {
  expect(body).not.toMatch(/Hyper-V\\Get-VM(?![\w'-])[^|\n]*-ErrorAction/);
});

test.each(allScripts)(
  "$name changes no disk for being the first: others may be added",
  ({ body }) => {
    expect(body).not.toMatch(/-VMHardDiskDrive \$\w+\[/);
  },
);

test("a machine that is off is given its hardware once its disks are merged", () => {
  expect(startMachine.body).toMatch(/\n {4}Wait-Merge\n {4}Set-Hardware \$vm\n/);
});

test("a machine that was saved has its cable out for a moment: its network may be another", () => {
  const [, resume] = /'\^\(Saved[^']*' \{(.*?)\n {2}\}/s.exec(startMachine.body) ?? [];
  expect(resume?.match(/Start-VM|\w+-VMNetworkAdapter\b(?= )|Join-Network/g)).toEqual([
    ...["Get-VMNetworkAdapter", "Start-VM", "Disconnect-VMNetworkAdapter", "Join-Network"],
  ]);
});

const readVerification = () => readFile(join(projectFolder, "test/windows/verify.ps1"), "utf8");

test("the verification for Windows reports what doctor finds, and goes on", async () => {
  expect(await readVerification()).toMatch(/'doctor', '--json'\) @\(0, 1\) \}/);
});

test("the verification for Windows is ASCII: Windows PowerShell reads files in the system's code page", async () => {
  expect(await readVerification()).toMatch(/^[\x20-\x7e\r\n]*$/);
});

describe.skipIf(!hasPublishedCmdlets)("the verification for Windows", { timeout: 60_000 }, () => {
  test(`is PowerShell that uses cmdlets as they are published ${unlessPublished}`, async () => {
    const text = await readVerification();
    const faults = await checkScript(text, await readPublishedCmdlets());
    // It runs other programs, and blocks of its own; the provider's scripts may not.
    const allowed = /^(unknown command (node|docker)|a computed name may run anything)$/;
    expect(faults.filter(({ message }) => !allowed.test(message))).toEqual([]);
  });
});
