import type { Client } from "../soap/connection.ts";

/** Whether the server has what came with that version of VirtualBox. */
export async function hasApiOf(
  { virtualBox }: Pick<Client, "virtualBox">,
  [sinceMajor, sinceMinor]: readonly [number, number],
): Promise<boolean> {
  // Such as "7_2".
  const [major = 0, minor = 0] = (await virtualBox.getAPIVersion()).split("_").map(Number);
  return major > sinceMajor || (major === sinceMajor && minor >= sinceMinor);
}
