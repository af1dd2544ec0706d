// A QEMU without a guest: takes QEMU's command line, answers on its control socket, and has an engine
// on the forwarded port at once. For tests of all that is around the guest.
import { once } from "node:events";
import { rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { createInterface } from "node:readline";
import * as z from "zod";
import { startFakeEngine } from "../network/fake-engine.ts";

const words = process.argv.slice(2);
const after = (flag: string) => words[words.indexOf(flag) + 1] ?? "";
const pidFile = after("-pidfile");
const socket = /^unix:([^,]+)/.exec(after("-qmp"))?.[1] ?? "";
const port = Number(/127\.0\.0\.1:(\d+)-:2376/.exec(after("-netdev"))?.[1]);

const commandSchema = z.object({ execute: z.string(), id: z.number() });

const control = createServer((client) => {
  const say = (message: unknown) => client.write(`${JSON.stringify(message)}\r\n`);
  client.on("error", () => {});
  say({
    QMP: { version: { qemu: { major: 10, minor: 0, micro: 2 }, package: "" }, capabilities: [] },
  });
  const lines = createInterface(client);
  // A client that is killed resets the connection, which readline makes an error of its own.
  lines.on("error", () => {});
  lines.on("line", (line) => {
    const { execute, id } = commandSchema.parse(JSON.parse(line));
    say({ return: execute === "query-status" ? { status: "running", running: true } : {}, id });
    if (execute === "quit" || execute === "system_powerdown") end();
  });
});

function end(): void {
  rmSync(socket, { force: true });
  rmSync(pidFile, { force: true });
  setImmediate(() => process.exit(0));
}

process.on("SIGTERM", end);
writeFileSync(pidFile, `${process.pid}\n`);
rmSync(socket, { force: true });
control.listen(socket);
await once(control, "listening");
await startFakeEngine({ port, directory: process.cwd(), manner: "serving" });
