import { createReadStream } from "node:fs";
import { readdir, rename, writeFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { describe, expect, onTestFinished, test } from "vitest";
import { poll } from "../../../src/host/poll.ts";
import { recordedOperation } from "../worlds/operations.ts";
import { testCommonContract } from "./common-contract.ts";
import {
  type ContractSubject,
  created,
  planned,
  sampleForwards,
  started,
  testSignal,
  untilGreeted,
  untilLocated,
  untilPower,
} from "./contract-subject.ts";

/** What core relies on of a provider that makes its instances. */
export function testProviderContract(name: string, makeSubject: () => Promise<ContractSubject>) {
  testCommonContract(name, makeSubject);
  describe(`provider ${name}, which owns its instances, keeps the contract`, () => {
    test("it says so", async () => {
      const { provider } = await makeSubject();
      expect(provider.capabilities.ownsInstance).toBe(true);
    });

    test("a plan survives JSON and changes nothing", async () => {
      const subject = await makeSubject();
      const { places, record, instance } = await planned(subject);
      expect(JSON.parse(JSON.stringify(record))).toEqual(record);
      expect(await readdir(places.directory)).toEqual([]);
      expect(await instance.power(recordedOperation())).toBe("absent");
    });

    test("two instances share no endpoint", async () => {
      const subject = await makeSubject();
      const { dynamicEndpoint } = subject.provider.capabilities;
      const make = dynamicEndpoint ? started : created;
      const endpoints = [await make(subject), await make(subject)].map(({ instance }) =>
        untilLocated(instance),
      );
      const places = (await Promise.all(endpoints)).flatMap(({ address, sshPort, dockerPort }) => [
        `${address} ${sshPort}`,
        `${address} ${dockerPort}`,
      ]);
      expect(new Set(places).size).toBe(4);
    });

    test("its address is empty where its endpoint is dynamic and it is off, and is known in time when it is on", async () => {
      const subject = await makeSubject();
      const { dynamicEndpoint } = subject.provider.capabilities;
      const { instance, record, places } = await created(subject);
      const { address } = await instance.endpoint(recordedOperation());
      expect(address === "").toBe(dynamicEndpoint);
      const provided = await instance.start(recordedOperation());
      const running = subject.provider.open(provided, places);
      const located = await untilLocated(running);
      expect(await running.endpoint(recordedOperation())).toEqual(located);
      if (!dynamicEndpoint) expect(located.address).toBe(address);
      await running.stop("power-off", recordedOperation());
      const stopped = subject.provider.open(record, places);
      expect((await stopped.endpoint(recordedOperation())).address).toBe(address);
    });

    test("creating twice is creating once", async () => {
      const { instance } = await created(await makeSubject());
      await instance.create(recordedOperation());
      expect(await instance.power(recordedOperation())).toBe("stopped");
    });

    test("a started instance runs, and starting it again succeeds", async () => {
      const subject = await makeSubject();
      const { instance, record } = await started(subject);
      expect(await instance.start(recordedOperation())).toEqual(record);
      expect(await instance.power(recordedOperation())).toBe("running");
    });

    test("an instance reopened from its stored record is the same one", async () => {
      const subject = await makeSubject();
      const { record, places, instance } = await started(subject);
      const located = await untilLocated(instance);
      const reopened = subject.provider.open(JSON.parse(JSON.stringify(record)), places);
      expect(await reopened.power(recordedOperation())).toBe("running");
      expect(await reopened.endpoint(recordedOperation())).toEqual(located);
    });

    test("an instance whose folder was moved is found where it is told to be", async () => {
      const subject = await makeSubject();
      const { record, places, instance } = await created(subject);
      const directory = `${places.directory}-moved`;
      await rename(places.directory, directory);
      const moved = subject.provider.open(record, { ...places, directory });
      onTestFinished(() => moved.remove({ signal: testSignal(), report: () => undefined }));
      await moved.start(recordedOperation());
      expect(await moved.power(recordedOperation())).toBe("running");
      expect(await untilLocated(moved)).toEqual(await untilLocated(instance));
    });

    test("the console's last lines are what the guest wrote", async () => {
      const subject = await makeSubject();
      const { greeting } = subject;
      if (greeting === undefined) return;
      const { instance } = await started(subject);
      const tail = await poll(
        async () => {
          const lines = await instance.consoleTail(1);
          return lines.includes(greeting) ? lines : undefined;
        },
        { waitingFor: "the greeting", everyMs: 50, timeoutMs: 60_000, signal: testSignal() },
      );
      expect(tail).toEqual([greeting]);
    });

    test("a guest that is asked to shut down stops, and may be asked again", async () => {
      const subject = await makeSubject();
      const { instance } = await started(subject);
      await untilGreeted(instance, subject.greeting);
      await instance.stop("shutdown", recordedOperation());
      await untilPower(instance, "stopped");
      await instance.stop("shutdown", recordedOperation());
    });

    test("forwards are there where the capabilities say so", async () => {
      const { provider, ...subject } = await makeSubject();
      const { instance } = await planned({ provider, ...subject });
      expect(instance.forwards !== undefined).toBe(provider.capabilities.forwards);
    });

    test("forwards are added and removed, each once, and none of them is the instance's own", async () => {
      const { instance } = await started(await makeSubject());
      const { forwards } = instance;
      if (forwards === undefined) return;
      expect(await forwards.list(recordedOperation())).toEqual([]);
      const [tcp, udp] = await sampleForwards();
      for (const forward of [tcp, udp, tcp]) await forwards.add(forward, recordedOperation());
      const listed = await forwards.list(recordedOperation());
      expect(listed).toHaveLength(2);
      expect(listed).toEqual(expect.arrayContaining([tcp, udp]));
      for (const forward of [tcp, tcp]) await forwards.remove(forward, recordedOperation());
      expect(await forwards.list(recordedOperation())).toEqual([udp]);
    });

    test("a forward from a port that is taken is refused", async () => {
      const subject = await makeSubject();
      const [one, other] = [await started(subject), await started(subject)];
      if (one.instance.forwards === undefined || other.instance.forwards === undefined) return;
      const [tcp] = await sampleForwards();
      await one.instance.forwards.add(tcp, recordedOperation());
      await expect(other.instance.forwards.add(tcp, recordedOperation())).rejects.toMatchObject({
        code: "PORT_UNAVAILABLE",
        message: expect.stringMatching(/ is in use by another program$/),
      });
    });

    test("several may ask for forwards at once, also who asks for the instance's power", async () => {
      const { instance } = await started(await makeSubject());
      const { forwards } = instance;
      if (forwards === undefined) return;
      const [tcp] = await sampleForwards();
      const asked = Array.from({ length: 10 }, async () => {
        await forwards.add(tcp, recordedOperation());
        expect(await instance.power(recordedOperation())).toBe("running");
      });
      await Promise.all(asked);
      expect(await forwards.list(recordedOperation())).toEqual([tcp]);
    });

    test("forwards end with the instance", async () => {
      const { instance } = await started(await makeSubject());
      const { forwards } = instance;
      if (forwards === undefined) return;
      const [tcp] = await sampleForwards();
      await forwards.add(tcp, recordedOperation());
      await instance.stop("power-off", recordedOperation());
      await instance.start(recordedOperation());
      await untilPower(instance, "running");
      expect(await forwards.list(recordedOperation())).toEqual([]);
    });

    test("suspension, snapshots, other sizes and folders are there where the capabilities say so", async () => {
      const { provider, ...subject } = await makeSubject();
      const { instance } = await planned({ provider, ...subject });
      const { suspension, snapshots, resizing = false, sharing = false } = provider.capabilities;
      expect(instance.resizing !== undefined).toBe(resizing);
      expect(instance.sharing !== undefined).toBe(sharing);
      expect(instance.suspension !== undefined).toBe(suspension);
      expect(instance.snapshots !== undefined).toBe(snapshots);
    });

    test("what can be suspended goes on at a start, and can be powered off in place of that", async () => {
      const { instance } = await started(await makeSubject());
      if (instance.suspension === undefined) return;
      await instance.suspension.suspend(recordedOperation());
      expect(await instance.power(recordedOperation())).toBe("suspended");
      await instance.start(recordedOperation());
      expect(await instance.power(recordedOperation())).toBe("running");
      await instance.suspension.suspend(recordedOperation());
      await instance.stop("power-off", recordedOperation());
      expect(await instance.power(recordedOperation())).toBe("stopped");
    });

    test("what is portable can be made of a disk that is there, with ids and ports of its own", async () => {
      const subject = await makeSubject();
      const { provider } = subject;
      const { portable: isPortable = false } = provider.capabilities;
      const { record, instance } = await created(subject);
      expect(instance.portable !== undefined).toBe(isPortable);
      expect(provider.replan !== undefined).toBe(isPortable);
      if (provider.replan === undefined) return;
      const { spec, places } = await subject.newMachine();
      const copySpec = { ...spec, origin: "this host" } as const;
      const copied = await provider.replan(record, copySpec, recordedOperation());
      expect(JSON.parse(JSON.stringify(copied))).toEqual(copied);
      expect(await readdir(places.directory)).toEqual([]);
      const copy = provider.open(copied, places);
      onTestFinished(() => copy.remove({ signal: testSignal(), report: () => undefined }));
      const failure = new Error("half-way");
      const failing = async (path: string) => {
        await writeFile(path, "half");
        throw failure;
      };
      await expect(copy.portable?.createWith(failing, recordedOperation())).rejects.toBe(failure);
      expect(await copy.power(recordedOperation())).toBe("absent");
      await copy.portable?.createWith((path) => writeFile(path, "whole"), recordedOperation());
      expect(await copy.power(recordedOperation())).toBe("stopped");
      const beginning = createReadStream(copy.portable?.disk ?? "", { end: 4 });
      expect(await text(beginning)).toBe("whole");
      const portsOf = async ({ endpoint }: typeof copy) => {
        const { sshPort, dockerPort } = await endpoint(recordedOperation());
        return [sshPort, dockerPort];
      };
      expect(new Set([...(await portsOf(copy)), ...(await portsOf(instance))]).size).toBe(4);
    });

    test("what can have snapshots keeps them by their labels", async () => {
      const { instance } = await created(await makeSubject());
      const { snapshots } = instance;
      if (snapshots === undefined) return;
      await snapshots.take("one", recordedOperation());
      await snapshots.take("two", recordedOperation());
      expect(await snapshots.list(recordedOperation())).toEqual(["one", "two"]);
      await expect(snapshots.take("one", recordedOperation())).rejects.toMatchObject({
        code: "INVALID_INPUT",
      });
      await snapshots.restore("one", recordedOperation(), async () => {});
      expect(await instance.power(recordedOperation())).toBe("stopped");
      await snapshots.remove("two", recordedOperation());
      expect(await snapshots.list(recordedOperation())).toEqual(["one"]);
      await expect(
        snapshots.restore("two", recordedOperation(), async () => {}),
      ).rejects.toMatchObject({
        code: "INVALID_INPUT",
      });
    });

    test.each([
      ["that is off", created],
      ["that runs", started],
    ])("an instance %s gets other sizes, and its disk only grows", async (_, make) => {
      const { provider, ...subject } = await makeSubject();
      const { instance, places } = await make({ provider, ...subject });
      if (instance.resizing === undefined) return;
      const { sizes } = instance.resizing;
      const wanted = { cpuCount: sizes.cpuCount + 1, diskSizeMiB: sizes.diskSizeMiB + 128 };
      const record = await instance.resizing.resize(wanted, recordedOperation());
      const resized = provider.open(record, places);
      expect(resized.resizing?.sizes).toEqual({ ...sizes, ...wanted });
      const smaller = { diskSizeMiB: sizes.diskSizeMiB };
      await expect(resized.resizing?.resize(smaller, recordedOperation())).rejects.toMatchObject({
        code: "INVALID_INPUT",
      });
      await resized.stop("power-off", recordedOperation());
      await resized.start(recordedOperation());
      expect(await resized.power(recordedOperation())).toBe("running");
    });

    test("folders of this host are the guest's from the next start on", async () => {
      const { provider, ...subject } = await makeSubject();
      const { instance, places } = await started({ provider, ...subject });
      if (instance.sharing === undefined) return;
      expect(instance.sharing.folders).toEqual([]);
      const folder = { path: places.directory, mountPoint: "/mine", isReadOnly: true };
      const record = await instance.sharing.share([folder], recordedOperation());
      const changed = provider.open(record, places);
      expect(changed.sharing?.folders).toEqual([folder]);
      expect(changed.guest?.folders).toEqual([
        expect.objectContaining({ mountPoint: "/mine", isReadOnly: true }),
      ]);
      await changed.stop("power-off", recordedOperation());
      await changed.start(recordedOperation());
      expect(await changed.power(recordedOperation())).toBe("running");
    });

    test("powering off has ended the instance on return, and may be repeated", async () => {
      const { instance } = await started(await makeSubject());
      await instance.stop("power-off", recordedOperation());
      expect(await instance.power(recordedOperation())).toBe("stopped");
      await instance.stop("power-off", recordedOperation());
    });

    test("an instance that is ended from outside is stopped, and starts again", async () => {
      const subject = await makeSubject();
      const machine = await started(subject);
      const { instance } = machine;
      await subject.pullThePlug(machine);
      expect(await instance.power(recordedOperation())).toBe("stopped");
      await instance.start(recordedOperation());
      expect(await instance.power(recordedOperation())).toBe("running");
    });

    test("an instance that is deleted from outside is absent and cannot be started", async () => {
      const subject = await makeSubject();
      const machine = await created(subject);
      const { instance } = machine;
      await subject.destroy(machine);
      expect(await instance.power(recordedOperation())).toBe("absent");
      await expect(instance.start(recordedOperation())).rejects.toMatchObject({
        code: "INSTANCE_MISSING",
      });
      await instance.remove(recordedOperation());
    });

    test("removing a running instance leaves nothing, and removing again succeeds", async () => {
      const { instance, places } = await started(await makeSubject());
      await instance.remove(recordedOperation());
      expect(await instance.power(recordedOperation())).toBe("absent");
      expect(await readdir(places.directory)).toEqual([]);
      await instance.remove(recordedOperation());
    });

    test("an aborted start throws the reason and leaves nothing running", async () => {
      const { instance } = await created(await makeSubject());
      const reason = new Error("the user pressed Ctrl-C");
      const signal = AbortSignal.abort(reason);
      await expect(instance.start({ ...recordedOperation(), signal })).rejects.toBe(reason);
      expect(await instance.power(recordedOperation())).toBe("stopped");
    });
  });
}
