import { isIP, isIPv4 } from "node:net";
import * as z from "zod";
import { parseJson } from "../../bytes/parse-json.ts";
import { TsmachineError } from "../../errors/tsmachine-error.ts";
import type { Forward } from "../../providers/provider.ts";

/** A port that a container which runs has published. */
export interface PublishedPort {
  /** The container's name. */
  readonly container: string;
  readonly containerPort: number;
  /** Where it is to be reached, and the port of the guest that leads to the container. */
  readonly forward: Forward;
  /** Why this host is not to lead there; `forward` then names the guest's own address. */
  readonly problem?: string;
}

/** The address of this host that published ports are bound to unless docker or `create` was told one. */
export const defaultPublishAddress = "127.0.0.1";

/** @throws TsmachineError INVALID_INPUT for what is no IPv4 address */
export function parsePublishAddress(text: string): string {
  if (isIP(text) === 4) return text;
  throw new TsmachineError("INVALID_INPUT", `--publish-address: "${text}" is no IPv4 address`, {
    hints: ["give an address of this host, or 0.0.0.0 for all of them"],
  });
}

/** https://docs.docker.com/reference/api/engine/version/v1.41/#tag/Container/operation/ContainerList */
const containersSchema = z.array(
  z.object({
    Id: z.string(),
    Names: z.array(z.string()).nullish(),
    State: z.string(),
    Ports: z
      .array(
        z.object({
          IP: z.string().optional(),
          PrivatePort: z.number(),
          PublicPort: z.number().optional(),
          Type: z.string(),
        }),
      )
      .nullish(),
  }),
);

/**
 * What the engine's list of containers publishes, each address of this host once: for all addresses
 * docker names that of IPv4 and that of IPv6. Ports of SCTP, which cannot be forwarded, are left out; those at another address of
 * the guest have a problem.
 * @throws TsmachineError ENGINE_UNREACHABLE when it is no such list
 */
export function parsePublishedPorts(
  answer: string,
  publishAddress: string,
): readonly PublishedPort[] {
  const result = containersSchema.safeParse(parseJson(answer));
  if (!result.success) {
    throw new TsmachineError(
      "ENGINE_UNREACHABLE",
      "what the engine says is no list of containers",
      {
        cause: result.error,
      },
    );
  }
  const found = result.data
    .filter(({ State }) => State === "running" || State === "paused")
    .flatMap(({ Id, Names, Ports }) => {
      const container = Names?.[0]?.replace(/^\//, "") ?? Id.slice(0, 12);
      return (Ports ?? []).flatMap(({ IP = "", PrivatePort, PublicPort, Type }) => {
        if (PublicPort === undefined || (Type !== "tcp" && Type !== "udp")) return [];
        const hostAddress = hostAddressFor(IP, publishAddress);
        if (hostAddress === undefined && isIP(IP) === 0) return [];
        const forward: Forward = {
          protocol: Type,
          ...{ hostAddress: hostAddress ?? IP, hostPort: PublicPort, guestPort: PublicPort },
          guestSide: IP.startsWith("127.") ? "loopback" : "all",
        };
        const port = { container, containerPort: PrivatePort, forward };
        return hostAddress === undefined ? { ...port, problem: insideOnly(IP) } : port;
      });
    });
  return [...new Map(found.map((port) => [keyOf(port.forward), port])).values()];
}

/**
 * Where a port is bound on this host. The guest's engine says what it likes, and a machine may be somebody else's: it opens nothing
 * to others than users of this host but at the address that this host's user gave.
 */
function hostAddressFor(address: string, publishAddress: string): string | undefined {
  if (allAddresses.has(address) || address === publishAddress) return publishAddress;
  return isIPv4(address) && address.startsWith("127.") ? address : undefined;
}

export function insideOnly(address: string): string {
  return `${address} is an address inside the machine; publish the port without an address`;
}

const allAddresses: ReadonlySet<string> = new Set(["", "0.0.0.0", "::"]);

/** What no two forwards of an instance have in common: "tcp 127.0.0.1 8080". */
export function keyOf({ protocol, hostAddress, hostPort }: Forward): string {
  return `${protocol} ${hostAddress} ${hostPort}`;
}
