import { realpath, stat } from "node:fs/promises";
import * as z from "zod";
import { parseJson } from "../../bytes/parse-json.ts";
import { isSystemError } from "../../errors/system-error.ts";
import { TsmachineError } from "../../errors/tsmachine-error.ts";
import {
  makePrivateDirectory,
  readTextIfPresent,
  writeFileAtomic,
} from "../../host/files/files.ts";
import { configPath } from "./context-layout.ts";

const configSchema = z.looseObject({ currentContext: z.string().exactOptional() });

/**
 * The context that docker's CLI uses when neither a flag nor a variable names one; undefined for its
 * own.
 * @throws TsmachineError CONFIG_INVALID when its settings are no JSON.
 */
export async function readCurrentContext(dockerConfig: string): Promise<string | undefined> {
  return (await readConfig(dockerConfig)).currentContext;
}

/**
 * Does what `docker context use` does; all other settings stay.
 * @param name undefined for docker's own context
 * @throws TsmachineError CONFIG_INVALID
 */
export async function useContext(dockerConfig: string, name: string | undefined): Promise<void> {
  const { currentContext, ...others } = await readConfig(dockerConfig);
  if (currentContext === name) return;
  const config = name === undefined ? others : { ...others, currentContext: name };
  await makePrivateDirectory(dockerConfig);
  const { path, mode } = await standingFile(configPath(dockerConfig));
  // Tabs, as docker's CLI writes it.
  await writeFileAtomic(path, JSON.stringify(config, undefined, "\t"), { mode });
}

/** Where the file really is, as settings are often links into a folder of dotfiles; and its mode. */
async function standingFile(path: string): Promise<{ path: string; mode: number }> {
  try {
    const real = await realpath(path);
    return { path: real, mode: (await stat(real)).mode & 0o777 };
  } catch (error) {
    if (isSystemError(error, "ENOENT")) return { path, mode: 0o600 };
    throw error;
  }
}

async function readConfig(dockerConfig: string): Promise<z.infer<typeof configSchema>> {
  const path = configPath(dockerConfig);
  const text = await readTextIfPresent(path);
  if (text === undefined || text.trim() === "") return {};
  const parsed = configSchema.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  throw new TsmachineError("CONFIG_INVALID", `${path} is not what docker's CLI writes`, {
    hints: [`correct ${path}, or delete it to begin anew with \`docker login\``],
  });
}
