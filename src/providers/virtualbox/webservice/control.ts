import * as z from "zod";
import type { Control, Forward } from "../control.ts";
import type { Client } from "../soap/connection.ts";
import { withLockedMachine } from "../soap/locked.ts";
import { adapterCommands } from "./adapters.ts";
import { configureMachine, moveToAdapter } from "./hardware.ts";
import { mediaCommands } from "./media.ts";
import { powerCommands } from "./power.ts";
import { readMachine } from "./read-machine.ts";
import { registration } from "./registration.ts";
import { snapshotCommands } from "./snapshots.ts";

/** VirtualBox through its web service: docs/adr/0020-vboxmanage-and-the-web-service.md. */
export function openWebServiceControl(client: Client): Control {
  const { virtualBox } = client;
  return {
    ...registration(client),
    ...mediaCommands(client),
    ...powerCommands(client),
    ...snapshotCommands(client),
    ...adapterCommands(client),
    version: async () => /^\d+\.\d+\.\d+/.exec(await virtualBox.getVersion())?.[0] ?? "unknown",
    readMachine: (uuid) => readMachine(client, uuid),
    configureMachine: (uuid, hardware) => configureMachine(client, uuid, hardware),
    moveToAdapter: (uuid, adapter) => moveToAdapter(client, uuid, adapter),
    setForwards: (uuid, before, after) => setForwards(client, uuid, before, after),
    readNotes: () => readNotes(client),
    writeNote: async (key, value) => {
      // An empty value takes it away.
      await virtualBox.setExtraData(key, value ?? "");
    },
  };
}

function setForwards(
  client: Client,
  uuid: string,
  before: readonly Forward[],
  after: readonly Forward[],
): Promise<void> {
  return withLockedMachine(client, uuid, "Write", async ({ machine }) => {
    const nat = await (await machine.getNetworkAdapter(0)).getNATEngine();
    for (const { name } of before) await nat.removeRedirect(name);
    for (const { name, hostPort, guestPort } of after) {
      await nat.addRedirect(name, "TCP", "127.0.0.1", hostPort, "", guestPort);
    }
    await machine.saveSettings();
  });
}

async function readNotes({ virtualBox }: Client): Promise<ReadonlyMap<string, string>> {
  const keys =
    z
      .array(z.string())
      .nullish()
      .parse(await virtualBox.getExtraDataKeys()) ?? [];
  const notes = new Map<string, string>();
  for (const key of keys) {
    notes.set(
      key,
      z
        .string()
        .nullish()
        .parse(await virtualBox.getExtraData(key)) ?? "",
    );
  }
  return notes;
}
