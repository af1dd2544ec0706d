import { TsmachineError } from "../errors/tsmachine-error.ts";

const maximumLength = 63;

/**
 * The name, when a machine can have it: it becomes a host name (RFC 1123, section 2.1), a
 * folder on any operating system, and a name in a certificate.
 * @throws TsmachineError NAME_INVALID
 */
export function parseMachineName(name: string): string {
  const hints = problemsOf(name);
  if (hints.length === 0) return name;
  throw new TsmachineError(
    "NAME_INVALID",
    "Invalid hostname specified. Allowed hostname chars are: 0-9a-zA-Z . -",
    { hints, context: { name } },
  );
}

export function isMachineName(name: string): boolean {
  return problemsOf(name).length === 0;
}

function problemsOf(name: string): string[] {
  if (name === "") return ["give the machine a name"];
  if (name.length > maximumLength) return [`choose a name of at most ${maximumLength} characters`];
  if (!name.split(".").every(isLabel)) {
    return ["begin and end the name, and each part between dots, with a letter or a digit"];
  }
  if (/^\d+(\.\d+){3}$/.test(name)) return ["choose a name that does not look like an address"];
  if (isWindowsDevice(name)) return [`choose another name than ${name}, a device on Windows`];
  return [];
}

function isLabel(label: string): boolean {
  return /^[0-9a-z]([0-9a-z-]*[0-9a-z])?$/i.test(label);
}

/** With any extension; see Naming Files, Paths, and Namespaces in the Windows documentation. */
function isWindowsDevice(name: string): boolean {
  return /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(name);
}
