import { type AuthorityFolder, authorityFilesIn } from "../host/files/authority-files.ts";
import { caFileOf, type HttpClientSources } from "./open-http-client.ts";

/**
 * Files with authorities that this host trusts besides those that everybody does: its administrator's, and
 * those that this program was told to trust.
 */
export async function hostAuthorityFiles(
  { environment, config }: HttpClientSources,
  folders: readonly AuthorityFolder[],
): Promise<string[]> {
  const { NODE_EXTRA_CA_CERTS: extra } = environment;
  const told = [...(extra ? [extra] : []), caFileOf({ environment, config })?.path ?? ""];
  return [...(await authorityFilesIn(folders)), ...told.filter((path) => path !== "")];
}
