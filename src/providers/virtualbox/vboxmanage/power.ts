import type { Control } from "../control.ts";
import { longMs, memoryMs } from "../patience.ts";
import type { VBoxManage } from "./call.ts";

export function powerCommands({ call }: VBoxManage) {
  const control = async (uuid: string, word: string, timeoutMs = longMs) => {
    await call(["controlvm", uuid, word], { timeoutMs });
  };
  return {
    launch: async (uuid, frontEnd, timeoutMs) => {
      const args = ["startvm", uuid, "--type", frontEnd];
      await call(args, { timeoutMs, hasOwnGroup: true });
    },
    pressPowerButton: (uuid) => control(uuid, "acpipowerbutton"),
    powerOff: (uuid) => control(uuid, "poweroff"),
    resume: (uuid) => control(uuid, "resume"),
    saveState: (uuid) => control(uuid, "savestate", memoryMs),
    discardState: async (uuid) => {
      await call(["discardstate", uuid]);
    },
  } satisfies Partial<Control>;
}
