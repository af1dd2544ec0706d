import { TsmachineError } from "../../errors/tsmachine-error.ts";
import { type SettingOfFlag, settingOfFlag } from "./dockerd-flags.ts";

/**
 * The settings of daemon.json that these `--engine-opt` give; they have the names of settings or of
 * dockerd's flags ("log-opts", "log-opt"). "log-level=debug" is text; "debug" alone is true; true,
 * false, numbers and JSON lists and objects are what they look like. A setting that takes a list or
 * a map may be given once for each element, as dockerd's own flags are.
 * @throws TsmachineError INVALID_INPUT
 */
export function engineSettings(flags: readonly string[]): Record<string, unknown> {
  const settings: Record<string, unknown> = {};
  for (const flag of flags) {
    const { name, text } = splitFlag(flag);
    const known = settingOfFlag(name);
    const setting = known?.setting ?? name;
    if (reserved.has(setting)) {
      throw invalidSetting(flag, "the machine itself says where its engine listens and for whom");
    }
    settings[setting] =
      known === undefined
        ? parseValue(name, text, flag)
        : add(settings[setting], elementOf(known, text ?? "", flag));
  }
  return settings;
}

/** The parts of an option: "log-level=debug" has the name "log-level" and the text "debug". */
export function splitFlag(flag: string): {
  readonly name: string;
  readonly text: string | undefined;
} {
  const [, name, text] = /^-{0,2}([a-z][a-z0-9-]*)(?:=(.*))?$/s.exec(flag) ?? [];
  if (name === undefined) throw invalidSetting(flag, "it is not of the form key=value");
  return { name, text };
}

/** How the engine is reached and watched over, which the guest and the clients rely on. */
const reserved: ReadonlySet<string> = new Set([
  "containerd",
  "host",
  "hosts",
  "pidfile",
  "tls",
  "tlscacert",
  "tlscert",
  "tlskey",
  "tlsverify",
]);

/** Settings that dockerd wants as text, whatever they look like. */
const textSettings: ReadonlySet<string> = new Set(["default-shm-size", "group", "userns-remap"]);

function parseValue(name: string, text: string | undefined, flag: string): unknown {
  if (text === undefined) return true;
  if (textSettings.has(name)) return text;
  return /^(true|false|0|[1-9]\d{0,14}|\[.*\]|\{.*\})$/s.test(text) ? parseJson(text, flag) : text;
}

type Element = readonly unknown[] | Readonly<Record<string, unknown>>;

function add(former: unknown, element: Element): unknown {
  if (Array.isArray(element)) return [...(Array.isArray(former) ? former : []), ...element];
  return { ...(typeof former === "object" ? former : {}), ...element };
}

/** What one flag adds to its list or map. */
function elementOf({ form }: SettingOfFlag, text: string, flag: string): Element {
  if (/^[[{]/.test(text)) return parseElements(form, text, flag);
  switch (form) {
    case "list":
      return [text];
    case "map": {
      const [key, value] = splitPair(text, flag);
      return { [key]: value };
    }
    case "runtimes": {
      const [key, path] = splitPair(text, flag);
      return { [key]: { path } };
    }
    case "ulimits":
      return ulimitOf(text, flag);
    case "pools":
      return [poolOf(text, flag)];
  }
}

function parseElements(form: SettingOfFlag["form"], text: string, flag: string): Element {
  const value = parseJson(text, flag);
  const isList = form === "list" || form === "pools";
  if (isList && Array.isArray(value)) return value;
  if (!isList && typeof value === "object" && value !== null) return { ...value };
  throw invalidSetting(flag, `its value is no JSON ${isList ? "list" : "object"}`);
}

/** "nofile=1024:2048"; without the second number the hard limit is the soft one. */
function ulimitOf(text: string, flag: string): Element {
  const [, name, soft, hard = soft] = /^([a-z]+)=(-?\d+)(?::(-?\d+))?$/.exec(text) ?? [];
  if (name === undefined) throw invalidSetting(flag, "it is not of the form NAME=SOFT:HARD");
  return { [name]: { Name: name, Soft: Number(soft), Hard: Number(hard) } };
}

function poolOf(text: string, flag: string): Element {
  const [, base, size] = /^base=([^,]+),size=(\d+)$/.exec(text) ?? [];
  if (base === undefined) throw invalidSetting(flag, "it is not of the form base=SUBNET,size=BITS");
  return { base, size: Number(size) };
}

function splitPair(text: string, flag: string): [key: string, value: string] {
  const [, key, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (key !== undefined && value !== undefined) return [key, value];
  throw invalidSetting(flag, "its value is not of the form NAME=VALUE");
}

function parseJson(text: string, flag: string): unknown {
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
