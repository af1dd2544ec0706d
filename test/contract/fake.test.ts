import { z } from "zod";
import type { Json } from "../../src/providers/provider.ts";
import { createFakeProvider } from "../support/fake-provider.ts";
import { testProviderContract } from "../support/provider-contract.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

const nameOf = (record: Json) => z.object({ name: z.string() }).parse(record).name;

testProviderContract("fake", async () => {
  const provider = createFakeProvider();
  let count = 0;
  return {
    provider,
    async newSpec() {
      count += 1;
      return {
        name: `machine-${count}`,
        directory: await temporaryDirectory(),
        architecture: "amd64",
        images: {
          kernel: "/images/kernel",
          initramfs: "/images/initramfs",
          bootIso: "/images/boot.iso",
          engineImage: "/images/engine",
          seedImage: "/images/seed",
          commandLine: "",
        },
      };
    },
    options: {},
    impossibleOptions: { memoryMiB: "none" },
    greeting: "fake guest is up",
    pullThePlug: async (record) => provider.setPower(nameOf(record), "stopped"),
    destroy: async (record) => provider.setPower(nameOf(record), "absent"),
  };
});
