import { expect, test } from "vitest";
import { sharedLockMs } from "../../../../src/providers/virtualbox/shared-lock.ts";
import { openAdapters } from "../../../../src/providers/virtualbox/vboxmanage/adapters.ts";

const network = { address: "192.168.56.1", prefixLength: 24 };

/** VirtualBox 7 that gives no adapter an address, and the limit of each command that changes one. */
function adaptersOn(platform: NodeJS.Platform) {
  const limits = new Map<string, number | undefined>();
  const commands = openAdapters(
    {
      async call([command = "", action = ""], { timeoutMs } = {}) {
        if (command === "--version") return "7.2.22r174505\n";
        limits.set(`${command} ${action}`, timeoutMs);
        if (action === "ipconfig") throw new Error("refused");
        return "Interface 'vboxnet0' was successfully created\n";
      },
    },
    { platform },
  );
  return { commands, limits };
}

test("there is time for the user's consent and a driver, and others wait as long for the lock", async () => {
  const { commands, limits } = adaptersOn("win32");
  await expect(commands.createAdapter(network)).rejects.toThrow("refused");
  expect([...limits.keys()]).toEqual([
    ...["hostonlyif create", "hostonlyif ipconfig", "hostonlyif remove"],
  ]);
  let sum = 0;
  for (const limitMs of limits.values()) {
    expect(limitMs).toBeGreaterThanOrEqual(5 * 60_000);
    sum += limitMs ?? 0;
  }
  expect(sharedLockMs).toBeGreaterThan(sum);
});

test("so there is for the networks of macOS", async () => {
  const { commands, limits } = adaptersOn("darwin");
  await commands.createAdapter(network);
  await commands.removeAdapter("tsmachine-192.168.56.1");
  expect(limits).toEqual(
    new Map([
      ["hostonlynet add", 5 * 60_000],
      ["hostonlynet remove", 5 * 60_000],
    ]),
  );
});
