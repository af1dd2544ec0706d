import { chmod, mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { checkHost } from "../../../../src/providers/virtualbox/preflight/check.ts";
import { parseRegistry, readRegistry } from "../../../../src/providers/virtualbox/registry.ts";
import { virtualBoxFiles } from "../../../../src/providers/virtualbox/world.ts";
import { asPlainUser } from "../../../support/plain-user.ts";
import { recordedOutput } from "../../../support/providers/virtualbox-output.ts";
import { temporaryDirectory } from "../../../support/temporary-directory.ts";
import { bareWorld } from "../../../support/virtualbox/bare-world.ts";

const accented = "439859f0-777e-4e2e-9ffe-c84750f5e800";
const plain = "7a633abe-8cad-4aca-9706-02db3dc7f880";

describe("VirtualBox's own list of machines", () => {
  test("has their settings files, whatever XML makes of their names", () => {
    expect(parseRegistry(recordedOutput("VirtualBox.xml"))).toEqual([
      { uuid: accented, path: "/tmp/vm/base/dév/dév.vbox" },
      { uuid: plain, path: "/tmp/vm/base/plain/plain.vbox" },
    ]);
    const entry = `<MachineEntry uuid="{${plain}}" src="/s/a&amp;b/dev/dev.vbox"/>`;
    expect(parseRegistry(entry)).toEqual([{ uuid: plain, path: "/s/a&b/dev/dev.vbox" }]);
  });

  test("is empty where there is no VirtualBox yet", async () => {
    expect(await readRegistry({ settingsFolder: await temporaryDirectory() })).toEqual([]);
  });

  test.skipIf(process.platform === "win32")("is empty to whoever may not read it", async () => {
    const settingsFolder = await temporaryDirectory();
    const list = join(settingsFolder, "VirtualBox.xml");
    await writeFile(list, recordedOutput("VirtualBox.xml"), { mode: 0 });
    if (process.geteuid?.() === 0) await chmod(settingsFolder, 0o755);
    expect(await asPlainUser(() => readRegistry({ settingsFolder }))).toEqual([]);
  });
});

/** A VirtualBox that has its driver, and the machines of the recorded list in a folder, where these files are. */
async function hostWith(...files: readonly string[]) {
  const folder = await temporaryDirectory();
  for (const file of files) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), "");
  }
  const registry = recordedOutput("VirtualBox.xml").replaceAll("/tmp/vm/base", folder);
  await writeFile(join(folder, "VirtualBox.xml"), registry);
  await writeFile(join(folder, "VBoxManage"), "#!/bin/sh\necho 7.2.22r175245\n");
  await chmod(join(folder, "VBoxManage"), 0o755);
  const world = {
    ...{ ...bareWorld(`${folder}:${process.env.PATH}`), settingsFolder: folder },
    files: { ...virtualBoxFiles, driver: join(folder, "VBoxManage") },
  };
  return { folder, world };
}

describe.skipIf(process.platform === "win32")("a host that is checked", () => {
  test("is told to bring settings back that VirtualBox misses, or to forget the machine", async () => {
    const { folder, world } = await hostWith("plain/plain.vbox");
    expect(await checkHost(world, new AbortController().signal)).toEqual({
      ...{ state: "ready", version: "VirtualBox 7.2.22" },
      notes: [
        `VirtualBox cannot read some of its machines: bring ${folder}/dév/dév.vbox back, or run \`VBoxManage unregistervm ${accented}\``,
      ],
    });
  });

  test("is told nothing where all of them are there", async () => {
    const { world } = await hostWith("plain/plain.vbox", "dév/dév.vbox");
    expect(await checkHost(world, new AbortController().signal)).toMatchObject({ notes: [] });
  });
});
