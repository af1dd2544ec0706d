import { execFile } from "node:child_process";
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { guestScriptIn } from "../../support/images/guest-script.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const script = "templates/guest/root/usr/lib/tsmachine/devices";

/**
 * Runs the guest's script on files in place of the kernel's, for as many rounds as there are changes: shell
 * lines that are run between two rounds, in the folder that stands for /.
 * @returns the arguments of each DHCP client that was started
 */
async function startedClients(changes: readonly string[]): Promise<readonly string[]> {
  const root = await temporaryDirectory();
  const place = async (path: string, text: string) => {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
    await chmod(join(root, path), 0o755);
  };
  await place("lib/modules/load-drivers", "load_drivers() { :; }\n");
  await place("sys/class/net/eth0/carrier_changes", "1\n");
  await mkdir(join(root, "sys/class/net/eth0/device"));
  await place("bin/ip", "#!/bin/sh\n");
  // Named as the kernel names it: a script has the name of its file.
  const client = `echo "$@" >>${root}/started; echo $$ >"$5"; while [ -e "$5" ]; do /bin/sleep 0.05; done`;
  await place("bin/udhcpc", `#!/bin/sh\n${client}\n`);
  const served = `until [ -s run/dhcp/eth0.pid ]; do /bin/sleep 0.05; done`;
  const rounds = changes.map((change, index) => `${index + 1}) ${change || ":"} ;;`);
  const end = `*) kill $(cat run/dhcp/eth0.pid); kill $PPID ;;`;
  await place(
    "bin/sleep",
    `#!/bin/sh
cd ${root} && echo x >>rounds && ${served} && case $(wc -l <rounds | tr -d ' ') in
${[...rounds, end].join("\n")}
esac
`,
  );
  await place("devices", await guestScriptIn(root, script));
  await mkdir(join(root, "var/log"), { recursive: true });
  const environment = { ...process.env, PATH: `${root}/bin:${process.env.PATH}` };
  await promisify(execFile)("sh", [join(root, "devices")], {
    ...{ env: environment, timeout: 30_000 },
  }).catch((error: { signal?: string }) => expect(error.signal).toBe("SIGTERM"));
  return (await readFile(join(root, "started"), "utf8")).split("\n").slice(0, -1);
}

const unplug = "echo 3 >sys/class/net/eth0/carrier_changes";
const untilGone =
  "pid=$(cat run/dhcp/eth0.pid); while [ -d /proc/$pid ]; do /bin/sleep 0.05; done; : >run/dhcp/eth0.pid";

describe.skipIf(process.platform !== "linux")("an interface of the guest", () => {
  test("keeps its DHCP client while its cable stays in", async () => {
    expect(await startedClients(["", "", ""])).toHaveLength(1);
  });

  test("has a DHCP client that asks for search domains, too", async () => {
    expect(await startedClients([""])).toEqual([expect.stringMatching(/ -O search$/)]);
  });

  test("whose cable was out gets another, which asks for an address at once", async () => {
    expect(await startedClients(["", unplug, untilGone, "", ""])).toHaveLength(2);
  });
});
