import { expect, test } from "vitest";
import { withOwnUser } from "../../../../src/providers/virtualbox/webservice/own-settings.ts";
import type { VirtualBoxWorld } from "../../../../src/providers/virtualbox/world.ts";

/** VBoxManage with settings of its own, in which each call that begins like this fails. */
function settingsThat(failing: { readonly call: string | undefined }) {
  const notes = new Map<string, string>();
  let library = "VBoxAuth";
  const call = async ([program = "", ...words]: readonly string[]) => {
    const [first = "", key = "", value] = words;
    if (failing.call === [program, ...words].join(" ")) throw new Error("VBoxSVC has ended");
    if (program === "setproperty") library = key === "default" ? "VBoxAuth" : key;
    else if (program === "list") return `Webservice auth. library:        ${library}\n`;
    else if (program === "setextradata" && value === undefined) notes.delete(key);
    else if (program === "setextradata") notes.set(key, value ?? "");
    else if (first === "global") {
      return [...notes].map(([name, text]) => `Key: ${name}, Value: ${text}\n`).join("");
    }
    return "";
  };
  return { call: () => call, left: () => ({ notes: [...notes.keys()], library }) };
}

const credentials = { user: "tsmachine-1", password: "secret" };
const settings = (call: ReturnType<typeof settingsThat>["call"]) => ({
  call,
  world: { patience: 1 } as VirtualBoxWorld,
  signal: new AbortController().signal,
});

test("VirtualBox's settings are as before once the service was logged on at", async () => {
  const { call, left } = settingsThat({ call: undefined });
  const undone: string[] = [];
  const action = async () => {
    expect(left().library).toBe("VBoxAuthSimple");
    return "service";
  };
  const undo = async (result: string) => void undone.push(result);
  expect(await withOwnUser(credentials, settings(call), { action, undo })).toBe("service");
  expect({ ...left(), undone }).toEqual({ notes: [], library: "VBoxAuth", undone: [] });
});

test("a service is ended whose settings could not be restored, which the next one does", async () => {
  const failing: { call: string | undefined } = { call: undefined };
  const { call, left } = settingsThat(failing);
  const undone: string[] = [];
  const action = async () => {
    failing.call = "setproperty websrvauthlibrary default";
    return "service";
  };
  const undo = async (result: string) => void undone.push(result);
  const begun = withOwnUser(credentials, settings(call), { action, undo });
  await expect(begun).rejects.toThrow("VBoxSVC has ended");
  expect(undone).toEqual(["service"]);
  failing.call = undefined;
  await withOwnUser(credentials, settings(call), { action: async () => "", undo });
  expect(left()).toEqual({ notes: [], library: "VBoxAuth" });
});
