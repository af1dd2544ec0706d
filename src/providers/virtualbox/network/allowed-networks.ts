// VirtualBox manual, section "Host-Only Networking": the file networks.conf of Linux, macOS and Solaris.
import { TsmachineError } from "../../../errors/tsmachine-error.ts";
import { readTextIfPresent } from "../../../host/files/files.ts";
import type { VirtualBoxWorld } from "../world.ts";
import { contains, formatCidr, type Network, parseCidr } from "./cidr.ts";

/** What VirtualBox lets anybody use unless the file says otherwise. */
export const allowedByDefault: Network = { address: "192.168.56.0", prefixLength: 21 };

/** Ranges of IPv4 that the file names: lines that begin with "*", ranges apart by blanks. */
export function parseNetworksFile(text: string): readonly Network[] {
  return text
    .split(/\r?\n/)
    .filter((line) => /^\s*\*\s/.test(line))
    .flatMap((line) => line.trim().slice(1).trim().split(/\s+/))
    .flatMap((word) => parseCidr(word) ?? []);
}

/**
 * Refuses what VirtualBox itself would refuse only when the adapter is made. Root may use any network,
 * and so may everybody on Windows.
 * @throws TsmachineError ADDRESS_UNAVAILABLE
 */
export async function requireAllowed(
  network: Network,
  { platform, isRoot, files }: Pick<VirtualBoxWorld, "platform" | "isRoot" | "files">,
): Promise<void> {
  if (platform === "win32" || isRoot) return;
  const text = await readTextIfPresent(files.networks);
  const allowed = text === undefined ? [allowedByDefault] : parseNetworksFile(text);
  if (allowed.some((one) => contains(one, network))) return;
  throw new TsmachineError(
    "ADDRESS_UNAVAILABLE",
    `VirtualBox does not allow host-only networks in ${formatCidr(network)}; allowed: ${allowed.map(formatCidr).join(", ") || "none"}`,
    {
      hints: [
        `add the line \`* ${formatCidr(network)}\` to ${files.networks} and close VirtualBox, or give another network with --virtualbox-hostonly-cidr`,
      ],
    },
  );
}
