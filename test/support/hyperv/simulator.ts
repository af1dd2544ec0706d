import { TsmachineError } from "../../../src/errors/tsmachine-error.ts";
import { envelopeEnd, envelopeStart } from "../../../src/providers/hyperv/powershell/envelope.ts";
import type { Shell } from "../../../src/providers/hyperv/powershell/shell.ts";
import { defaultSwitchId } from "../../../src/providers/hyperv/scripts/switches.ts";
import { decodeProgram } from "./decode-program.ts";
import { SimulatedFault, type SimulatedHost, simulatedScripts } from "./simulated-scripts.ts";

/** A Hyper-V that stands where PowerShell would, and may be told to go wrong. */
export interface Simulator extends SimulatedHost {
  readonly shell: Shell;
  /** Names of the scripts that were run, in order. */
  readonly calls: string[];
  /** The next run of this script throws in PowerShell and does nothing. */
  failNext(script: string, fault: SimulatedFault): void;
  /** The next run of this script never ends. */
  hangNext(script: string): void;
  /** What PowerShell prints around each reply. */
  noise: { readonly before: string; readonly after: string };
}

const soundFacts: SimulatedHost["facts"] = {
  hasModule: true,
  hypervisorRuns: true,
  virtualizationInFirmware: false,
  service: "Running",
  isAdministrator: false,
  isHyperVAdministrator: true,
  user: "S-1-5-21-1-2-3-1001",
  hasSwitch: true,
  edition: 48,
  productType: 1,
  version: "10.0.22631",
};

export function createSimulator({
  facts = {},
}: {
  readonly facts?: Partial<SimulatedHost["facts"]>;
} = {}): Simulator {
  const host: SimulatedHost = {
    facts: { ...soundFacts, ...facts },
    machines: new Map(),
    // As a German Windows names it.
    switches: [{ id: defaultSwitchId, name: "Standardswitch", type: "Internal" }],
    leases: 0,
  };
  const scripts = simulatedScripts(host);
  const failures = new Map<string, SimulatedFault>();
  const hanging = new Set<string>();
  const calls: string[] = [];

  const replyTo = async (text: string): Promise<object> => {
    const { script, request } = decodeProgram(text);
    const failure = failures.get(script);
    failures.delete(script);
    try {
      if (failure !== undefined) throw failure;
      const run = scripts.get(script);
      if (run === undefined) throw new Error(`the simulator does not know script ${script}`);
      return { ok: true, value: await run(request) };
    } catch (error) {
      if (!(error instanceof SimulatedFault)) throw error;
      const { message, id, category } = error;
      return { ok: false, message, id, category };
    }
  };

  const shell: Shell = async (text, { signal, timeoutMs }) => {
    signal.throwIfAborted();
    const { script } = decodeProgram(text);
    calls.push(script);
    if (hanging.delete(script)) {
      throw new TsmachineError("TIMEOUT", `powershell.exe did not end within ${timeoutMs} ms`);
    }
    const reply = escaped(JSON.stringify(await replyTo(text)));
    const { before, after } = simulator.noise;
    return {
      stdout: `${before}${envelopeStart}${reply}${envelopeEnd}\r\n${after}`,
      stderr: '#< CLIXML\r\n<Objs Version="1.1.0.1"></Objs>',
      exitCode: 0,
    };
  };

  const simulator: Simulator = Object.assign(host, {
    ...{ shell, calls, noise: { before: "", after: "" } },
    failNext: (script: string, fault: SimulatedFault) => void failures.set(script, fault),
    hangNext: (script: string) => void hanging.add(script),
  });
  return simulator;
}

/** As the scripts do it. */
function escaped(json: string): string {
  return json.replace(
    /[^\x20-\x7e]|[<>]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
