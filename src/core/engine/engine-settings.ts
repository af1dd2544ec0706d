import { TsmachineError } from "../../errors/tsmachine-error.ts";

/**
 * The settings of daemon.json that these `--engine-opt` give. "log-level=debug" is text; "debug"
 * alone is true; true, false, numbers and JSON lists and objects are what they look like. A setting
 * that takes a list may be given once for each element, as dockerd's own flags are.
 * @throws TsmachineError INVALID_INPUT
 */
export function engineSettings(flags: readonly string[]): Record<string, unknown> {
  const settings: Record<string, unknown> = {};
  for (const flag of flags) {
    const [key, value] = parseFlag(flag);
    const former = settings[key];
    settings[key] = listSettings.has(key)
      ? [...(Array.isArray(former) ? former : []), ...(Array.isArray(value) ? value : [value])]
      : value;
  }
  return settings;
}

/** Settings whose value dockerd wants as a list of texts. */
const listSettings: ReadonlySet<string> = new Set([
  "allow-nondistributable-artifacts",
  "authorization-plugins",
  "cdi-spec-dirs",
  "dns",
  "dns-opts",
  "dns-search",
  "exec-opts",
  "insecure-registries",
  "labels",
  "node-generic-resources",
  "registry-mirrors",
  "storage-opts",
]);

function parseFlag(flag: string): [key: string, value: unknown] {
  const [, key, value] = /^-{0,2}([a-z][a-z0-9-]*)(?:=(.*))?$/s.exec(flag) ?? [];
  if (key === undefined) {
    throw invalidSetting(flag, "it is not of the form key=value");
  }
  return [key, value === undefined ? true : parseValue(value, flag)];
}

function parseValue(text: string, flag: string): unknown {
  if (!/^(true|false|0|[1-9]\d{0,14}|\[.*\]|\{.*\})$/s.test(text)) return text;
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw invalidSetting(flag, "its value is not JSON", cause);
  }
}

function invalidSetting(flag: string, problem: string, cause?: unknown): TsmachineError {
  return new TsmachineError("INVALID_INPUT", `engine option "${flag}" is refused: ${problem}`, {
    hints: ["give it as in `--engine-opt log-level=debug`"],
    cause,
  });
}
