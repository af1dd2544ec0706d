import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { type Command, Option } from "commander";
import type { GlobalOptions, ProcessParts, TlsPaths } from "../cli.ts";
import { isSwitchedOn } from "./flag-value.ts";

/** Adds the flags that go before a command's name. */
export function addGlobalOptions(program: Command): Command {
  return program
    .option("-D, --debug", "show details and stacks (env: MACHINE_DEBUG)")
    .option(
      "-s, --storage-path <PATH>",
      "folder of machines, certificates and cache (env: MACHINE_STORAGE_PATH)",
    )
    .option("-q, --quiet", "do not show progress")
    .option("--native-ssh", "use the SSH client inside tsmachine (env: MACHINE_NATIVE_SSH)")
    .option("--tls-ca-cert <FILE>", "authority for new machines (env: MACHINE_TLS_CA_CERT)")
    .option("--tls-ca-key <FILE>", "the authority's key (env: MACHINE_TLS_CA_KEY)")
    .option(
      "--tls-client-cert <FILE>",
      "clients' certificate for new machines (env: MACHINE_TLS_CLIENT_CERT)",
    )
    .option("--tls-client-key <FILE>", "the clients' key (env: MACHINE_TLS_CLIENT_KEY)")
    .addOption(unused("--github-api-token <TOKEN>"))
    .addOption(unused("--bugsnag-api-token <TOKEN>"));
}

/** The flags, else the variables. An empty path is none: it would mean the current folder. */
export function readGlobalOptions(
  program: Command,
  { environment }: Pick<ProcessParts, "environment">,
): GlobalOptions {
  const flags = program.opts<GivenFlags>();
  const root =
    flags.storagePath ||
    environment.MACHINE_STORAGE_PATH ||
    environment.TSMACHINE_STORAGE_PATH ||
    join(homedir(), ".tsmachine");
  return {
    storagePath: resolve(root),
    debug: flags.debug === true || isSwitchedOn(environment.MACHINE_DEBUG),
    quiet: flags.quiet === true,
    nativeSsh: flags.nativeSsh === true || isSwitchedOn(environment.MACHINE_NATIVE_SSH),
    tlsPaths: tlsPathsFrom(flags, environment),
  };
}

interface GivenFlags {
  readonly storagePath?: string;
  readonly debug?: boolean;
  readonly quiet?: boolean;
  readonly nativeSsh?: boolean;
  readonly tlsCaCert?: string;
  readonly tlsCaKey?: string;
  readonly tlsClientCert?: string;
  readonly tlsClientKey?: string;
}

function tlsPathsFrom(flags: GivenFlags, environment: ProcessParts["environment"]): TlsPaths {
  const given = {
    ca: flags.tlsCaCert || environment.MACHINE_TLS_CA_CERT,
    caKey: flags.tlsCaKey || environment.MACHINE_TLS_CA_KEY,
    certificate: flags.tlsClientCert || environment.MACHINE_TLS_CLIENT_CERT,
    key: flags.tlsClientKey || environment.MACHINE_TLS_CLIENT_KEY,
  };
  const absolute = (path: string | undefined) => (path ? resolve(path) : "");
  return {
    ca: absolute(given.ca),
    caKey: absolute(given.caKey),
    certificate: absolute(given.certificate),
    key: absolute(given.key),
  };
}

/** docker-machine's flags for what tsmachine never does: asking GitHub and reporting crashes. */
function unused(flags: string): Option {
  return new Option(flags, "accepted and not used").hideHelp();
}
