// A web service that somebody else runs, given by its URL.
import { mkdir, rename } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { freeLoopbackPorts } from "../../../src/host/ports.ts";
import { createVirtualBoxProvider } from "../../../src/providers/virtualbox/provider.ts";
import { openVBoxManage } from "../../../src/providers/virtualbox/vboxmanage/call.ts";
import {
  findVBoxManage,
  findVirtualBoxProgram,
} from "../../../src/providers/virtualbox/vboxmanage/find-vboxmanage.ts";
import { startProcess } from "../../../src/providers/virtualbox/webservice/process.ts";
import { sampleImages } from "../../support/providers/fake-provider.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";
import { unhurried } from "../../support/virtualbox/control-contract.ts";
import { hasVirtualBox, virtualBoxWorld } from "../../support/virtualbox/virtualbox-host.ts";
import { recordedOperation } from "../../support/worlds/operations.ts";

/** A service that lets in whom that library of VirtualBox's lets in: "null" is everybody. */
async function serving(library: string) {
  const world = await virtualBoxWorld();
  const manage = openVBoxManage((await findVBoxManage(world)) ?? "", world, unhurried());
  await manage.call(["setproperty", "websrvauthlibrary", library]);
  const [port = 0] = await freeLoopbackPorts(1);
  const program = (await findVirtualBoxProgram("vboxwebsrv", world)) ?? "";
  const service = await startProcess(program, port, world);
  onTestFinished(service.end);
  await service.listening(unhurried());
  const login = { VIRTUALBOX_WEBSERVICE_USER: "jo", VIRTUALBOX_WEBSERVICE_PASSWORD: "pass & word" };
  // What is reached by URL needs no VirtualBox here.
  const environment = { ...process.env, PATH: "", ...login };
  return { provider: createVirtualBoxProvider({ ...world, environment }), port };
}

const spec = { name: "dev", architecture: "amd64" } as const;

const optionsFor = (port: number) => ({
  ...{ network: "nat", diskSizeMiB: 1024, webservice: `http://127.0.0.1:${port}` },
});

describe.skipIf(!hasVirtualBox)("a URL's service (skipped where there is no VirtualBox)", () => {
  test("machines are made and removed there, without VirtualBox here", async () => {
    const { provider, port } = await serving("null");
    const options = optionsFor(port);
    const directory = join(await temporaryDirectory(), "dev");
    await mkdir(directory);
    const places = { directory, images: sampleImages };
    expect(await provider.check(recordedOperation(), options)).toMatchObject({ state: "ready" });
    const record = await provider.plan(spec, options, recordedOperation());
    expect(JSON.stringify(record)).not.toContain("word");
    const instance = provider.open(record, places);
    await instance.create(recordedOperation());
    expect(await instance.power(recordedOperation())).toBe("stopped");
    await expect(provider.plan(spec, options, recordedOperation())).rejects.toMatchObject({
      code: "INSTANCE_EXISTS",
    });
    // Its record says how to remove it, as long as there is one.
    await provider.plan({ ...spec, directory }, options, recordedOperation());
    await rename(directory, `${directory}-gone`);
    await expect(
      provider.plan({ ...spec, directory }, options, recordedOperation()),
    ).rejects.toMatchObject({
      ...{ code: "INSTANCE_EXISTS", hints: [expect.stringMatching(/--delete` on the host of/)] },
    });
    await rename(`${directory}-gone`, directory);
    await expect(instance.start(recordedOperation())).rejects.toMatchObject({
      code: "VIRTUALBOX_FAILED",
    });
    await instance.remove(recordedOperation());
    expect(await instance.power(recordedOperation())).toBe("absent");
  });

  test("a user that it does not know is refused, with what to set", async () => {
    const { provider, port } = await serving("VBoxAuthSimple");
    const refusal = provider.plan(spec, optionsFor(port), recordedOperation());
    await expect(refusal).rejects.toMatchObject({
      ...{ code: "VIRTUALBOX_FAILED", message: expect.stringMatching(/refuses this user/) },
      hints: [expect.stringMatching(/VIRTUALBOX_WEBSERVICE_PASSWORD/)],
    });
    await expect(refusal).rejects.not.toThrow(/pass & word/);
  });
});
