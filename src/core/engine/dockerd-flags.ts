/**
 * dockerd's flags whose setting in daemon.json has another name or form. docker-machine handed
 * `--engine-opt` to dockerd as flags, so that both are understood.
 * https://docs.docker.com/reference/cli/dockerd/
 */
export interface SettingOfFlag {
  readonly setting: string;
  readonly form: "list" | "map" | "ulimits" | "runtimes" | "pools";
}

/** How this flag is written in daemon.json; undefined when it is a setting of that name with one value. */
export function settingOfFlag(flag: string): SettingOfFlag | undefined {
  const form = forms.get(flag);
  if (form !== undefined) return { setting: flag, form };
  const setting = settingsByFlag.get(flag);
  return setting === undefined ? undefined : { setting, form: forms.get(setting) ?? "list" };
}

/** By setting: those that are no single value. */
const forms: ReadonlyMap<string, SettingOfFlag["form"]> = new Map(
  Object.entries({
    "allow-nondistributable-artifacts": "list",
    "authorization-plugins": "list",
    "cdi-spec-dirs": "list",
    "default-address-pools": "pools",
    "default-ulimits": "ulimits",
    dns: "list",
    "dns-opts": "list",
    "dns-search": "list",
    "exec-opts": "list",
    "insecure-registries": "list",
    labels: "list",
    "log-opts": "map",
    "node-generic-resources": "list",
    "registry-mirrors": "list",
    runtimes: "runtimes",
    "storage-opts": "list",
  }),
);

const settingsByFlag: ReadonlyMap<string, string> = new Map(
  Object.entries({
    "add-runtime": "runtimes",
    "authorization-plugin": "authorization-plugins",
    "cdi-spec-dir": "cdi-spec-dirs",
    "default-address-pool": "default-address-pools",
    "default-ulimit": "default-ulimits",
    "dns-opt": "dns-opts",
    "exec-opt": "exec-opts",
    "insecure-registry": "insecure-registries",
    label: "labels",
    "log-opt": "log-opts",
    "node-generic-resource": "node-generic-resources",
    "registry-mirror": "registry-mirrors",
    "storage-opt": "storage-opts",
  }),
);
