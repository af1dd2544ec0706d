import { rm } from "node:fs/promises";
import { createKvmProvider } from "../../../src/providers/kvm/provider.ts";
import { killQemu, realWorld, tinyMachine, tinyOptions } from "../../support/boots/qemu.ts";
import { tinyGuestGreeting } from "../../support/boots/tiny-guest.ts";
import { testProviderContract } from "../../support/providers/provider-contract.ts";

testProviderContract("kvm", async () => ({
  provider: createKvmProvider(realWorld()),
  newMachine: () => tinyMachine("tiny"),
  options: tinyOptions,
  impossibleOptions: { ...tinyOptions, memoryMiB: 2 ** 40 },
  greeting: tinyGuestGreeting,
  pullThePlug: ({ places }) => killQemu(places),
  destroy: ({ places }) => rm(places.directory, { recursive: true }),
}));
