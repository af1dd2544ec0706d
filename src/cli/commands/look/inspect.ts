import { join } from "node:path";
import { Command } from "commander";
import { defaultInstallUrl } from "../../../core/engine/daemon-configuration.ts";
import { readStatus } from "../../../core/machine/look.ts";
import { type OpenMachine, openMachine } from "../../../core/machine/open-machine.ts";
import type { StoreLayout } from "../../../store/layout.ts";
import { machineFilesIn } from "../../../store/layout.ts";
import type { CommandFactory } from "../../cli.ts";
import { printJson } from "../../output/output.ts";
import { defaultName } from "../names.ts";

export const inspectCommand: CommandFactory = (cli) =>
  new Command()
    .description("Print all that is known of a machine, as JSON.")
    .argument("[name]", "the machine", defaultName)
    .option("--json", "print JSON, which it does anyway")
    .action((name: string) =>
      cli.withContext(
        async (context) => {
          const machine = await openMachine(context, name);
          const { status, problem = "" } = await readStatus(context, machine);
          printJson(cli.output, {
            ...describeForDockerMachine(machine, context.store.layout),
            Status: status,
            Problem: problem,
            Record: machine.record,
            Files: machine.instance.files,
          });
        },
        { progress: "silent" },
      ),
    );

/** The fields that scripts know from docker-machine's configuration, version 3. */
function describeForDockerMachine({ record }: OpenMachine, layout: StoreLayout) {
  const files = machineFilesIn(join(layout.machines, record.name));
  const { engine } = record;
  return {
    ConfigVersion: 3,
    Driver: {
      IPAddress: record.endpoint?.address ?? "",
      MachineName: record.name,
      SSHUser: "docker",
      SSHPort: record.endpoint?.sshPort ?? 0,
      SSHKeyPath: files.sshKey,
      StorePath: layout.root,
    },
    DriverName: record.provider.id,
    HostOptions: {
      EngineOptions: {
        ArbitraryFlags: engine?.arbitraryFlags ?? [],
        Env: Object.entries(engine?.environment ?? {}).map(([name, value]) => `${name}=${value}`),
        InsecureRegistry: engine?.insecureRegistries ?? [],
        InstallURL: engine?.installUrl ?? defaultInstallUrl,
        Labels: engine?.labels ?? [],
        RegistryMirror: engine?.registryMirrors ?? [],
        StorageDriver: engine?.storageDriver ?? "",
        TLSVerify: true,
      },
      AuthOptions: {
        CertDir: layout.certs,
        CaCertPath: join(layout.certs, "ca.pem"),
        CaPrivateKeyPath: join(layout.certs, "ca-key.pem"),
        ClientCertPath: join(layout.certs, "cert.pem"),
        ClientKeyPath: join(layout.certs, "key.pem"),
        ServerCertPath: files.serverCertificate,
        ServerKeyPath: files.serverKey,
        ServerCertSANs: record.tlsSans,
        StorePath: files.directory,
      },
    },
    Name: record.name,
  };
}
