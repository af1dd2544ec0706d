import { copyFile } from "node:fs/promises";
import { createServer } from "node:net";
import { beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { checkTls } from "../../../../src/core/look/check-tls.ts";
import { openReachable } from "../../../../src/core/look/open-reachable.ts";
import { endpointOf, engineAddressOf } from "../../../../src/core/machine/open-machine.ts";
import type { MachineRecord } from "../../../../src/store/record.ts";
import { startFakeEngine } from "../../../support/network/fake-engine.ts";
import { listenOnLoopback } from "../../../support/network/listen.ts";
import { type CoreWorld, coreWorld, runningMachine } from "../../../support/worlds/core-world.ts";

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

let world: CoreWorld;
let record: MachineRecord;
beforeEach(async () => {
  world = await coreWorld();
  record = await runningMachine(world);
});

const open = () => openReachable(world.context, "dev");
const filesOf = (name: string) => world.context.store.readMachineFiles(name);
const layoutOf = (name: string) => world.context.store.machineLayout(name);

describe("a machine whose engine must be reachable", () => {
  test("is opened after one handshake, without its provider", async () => {
    const providers = () => Promise.reject(new Error("nobody needs the providers"));
    expect(await openReachable({ ...world.context, providers }, "dev")).toEqual(record);
  });

  test("is opened though its certificate lacks its name when it is a host that was adopted", async () => {
    const capabilities = { ...world.provider.capabilities, ownsInstance: false };
    const adopting = async () => [{ ...world.provider, capabilities }];
    await world.context.store.createMachine({ ...record, name: "alias" }, await filesOf("dev"));
    const open = openReachable({ ...world.context, providers: adopting }, "alias");
    expect(await open).toMatchObject({ name: "alias" });
  });

  test("is refused as not running when it is off", async () => {
    await world.provider.setPower("dev", "stopped");
    await expect(open()).rejects.toMatchObject({ code: "MACHINE_NOT_RUNNING" });
  });

  test("is refused as not running when another machine is at its port by now", async () => {
    await runningMachine(world, { name: "other" });
    await world.provider.setPower("dev", "stopped");
    const { directory } = layoutOf("other");
    const { dockerPort: port = 0 } = endpointOf(record);
    const engine = await startFakeEngine({ port, directory, manner: "serving" });
    onTestFinished(() => engine.close());
    await expect(open()).rejects.toMatchObject({ code: "MACHINE_NOT_RUNNING" });
  });

  test("is refused when it runs and its engine does not, in docker-machine's words", async () => {
    await world.provider.endEngine("dev");
    const { dockerPort } = endpointOf(record);
    await expect(open()).rejects.toMatchObject({
      code: "TLS_CHECK_FAILED",
      message: expect.stringContaining(
        `There was an error validating certificates for host "127.0.0.1:${dockerPort}": connect ECONNREFUSED`,
      ),
      hints: [expect.stringContaining("`tsmachine restart dev`")],
    });
  });

  test("is not advised what cannot be done to a host that was adopted", async () => {
    const capabilities = { ...world.provider.capabilities, ownsInstance: false };
    const adopting = async () => [{ ...world.provider, capabilities }];
    await world.provider.endEngine("dev");
    const open = openReachable({ ...world.context, providers: adopting }, "dev");
    await expect(open).rejects.toMatchObject({
      code: "TLS_CHECK_FAILED",
      hints: [expect.stringMatching(/^check on the host that its engine runs/)],
    });
  });

  test.each([
    ["ca", "do not belong together"],
    ["certificate", "do not belong together"],
    ["key", "do not belong together"],
  ] as const)("is refused when its %s is that of another store", async (file, problem) => {
    const stranger = await coreWorld();
    await runningMachine(stranger);
    await copyFile(stranger.context.store.machineLayout("dev")[file], layoutOf("dev")[file]);
    await expect(open()).rejects.toMatchObject({
      code: "TLS_CHECK_FAILED",
      message: expect.stringContaining(problem),
      hints: [expect.stringContaining("`tsmachine regenerate-certs dev`")],
    });
  });

  test("is refused when its certificates have expired or are not valid yet", async () => {
    world.setClock(10_000);
    await expect(open()).rejects.toThrow("the client certificate expired on");
    world.setClock(-10);
    await expect(open()).rejects.toThrow("the client certificate is not valid before");
  });
});

describe("the check of a TLS server", () => {
  const check = async (changes: object) =>
    checkTls({
      ...(await engineAddressOf(world.context, record)),
      ...{ names: [], timeoutMs: 5_000, signal: world.context.signal, ...changes },
    });

  test("finds nothing wrong with the machine's own", async () => {
    expect(await check({ names: ["dev"] })).toBeUndefined();
  });

  test("finds a certificate that lacks a name", async () => {
    expect(await check({ names: ["other"] })).toMatch(/other/);
  });

  test("finds a certificate of another authority", async () => {
    const stranger = await coreWorld();
    const { bundle } = await engineAddressOf(stranger.context, await runningMachine(stranger));
    expect(await check({ bundle })).toMatch(/unable to verify|self.signed|signature/i);
  });

  test("does not wait longer than its limit, nor when it is cancelled", async () => {
    const port = await silentServer();
    const endpoint = { address: "127.0.0.1", dockerPort: port };
    expect(await check({ endpoint, timeoutMs: 300 })).toBe("no answer within 0.3 s");
    const controller = new AbortController();
    const checked = check({ endpoint, signal: controller.signal });
    const reason = new Error("the user pressed Ctrl-C");
    setImmediate(() => controller.abort(reason));
    await expect(checked).rejects.toBe(reason);
  });
});

/** Accepts connections and never says a word. */
async function silentServer(): Promise<number> {
  const server = createServer((socket) => {
    socket.on("error", () => {});
    onTestFinished(() => void socket.destroy());
  });
  onTestFinished(() => void server.close());
  return listenOnLoopback(server);
}
