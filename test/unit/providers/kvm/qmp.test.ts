import { mkdir, readdir } from "node:fs/promises";
import { createServer, type Socket } from "node:net";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import * as z from "zod";
import type { QmpEvent } from "../../../../src/providers/kvm/qmp/messages.ts";
import { withQmp } from "../../../../src/providers/kvm/qmp/qmp.ts";
import { listenOnLoopback } from "../../../support/network/listen.ts";
import { temporaryDirectory } from "../../../support/temporary-directory.ts";

const greeting = { QMP: { version: {}, capabilities: [] } };
const commandSchema = z.object({ execute: z.string(), id: z.number(), arguments: z.unknown() });
type Command = z.infer<typeof commandSchema>;

const limits = { timeoutMs: 5_000, signal: new AbortController().signal };

/** A QEMU that greets, and answers each command with the lines that `answer` gives. */
async function fakeServer(
  answer: (command: Command) => readonly unknown[],
  { greets = [greeting] }: { greets?: readonly unknown[] } = {},
) {
  const send = (socket: Socket, messages: readonly unknown[]) => {
    for (const message of messages) socket.write(`${JSON.stringify(message)}\r\n`);
  };
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    send(socket, greets);
    socket.on("data", (bytes) => {
      const command = commandSchema.parse(JSON.parse(bytes.toString("utf8")));
      if (command.execute === "hang-up") socket.destroy();
      else send(socket, answer(command));
    });
  });
  onTestFinished(() => void server.close());
  const port = await listenOnLoopback(server);
  return { kind: "loopback", port } as const;
}

const succeed = ({ id }: Command) => [{ return: {}, id }];

describe("a command", () => {
  test("gets what QEMU returns, with its arguments passed on", async () => {
    const address = await fakeServer((command) => [{ return: command.arguments, id: command.id }]);
    const value = await withQmp(address, limits, (qmp) => qmp.execute("echo", { text: "hi" }));
    expect(value).toEqual({ text: "hi" });
  });

  test("is answered past events and strangers' answers, and the events are told", async () => {
    const address = await fakeServer(({ id, execute }) => [
      { event: "RESUME", timestamp: {} },
      { return: "somebody else's", id: id + 100 },
      { return: execute, id },
    ]);
    const events: QmpEvent[] = [];
    const value = await withQmp(
      address,
      { ...limits, onEvent: (event) => events.push(event) },
      (qmp) => qmp.execute("query-status"),
    );
    expect(value).toBe("query-status");
    expect(events).toEqual([{ event: "RESUME" }, { event: "RESUME" }]);
  });

  test("that QEMU refuses throws its words", async () => {
    const address = await fakeServer(({ id, execute }) =>
      execute === "qmp_capabilities"
        ? [{ return: {}, id }]
        : [{ error: { class: "GenericError", desc: "no such device" }, id }],
    );
    await expect(withQmp(address, limits, (qmp) => qmp.execute("eject"))).rejects.toMatchObject({
      code: "QMP_FAILED",
      message: "QEMU refused eject: no such device",
      context: { class: "GenericError" },
    });
  });

  test("to a QEMU that hangs up is unreachable", async () => {
    const address = await fakeServer(succeed);
    await expect(withQmp(address, limits, (qmp) => qmp.execute("hang-up"))).rejects.toMatchObject({
      code: "QMP_UNREACHABLE",
    });
  });

  test("to a QEMU that is silent ends at the limit", async () => {
    const address = await fakeServer(() => []);
    await expect(
      withQmp(address, { ...limits, timeoutMs: 50 }, (qmp) => qmp.execute("stop")),
    ).rejects.toMatchObject({ code: "TIMEOUT" });
  });

  test("ends with the signal's reason when that is aborted", async () => {
    const address = await fakeServer(() => []);
    const controller = new AbortController();
    const reason = new Error("the user pressed Ctrl-C");
    const answer = withQmp(address, { ...limits, signal: controller.signal }, (qmp) =>
      qmp.execute("stop"),
    );
    const refused = expect(answer).rejects.toBe(reason);
    controller.abort(reason);
    await refused;
  });
});

describe("connecting", () => {
  test("to what does not greet as QMP fails", async () => {
    const address = await fakeServer(succeed, { greets: [{ return: {}, id: 1 }] });
    await expect(withQmp(address, limits, async () => 1)).rejects.toMatchObject({
      code: "QMP_FAILED",
    });
  });

  test("to a socket nobody made is unreachable", async () => {
    const temporary = await temporaryDirectory();
    const path = join(temporary, "qmp.sock");
    await expect(
      withQmp({ kind: "unix", path, temporaryDirectory: temporary }, limits, async () => 1),
    ).rejects.toMatchObject({ code: "QMP_UNREACHABLE" });
  });

  test("to a path that is too long for the system fails at that path, and leaves no link", async () => {
    const temporary = await temporaryDirectory();
    const folder = join(temporary, "long".repeat(40));
    await mkdir(folder);
    const before = await readdir(temporary);
    const address = {
      kind: "unix",
      path: join(folder, "qmp.sock"),
      temporaryDirectory: temporary,
    } as const;
    await expect(withQmp(address, limits, async () => 1)).rejects.toMatchObject({
      code: "QMP_UNREACHABLE",
    });
    expect(await readdir(temporary)).toEqual(before);
  });
});
