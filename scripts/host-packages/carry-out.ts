import { stdin, stdout } from "node:process";
import { confirm } from "../../src/cli/prompts.ts";
import { manualCommand } from "./apt.ts";
import { install } from "./install.ts";
import type { Plan } from "./plan.ts";

export type Outcome =
  | { readonly kind: "done" }
  /** `remedy` is an imperative sentence with the exact command. */
  | { readonly kind: "left"; readonly remedy: string };

/** @param purpose what the packages are for: "machines need QEMU". */
export async function carryOut(plan: Plan, purpose: string, signal: AbortSignal): Promise<Outcome> {
  switch (plan.kind) {
    case "nothing":
      return { kind: "done" };
    case "leave":
      return { kind: "left", remedy: plan.remedy };
    case "install": {
      const { installation, as } = plan;
      const remedy = `run \`${manualCommand(installation)}\``;
      const what = installation.packages.join(" ");
      if (
        as === "sudo" &&
        !(await isAgreed(`${purpose}: install ${what} with sudo?`, remedy, signal))
      ) {
        return { kind: "left", remedy };
      }
      stdout.write(`==> Installing ${what}\n`);
      return (await install(installation, as)) ? { kind: "done" } : { kind: "left", remedy };
    }
  }
}

function isAgreed(question: string, remedy: string, signal: AbortSignal): Promise<boolean> {
  return confirm(question, { input: stdin, output: stdout, signal, remedy });
}
