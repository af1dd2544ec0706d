import { expect, test } from "vitest";
import { copyIntoGuest } from "../../../../src/matrix/run/guest.ts";
import { sessionWorld } from "../../../support/network/session-world.ts";

const { open } = await sessionWorld();
const copies = [{ from: import.meta.filename, to: "/home/docker/file" }];

test("a guest that takes no files in time is given up, and what it was to do is named", async () => {
  const { session } = await open();
  const { signal } = new AbortController();
  const copying = copyIntoGuest(session, copies, { machine: "m", timeoutMs: 300, signal });
  await expect(copying).rejects.toMatchObject({
    code: "TIMEOUT",
    message: expect.stringMatching(/^copying the workload's files into machine "m"/),
  });
});

test("a connection that breaks is told as that, and not as a mistake in what was to be copied", async () => {
  const { session, cutConnections } = await open();
  const { signal } = new AbortController();
  const copying = copyIntoGuest(session, copies, { machine: "m", signal });
  // Answered after what the copy has asked for before.
  await session.files("m");
  cutConnections();
  await expect(copying).rejects.toMatchObject({ code: "SSH_CONNECTION_LOST" });
});

test("an abort ends the copying", async () => {
  const { session } = await open();
  const controller = new AbortController();
  const reason = new Error("interrupted");
  const copying = copyIntoGuest(session, copies, { machine: "m", signal: controller.signal });
  controller.abort(reason);
  await expect(copying).rejects.toBe(reason);
});

test("nothing is asked of a guest that is to be given nothing", async () => {
  const { session } = await open();
  const signal = AbortSignal.abort();
  await copyIntoGuest(session, [], { machine: "m", signal });
});
