import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openVBoxManageControl } from "../../../../src/providers/virtualbox/vboxmanage/control.ts";
import { temporaryDirectory } from "../../../support/temporary-directory.ts";
import { bareWorld } from "../../../support/virtualbox/bare-world.ts";

const uuid = "0f2b1a50-0000-4000-8000-0000000000aa";

/** A VBoxManage that refuses to show the machine, and lists it so. */
async function controlOf(listed: string) {
  const program = join(await temporaryDirectory(), "VBoxManage");
  const refusal = "VBoxManage: error: Code E_ACCESSDENIED (0x80070005) - Zugriff verweigert";
  const script = [
    "#!/bin/sh",
    `[ "$1" = list ] && { echo '"${listed}" {${uuid}}'; exit 0; }`,
    `[ "$1" = showvminfo ] && { echo '${refusal}' >&2; exit 1; }`,
    "exit 0",
  ];
  await writeFile(program, script.join("\n"));
  await chmod(program, 0o755);
  return openVBoxManageControl(program, bareWorld(process.env.PATH), new AbortController().signal);
}

test.skipIf(process.platform === "win32")(
  "a machine is inaccessible when VirtualBox lists it so, whatever else it refuses to show",
  async () => {
    const lost = await controlOf("<inaccessible>");
    expect(await lost.readMachine(uuid)).toMatchObject({ state: "inaccessible" });
    const refused = await controlOf("dev");
    await expect(refused.readMachine(uuid)).rejects.toMatchObject({ code: "VIRTUALBOX_FAILED" });
    await expect(refused.deleteMachine(uuid)).rejects.toMatchObject({ code: "VIRTUALBOX_FAILED" });
  },
);
