import type { Control } from "../control.ts";
import { virtualBoxFailed } from "../failure.ts";
import { memoryMs } from "../patience.ts";
import type { Console } from "../soap/api.ts";
import type { Client } from "../soap/connection.ts";
import { withLockedMachine, withSession } from "../soap/locked.ts";
import { completed } from "../soap/progress.ts";

export type PowerCommands = Pick<
  Control,
  "launch" | "pressPowerButton" | "powerOff" | "resume" | "saveState" | "discardState"
>;

export function powerCommands(client: Client): PowerCommands {
  const withConsole = (uuid: string, action: (console: Console) => Promise<unknown>) =>
    withLockedMachine(client, uuid, "Shared", async ({ session, machine }) => {
      const console = await session.getConsole();
      // In VBoxManage's words, by which stop.ts knows it.
      if (console === null) throw notRunning(await machine.getName());
      await action(console);
    });
  return {
    launch: async (uuid, frontEnd, limitMs) => {
      const machine = await client.virtualBox.findMachine(uuid);
      // The session has the lock from here on.
      let begun: Awaited<ReturnType<typeof machine.launchVMProcess>> | undefined;
      await withSession(
        client,
        async (session) => {
          begun = await machine.launchVMProcess(session, frontEnd, []);
        },
        async () => completed(begun ?? null, "starting the machine", client, limitMs),
      );
    },
    pressPowerButton: (uuid) => withConsole(uuid, (console) => console.powerButton()),
    powerOff: (uuid) =>
      withConsole(uuid, async (console) =>
        completed(await console.powerDown(), "powering the machine off", client),
      ),
    resume: (uuid) => withConsole(uuid, (console) => console.resume()),
    saveState: (uuid) =>
      withLockedMachine(client, uuid, "Shared", async ({ session, machine }) => {
        if ((await session.getConsole()) === null) throw notRunning(await machine.getName());
        const progress = await machine.saveState();
        await completed(progress, "saving the machine's state", client, memoryMs);
      }),
    discardState: (uuid) =>
      withLockedMachine(client, uuid, "Write", async ({ machine }) => {
        await machine.discardSavedState(true);
      }),
  };
}

function notRunning(name: string): Error {
  const message = `Machine '${name}' is not currently running.`;
  return virtualBoxFailed({ message, code: undefined }, ["ISession_getConsole"]);
}
