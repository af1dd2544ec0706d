/** What the guest has at these places it needs. */
const guestPlaces = [
  ...["/bin", "/boot", "/dev", "/etc", "/lib", "/lib64", "/mnt/data", "/proc", "/root", "/run"],
  ...["/sbin", "/sys", "/usr", "/var/lib", "/var/log", "/var/run", "/home/docker"],
];

/**
 * Why the guest cannot have a folder of this host there, for a sentence that begins with that folder; undefined when it
 * can.
 * @param place in the guest, without "." and ".."
 */
export function problemOfPlace(place: string): string | undefined {
  if (!place.startsWith("/")) return `names no absolute path of the guest: ${place}`;
  if (/\p{Cc}/u.test(place)) return "has a control character in the guest's path";
  const isTaken =
    ["/", "/home", "/mnt", "/tmp", "/var"].includes(place) ||
    guestPlaces.some((one) => place === one || place.startsWith(`${one}/`));
  return isTaken ? `would hide ${place} of the guest` : undefined;
}
