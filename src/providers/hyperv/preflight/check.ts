import { TsmachineError } from "../../../errors/tsmachine-error.ts";
import type { Health } from "../../provider.ts";
import { ask, type Tools } from "../powershell/ask.ts";
import { detect } from "../scripts/detect.ts";
import { diagnoseHyperV } from "./diagnose.ts";

/** Looks at Windows, at Hyper-V, and at what this user may do. */
export async function checkHost(tools: Tools): Promise<Health> {
  if (tools.world.platform !== "win32") {
    return {
      state: "unsupported",
      problem: "Hyper-V is a part of Windows",
      hint: "choose another provider, such as `--driver kvm` or `--driver virtualbox`",
    };
  }
  try {
    return diagnoseHyperV(await ask(detect, {}, tools));
  } catch (error) {
    if (!(error instanceof TsmachineError) || tools.signal.aborted) throw error;
    const [hint = "install Windows PowerShell 5.1"] = error.hints;
    return { state: "degraded", problem: error.message, hint };
  }
}
