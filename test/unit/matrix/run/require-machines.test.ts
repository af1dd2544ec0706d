import { expect, test } from "vitest";
import { requireMachines } from "../../../../src/matrix/run/require-machines.ts";
import { createFakeProvider } from "../../../support/providers/fake-provider.ts";
import { coreWorld, createRequest } from "../../../support/worlds/core-world.ts";

test("machines of another architecture alone need nothing of this host's own", async () => {
  const health = { state: "missing", problem: "there is no fake", hint: "install it" } as const;
  const provider = createFakeProvider({ health });
  const { context } = await coreWorld({ provider });
  const native = createRequest();
  const foreign = { ...native, images: { ...native.images, architecture: "arm64" as const } };
  expect(await requireMachines(context, provider.id, [foreign])).toBe(provider);
  await expect(requireMachines(context, provider.id, [foreign, native])).rejects.toMatchObject({
    code: "PROVIDER_NOT_READY",
  });
});
