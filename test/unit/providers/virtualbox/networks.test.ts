import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  allowedByDefault,
  parseNetworksFile,
  requireAllowed,
} from "../../../../src/providers/virtualbox/network/allowed-networks.ts";
import { freeAddress } from "../../../../src/providers/virtualbox/network/free-address.ts";
import { openAdapters } from "../../../../src/providers/virtualbox/vboxmanage/adapters.ts";
import { parseDhcpServers } from "../../../../src/providers/virtualbox/vboxmanage/lists.ts";
import { virtualBoxFiles } from "../../../../src/providers/virtualbox/world.ts";
import { recordedOutput } from "../../../support/providers/virtualbox-output.ts";
import { temporaryDirectory } from "../../../support/temporary-directory.ts";

const network = { address: "192.168.56.1", prefixLength: 24 };

describe("the address of a new machine", () => {
  test("is the lowest that neither the host nor another machine has", () => {
    expect(freeAddress(network, [], [])).toBe("192.168.56.2");
    expect(freeAddress(network, ["192.168.56.2", "192.168.56.3"], [])).toBe("192.168.56.4");
  });

  test("is none that a DHCP server has or gives away", () => {
    const servers = parseDhcpServers(recordedOutput("nodriver-list-dhcpservers.txt"));
    const below = Array.from({ length: 98 }, (_, index) => `192.168.56.${index + 2}`);
    expect(freeAddress(network, below.slice(0, -1), servers)).toBe("192.168.56.99");
    expect(freeAddress(network, below, servers)).toBeUndefined();
    const disabled = servers.map((server) => ({ ...server, isEnabled: false }));
    expect(freeAddress(network, below, disabled)).toBe("192.168.56.101");
  });
});

test("on macOS the address is none that the system gives away in the network", async () => {
  const networks = recordedOutput("7.0-macos-list-hostonlynets.txt", "published");
  const call = async (args: readonly string[]) =>
    args[0] === "--version" ? "7.0.20r163906" : args[1] === "hostonlynets" ? networks : "";
  const adapters = openAdapters({ call }, { platform: "darwin" });
  const pooled = { address: "192.168.57.1", prefixLength: 24 };
  expect(freeAddress(pooled, [], await adapters.listDhcpServers())).toBe("192.168.57.200");
});

describe("host-only networks that VirtualBox allows", () => {
  const outside = { address: "192.168.99.1", prefixLength: 24 };

  async function host(networksFile: string | undefined, isRoot = false) {
    const networks = join(await temporaryDirectory(), "networks.conf");
    if (networksFile !== undefined) await writeFile(networks, networksFile);
    return { platform: "linux", isRoot, files: { ...virtualBoxFiles, networks } } as const;
  }

  test("are those of its range, without a file that says otherwise", async () => {
    await requireAllowed(network, await host(undefined));
    await expect(requireAllowed(outside, await host(undefined))).rejects.toMatchObject({
      code: "ADDRESS_UNAVAILABLE",
      message:
        "VirtualBox does not allow host-only networks in 192.168.99.1/24; allowed: 192.168.56.0/21",
      hints: [expect.stringMatching(/^add the line `\* 192\.168\.99\.1\/24` to .*networks\.conf/)],
    });
  });

  test("are those of the file, which takes the default range away", async () => {
    const text = "# ours\n*172.16.0.0/12\n* 10.0.0.0/8 192.168.99.0/24\n* 2001::/64\n";
    expect(parseNetworksFile(text)).toHaveLength(2);
    await requireAllowed(outside, await host(text));
    await expect(requireAllowed(network, await host(text))).rejects.toMatchObject({
      code: "ADDRESS_UNAVAILABLE",
    });
    await expect(requireAllowed(network, await host(""))).rejects.toThrow("allowed: none");
  });

  test("are all for root, and on Windows", async () => {
    await requireAllowed(outside, await host(undefined, true));
    await requireAllowed(outside, { ...(await host(undefined)), platform: "win32" });
    expect(allowedByDefault).toEqual({ address: "192.168.56.0", prefixLength: 21 });
  });
});
