import { chmod, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openVBoxManageControl } from "../../../../src/providers/virtualbox/vboxmanage/control.ts";
import { temporaryDirectory } from "../../../support/temporary-directory.ts";
import { bareWorld } from "../../../support/virtualbox/bare-world.ts";

test.skipIf(process.platform === "win32")(
  "the terminal's Ctrl-C does not reach the client of a launch, which leads a group of its own",
  async () => {
    const folder = await temporaryDirectory();
    const [program, log] = [join(folder, "VBoxManage"), join(folder, "log")];
    // A group has the number of the process that it was made for.
    const script = `#!/bin/sh\nkill -0 -$$ && echo "$@" >'${log}'\n`;
    await writeFile(program, script);
    await chmod(program, 0o755);
    const world = bareWorld(process.env.PATH);
    const control = openVBoxManageControl(program, world, new AbortController().signal);
    await control.launch("dev", "headless", 60_000);
    expect(await readFile(log, "utf8")).toBe("startvm dev --type headless\n");
  },
);
