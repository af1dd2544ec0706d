import { afterEach, expect, test, vi } from "vitest";
import { createAuthority } from "../../../../src/certs/authority.ts";
import { type Context, operationFor } from "../../../../src/core/context.ts";
import { endpointOf, openMachine } from "../../../../src/core/machine/open-machine.ts";
import { provisionMachine } from "../../../../src/core/machine/provision/provision.ts";
import { regenerateCertificates } from "../../../../src/core/machine/provision/regenerate-certificates.ts";
import { provisionedGuest } from "../../../support/network/provisioned-guest.ts";
import { startSshServer } from "../../../support/network/ssh-server.ts";
import { coreWorld, runningMachine } from "../../../support/worlds/core-world.ts";

vi.setConfig({ testTimeout: 60_000 });
afterEach(() => {
  vi.unstubAllEnvs();
});

const limits = { bootTimeoutMs: 10_000 };

/** A machine that runs, whose guest is this host. */
async function guestThat(manner: { install: string; watch?: string }) {
  const world = await coreWorld();
  const { context } = world;
  const record = await runningMachine(world);
  const { sshHostKey = "", sshPublicKey = "" } = await context.store.readMachineFiles("dev");
  const server = await startSshServer({ hostKeys: [sshHostKey], authorizedKey: sshPublicKey });
  const endpoint = { ...endpointOf(record), sshPort: server.port };
  await context.store.writeMachine({ ...record, endpoint });
  return { world, context, ...(await provisionedGuest(context.templates, manner)) };
}

const loud = { changes: { arbitraryFlags: ["log-level=loud"] }, ...limits };

test("options are stored once the engine has answered with them", async () => {
  const { context, calls, files } = await guestThat({ install: "echo changed" });
  expect(await provisionMachine(context, "dev", loud)).toBe("provisioned");
  expect((await context.store.readMachine("dev")).engine?.arbitraryFlags).toEqual([
    "log-level=loud",
  ]);
  expect((await calls()).filter((call) => call !== "watch")).toEqual(["install", "settle"]);
  expect(await files()).toContain('"log-level": "loud"');
  expect(await files()).toContain("etc/docker/tls/server-key.pem");
});

test("authorities are stored once the engine has answered with them", async () => {
  const { context, files } = await guestThat({ install: "echo changed" });
  const { certificate } = await createAuthority({ now: new Date() });
  await provisionMachine(context, "dev", { changes: {}, authorities: certificate, ...limits });
  expect(await files()).toContain("etc/ssl/certs/tsmachine.pem");
  expect(await files()).toContain(certificate);
  expect((await context.store.readMachineFiles("dev")).trustedAuthorities).toBe(certificate);
});

test("authorities that the engine does not come up with are not stored", async () => {
  const { context } = await guestThat({ install: "echo 'bad settings'; exit 10" });
  const { certificate } = await createAuthority({ now: new Date() });
  const request = { changes: {}, authorities: certificate, ...limits };
  await expect(provisionMachine(context, "dev", request)).rejects.toMatchObject({
    code: "ENGINE_FAILED",
  });
  expect((await context.store.readMachineFiles("dev")).trustedAuthorities).toBeUndefined();
});

test("nothing is waited for when the guest had all of it", async () => {
  const { context, calls, world } = await guestThat({ install: "echo unchanged" });
  world.steps.length = 0;
  expect(await provisionMachine(context, "dev", { changes: {}, ...limits })).toBe("provisioned");
  expect(await calls()).toEqual(["install"]);
  expect(world.steps).toEqual(["Setting Docker configuration on the remote daemon"]);
});

test("settings that dockerd refuses beforehand change nothing", async () => {
  const install = "echo 'invalid logging level: loud'; exit 10";
  const { context, calls } = await guestThat({ install });
  const former = await context.store.readMachine("dev");
  await expect(provisionMachine(context, "dev", loud)).rejects.toMatchObject({
    code: "ENGINE_FAILED",
    message:
      'machine "dev": its engine refuses --engine-opt log-level=loud: invalid logging level: loud; nothing was changed in the machine',
  });
  expect(await context.store.readMachine("dev")).toEqual(former);
  expect(await calls()).toEqual(["install"]);
});

test("an engine that does not come up has its former files again", async () => {
  const watch =
    "grep -q restore \"$calls\" || exec echo 'driver not supported: bogus'; exec sleep 60";
  const { context, calls, world } = await guestThat({ install: "echo changed", watch });
  await world.provider.endEngine("dev");
  const withEngineBack: Context = {
    ...context,
    progress: {
      async step(title, action) {
        const result = await context.progress.step(title, action);
        if (title.startsWith("Putting the former")) {
          const { instance } = await openMachine(context, "dev");
          await instance.start(operationFor(context));
        }
        return result;
      },
    },
  };
  const former = await context.store.readMachine("dev");
  const request = { changes: { storageDriver: "bogus" }, ...limits };
  await expect(provisionMachine(withEngineBack, "dev", request)).rejects.toMatchObject({
    code: "ENGINE_FAILED",
    message:
      'machine "dev": its engine refuses --engine-storage-driver bogus: driver not supported: bogus; it runs with its former settings again',
  });
  expect(await context.store.readMachine("dev")).toEqual(former);
  expect(await calls()).toContain("restore");
});

test("an engine that does not come up with its former files either is a warning", async () => {
  const watch = "echo 'no space left'";
  const { context, world } = await guestThat({ install: "echo changed", watch });
  await world.provider.endEngine("dev");
  await expect(provisionMachine(context, "dev", loud)).rejects.toMatchObject({
    code: "ENGINE_FAILED",
    message: 'machine "dev": its engine does not start: no space left',
  });
  expect(world.warnings).toEqual([
    'the engine of machine "dev" does not start with its former settings: no space left',
  ]);
});

test("a guest that cannot be written to is an error with its words", async () => {
  const install = "echo 'no space left' >&2; exit 1";
  const { context } = await guestThat({ install });
  await expect(provisionMachine(context, "dev", loud)).rejects.toMatchObject({
    code: "PROGRAM_FAILED",
    message: 'machine "dev" cannot be provisioned: no space left',
  });
});

test("new certificates are stored once the engine has answered with them", async () => {
  const { context, files } = await guestThat({ install: "echo changed" });
  const former = await context.store.readMachineFiles("dev");
  expect(await regenerateCertificates(context, "dev", limits)).toBe("provisioned");
  const { serverCertificate, serverKey = "" } = await context.store.readMachineFiles("dev");
  expect(serverCertificate).not.toBe(former.serverCertificate);
  expect(await files()).toContain(serverKey);
  expect(await files()).not.toContain("daemon.json");
});
