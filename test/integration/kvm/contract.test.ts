import { rm } from "node:fs/promises";
import { createKvmProvider } from "../../../src/providers/kvm/provider.ts";
import { parseKvmRecord } from "../../../src/providers/kvm/record.ts";
import { testProviderContract } from "../../support/provider-contract.ts";
import { killQemu, realWorld, tinyOptions, tinySpec } from "../../support/qemu.ts";
import { tinyGuestGreeting } from "../../support/tiny-guest.ts";

testProviderContract("kvm", async () => ({
  provider: createKvmProvider(realWorld()),
  newSpec: () => tinySpec("tiny"),
  options: tinyOptions,
  impossibleOptions: { ...tinyOptions, memoryMiB: 2 ** 40 },
  greeting: tinyGuestGreeting,
  pullThePlug: killQemu,
  destroy: (record) => rm(parseKvmRecord(record).directory, { recursive: true }),
}));
