export interface Variable {
  readonly name: string;
  readonly value: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

export interface DockerVariablesOptions {
  readonly machineName: string;
  /** The engine's URL: tcp://ADDRESS:PORT. */
  readonly endpointUrl: string;
  /** The folder with ca.pem, cert.pem and key.pem. */
  readonly certPath: string;
  readonly platform: NodeJS.Platform;
  /** Given: the machine's address is also exempted from the proxy, whatever is already exempted. */
  readonly noProxy?: { readonly environment: Environment; readonly address: string };
}

/** What a docker client needs to reach the machine, in the order docker-machine prints it. */
export function dockerVariables(options: DockerVariablesOptions): Variable[] {
  const { machineName, endpointUrl, certPath, platform, noProxy } = options;
  const variables: Variable[] = [
    { name: "DOCKER_TLS_VERIFY", value: "1" },
    { name: "DOCKER_HOST", value: endpointUrl },
    { name: "DOCKER_CERT_PATH", value: certPath },
    { name: "DOCKER_MACHINE_NAME", value: machineName },
  ];
  if (platform === "win32") {
    variables.push({ name: "COMPOSE_CONVERT_WINDOWS_PATHS", value: "true" });
  }
  if (noProxy !== undefined) variables.push(exempt(noProxy.address, noProxy.environment));
  return variables;
}

/** The names that `env --unset` clears; with `noProxyIn`, also the proxy exemptions set there. */
export function dockerVariableNames(options: {
  readonly platform: NodeJS.Platform;
  readonly noProxyIn?: Environment;
}): string[] {
  const names = ["DOCKER_TLS_VERIFY", "DOCKER_HOST", "DOCKER_CERT_PATH", "DOCKER_MACHINE_NAME"];
  if (options.platform === "win32") names.push("COMPOSE_CONVERT_WINDOWS_PATHS");
  if (options.noProxyIn !== undefined) names.push(noProxyNameIn(options.noProxyIn));
  return names;
}

function exempt(address: string, environment: Environment): Variable {
  const name = noProxyNameIn(environment);
  const exempted = environment[name] ?? "";
  if (exempted === "") return { name, value: address };
  const isExempted = exempted.split(",").some((entry) => entry.trim() === address);
  return { name, value: isExempted ? exempted : `${exempted},${address}` };
}

function noProxyNameIn(environment: Environment): "no_proxy" | "NO_PROXY" {
  return environment.no_proxy ? "no_proxy" : "NO_PROXY";
}
