import * as z from "zod";
import { TsmachineError } from "../errors/tsmachine-error.ts";
import { readTextIfPresent } from "../host/files/files.ts";
import { parseJsonFile } from "./json-file.ts";

/** What the user may set once for all commands; fields this program does not know are left alone. */
const configSchema = z.looseObject({
  /** Root of a Debian mirror, such as "http://mirror.example/debian" or "file:///srv/debian". */
  mirror: z.url({ protocol: /^(https?|file)$/ }).exactOptional(),
  /** Path of a PEM file with certificate authorities to trust besides Node's own. */
  caFile: z.string().min(1).exactOptional(),
  /** False: machines are not registered as contexts of docker's CLI. */
  dockerContexts: z.boolean().exactOptional(),
  /** False: engines do not get the proxy variables that this host has when they start. */
  passProxies: z.boolean().exactOptional(),
  /** False: engines do not get the authorities that this host trusts besides the usual ones. */
  passAuthorities: z.boolean().exactOptional(),
  /** False: guests do not get the names of this host's hosts file. */
  passHostNames: z.boolean().exactOptional(),
});
export type Config = z.infer<typeof configSchema>;

/** The settings in the file; none when there is no such file. @throws TsmachineError CONFIG_INVALID */
export async function readConfig(path: string): Promise<Config> {
  const text = await readTextIfPresent(path);
  if (text === undefined) return {};
  return parseJsonFile(
    text,
    configSchema,
    (problem) =>
      new TsmachineError("CONFIG_INVALID", `${path} is not readable: ${problem}`, {
        hints: [`correct ${path}, or delete it to go without settings`],
      }),
  );
}
