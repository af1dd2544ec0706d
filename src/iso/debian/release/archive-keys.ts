import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** The armored public keys (*.asc) of a folder, in the order of their names. */
export async function readArchiveKeys(directory: string): Promise<readonly string[]> {
  const names = (await readdir(directory)).filter((name) => name.endsWith(".asc")).sort();
  if (names.length === 0) throw new Error(`${directory} holds no archive key`);
  return Promise.all(names.map((name) => readFile(join(directory, name), "utf8")));
}
