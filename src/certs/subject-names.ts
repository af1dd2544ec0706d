import { isIP, isIPv6, SocketAddress } from "node:net";
import { TsmachineError } from "../errors/tsmachine-error.ts";

/** An entry of the subjectAltName extension (RFC 5280, section 4.2.1.6) in canonical form. */
export interface SubjectName {
  readonly type: "dns" | "ip";
  readonly value: string;
}

/**
 * The names a machine's server certificate carries, canonical and each once: those by which
 * this host always reaches it, the machine's own name and address, and what the user added.
 * @throws TsmachineError INVALID_INPUT for what is neither an IP address nor a DNS name.
 */
export function serverSubjectNames(machine: {
  readonly name: string;
  /** Empty while it is not known. */
  readonly address: string;
  readonly tlsSans: readonly string[];
}): string[] {
  const address = machine.address === "" ? [] : [machine.address];
  const names = ["127.0.0.1", "::1", "localhost", machine.name, ...address];
  return [...new Set([...names, ...machine.tlsSans].map((name) => parseSubjectName(name).value))];
}

/**
 * Tells IP addresses and DNS names apart: IPv6 in its shortest form (RFC 5952), DNS in lower
 * case. A DNS name may begin with "*." and may hold underscores, which real host names do.
 * @throws TsmachineError INVALID_INPUT
 */
export function parseSubjectName(name: string): SubjectName {
  if (isIPv6(name) && !name.includes("%")) {
    return { type: "ip", value: new SocketAddress({ address: name, family: "ipv6" }).address };
  }
  if (isIP(name) === 4) return { type: "ip", value: name };
  if (isDnsName(name)) return { type: "dns", value: name.toLowerCase() };
  throw new TsmachineError(
    "INVALID_INPUT",
    `"${name}" is neither an IP address nor a DNS name, so no certificate can carry it`,
    {
      hints: [
        'give names such as "docker.example", "*.docker.example", "192.0.2.7" or "2001:db8::7"',
      ],
    },
  );
}

function isDnsName(name: string): boolean {
  const isMistypedAddress = /^\d+(\.\d+){3}$/.test(name);
  const labels = name.replace(/^\*\./, "").split(".");
  return name.length <= 253 && !isMistypedAddress && labels.every(isDnsLabel);
}

function isDnsLabel(label: string): boolean {
  return /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/i.test(label);
}
