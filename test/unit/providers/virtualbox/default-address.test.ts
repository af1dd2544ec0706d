import { expect, test } from "vitest";
import { hasDefaultAddress } from "../../../../src/providers/virtualbox/network/default-address.ts";

const windowsName = "VirtualBox Host-Only Ethernet Adapter #2";

test.each([
  ["vboxnet0", undefined, true],
  ["vboxnet0", "192.168.56.1", true],
  ["vboxnet3", "192.168.59.1", true],
  ["vboxnet3", "192.168.56.1", false],
  ["vboxnet0", "10.0.0.1", false],
  [windowsName, "192.168.127.1", true],
  [windowsName, "169.254.10.20", true],
  [windowsName, "172.16.0.1", false],
])("of a new adapter %s, %s is VirtualBox's own choice: %s", (name, address, isDefault) => {
  const found = address === undefined ? undefined : { address, prefixLength: 24 };
  expect(hasDefaultAddress(name, found)).toBe(isDefault);
});

test("a network of another size is somebody's choice", () => {
  const found = { address: "192.168.56.1", prefixLength: 16 };
  expect(hasDefaultAddress("vboxnet0", found)).toBe(false);
});
