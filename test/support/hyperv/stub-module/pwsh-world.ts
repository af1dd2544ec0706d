import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { env } from "node:process";
import * as z from "zod";
import { run } from "../../../../src/host/processes/run.ts";
import { type Shell, shellArguments } from "../../../../src/providers/hyperv/powershell/shell.ts";
import { defaultSwitchId } from "../../../../src/providers/hyperv/scripts/switches.ts";
import type { HyperVWorld } from "../../../../src/providers/hyperv/world.ts";
import type { Cmdlets } from "../cmdlets/cmdlet.ts";
import { simulatedWorld } from "../hyperv-world.ts";
import { cmdletsToStub } from "./cmdlets-of-scripts.ts";
import { manifestText, moduleText, worldVariable } from "./module-text.ts";

const driveSchema = z.looseObject({ ControllerLocation: z.number(), Path: z.string() });
const machineSchema = z.looseObject({
  Name: z.string(),
  Notes: z.string(),
  State: z.string(),
  Adapters: z.array(z.looseObject({ MacAddress: z.string(), IPAddresses: z.array(z.string()) })),
  HardDrives: z.array(driveSchema),
  DvdDrives: z.array(driveSchema),
});

/** What simulator.ps1 keeps between two scripts. */
const hostSchema = z.object({
  machines: z.array(machineSchema),
  switches: z.array(z.object({ Id: z.string(), Name: z.string(), SwitchType: z.string() })),
  neighbours: z.array(
    z.object({ LinkLayerAddress: z.string(), IPAddress: z.string(), State: z.string() }),
  ),
  /** Whether Hyper-V's management service answers. */
  isServed: z.boolean(),
  starts: z.number(),
  checkpoints: z.number(),
});
type SimulatedHost = z.infer<typeof hostSchema>;

export interface PwshWorld extends HyperVWorld {
  readHost(): Promise<SimulatedHost>;
  /** Changes Hyper-V behind the provider's back, while no script runs. */
  changeHost(change: (host: SimulatedHost) => void): Promise<void>;
}

/** A Windows host in the folder, whose scripts are run by PowerShell with the stub module. */
export async function createPwshWorld(folder: string, cmdlets: Cmdlets): Promise<PwshWorld> {
  const stubbed = await cmdletsToStub(cmdlets);
  const modules = join(folder, "modules");
  await mkdir(join(modules, "Hyper-V"), { recursive: true });
  await writeFile(join(modules, "Hyper-V", "Hyper-V.psm1"), await moduleText(stubbed));
  await writeFile(join(modules, "Hyper-V", "Hyper-V.psd1"), manifestText(stubbed));
  const path = join(folder, "hyperv.json");
  const readHost = async () => hostSchema.parse(JSON.parse(await readFile(path, "utf8")));
  const writeHost = async (host: SimulatedHost) => {
    await writeFile(`${path}.new`, JSON.stringify(host));
    await rename(`${path}.new`, path);
  };
  await writeHost({
    machines: [],
    switches: [{ Id: defaultSwitchId, Name: "Standardswitch", SwitchType: "Internal" }],
    ...{ neighbours: [], isServed: true, starts: 0, checkpoints: 0 },
  });
  const environment = {
    ...env,
    PSModulePath: modules,
    PSModuleAnalysisCachePath: join(folder, "analysis-cache"),
    POWERSHELL_TELEMETRY_OPTOUT: "1",
    POWERSHELL_UPDATECHECK: "Off",
    [worldVariable]: path,
  };
  const shell: Shell = (text, { signal, timeoutMs }) =>
    run("pwsh", shellArguments(text), {
      ...{ signal, timeoutMs, environment, input: "", acceptExitCodes: "all" },
    });
  return {
    ...simulatedWorld({ shell }),
    readHost,
    async changeHost(change) {
      const host = await readHost();
      change(host);
      await writeHost(host);
    },
  };
}
