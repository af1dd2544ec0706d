import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { chmod, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { abandonFolder } from "../../../../src/providers/virtualbox/abandon.ts";
import { findVBoxManage } from "../../../../src/providers/virtualbox/vboxmanage/find-vboxmanage.ts";
import { temporaryDirectory } from "../../../support/temporary-directory.ts";
import { bareWorld } from "../../../support/virtualbox/bare-world.ts";

const { signal } = new AbortController();

/** A host without VBoxManage whose user's list of machines has this one, below "/s/dev". */
async function uninstalled(uuid: string) {
  const settingsFolder = await temporaryDirectory();
  const entry = `<MachineEntry uuid="{${uuid}}" src="/s/dev/dev/dev.vbox"/>`;
  await writeFile(join(settingsFolder, "VirtualBox.xml"), entry);
  return { ...bareWorld(), platform: process.platform, settingsFolder };
}

/** One that VirtualBox's installer has put beside PATH is no part of these tests. */
const isInstalled = (await findVBoxManage(bareWorld())) !== undefined;

describe.skipIf(process.platform === "win32" || isInstalled)(
  "the folder of a machine of a VirtualBox that is uninstalled",
  () => {
    test("is abandoned: nothing runs", async () => {
      await abandonFolder("/s/dev", await uninstalled(randomUUID()), signal);
    });

    test("is not while the machine's process runs, which nobody can end", async () => {
      const uuid = randomUUID();
      const args = ["-e", "process.stdin.resume(); console.log()", "--", "--startvm", uuid, "end"];
      const headless = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "ignore"] });
      onTestFinished(() => void headless.kill());
      await once(headless.stdout, "data");
      await expect(abandonFolder("/s/dev", await uninstalled(uuid), signal)).rejects.toMatchObject({
        code: "PROGRAM_MISSING",
      });
    });
  },
);

test.skipIf(process.platform === "win32")(
  "a machine is unregistered, and the images in it forgotten",
  async () => {
    const uuid = randomUUID();
    const programs = await temporaryDirectory();
    const [program, log] = [join(programs, "VBoxManage"), join(programs, "log")];
    const shown = ['VMState="poweroff"', '"SATA-2-0"="/s/dev/seed.iso"', '"SATA-3-0"="/d"'];
    const script = [
      "#!/bin/sh",
      `[ "$1" = showvminfo ] && { echo '${shown.join("\n")}'; exit 0; }`,
      `echo "$@" >>'${log}'`,
    ];
    await writeFile(program, script.join("\n"));
    await chmod(program, 0o755);
    const environment = { PATH: `${programs}:${process.env.PATH}` };
    await abandonFolder("/s/dev", { ...(await uninstalled(uuid)), environment }, signal);
    const calls = [`unregistervm ${uuid}`, "closemedium dvd /s/dev/seed.iso"];
    expect(await readFile(log, "utf8")).toBe(`${calls.join("\n")}\n`);
  },
);
