import type { Files } from "./files.ts";
import type { Problems } from "./problems.ts";

/** What a user asks for: one path of each end. */
export interface CopyRequest {
  readonly from: Files;
  readonly fromPath: string;
  readonly to: Files;
  readonly toPath: string;
  /** Folders with all that is in them; they are problems otherwise. */
  readonly recursive: boolean;
}

export interface CopyItem {
  readonly type: "file" | "folder";
  readonly source: string;
  readonly target: string;
  readonly mode: number;
  /** In bytes; 0 for folders. */
  readonly size: number;
}

/** As in OpenSSH's scp; links that lead back to a folder above would have no end. */
const maxDepth = 64;

/**
 * Finds out what is to be copied where, as scp(1) has it: into the target when that is a folder, in
 * its place otherwise. Symbolic links stand for what they point at. Changes nothing.
 * @returns a folder comes before what is in it.
 */
export async function planCopy(
  request: CopyRequest,
  problems: Problems,
): Promise<readonly CopyItem[]> {
  const { from, fromPath, to } = request;
  const items: CopyItem[] = [];
  const sources = await problems.unlessRefused(from, fromPath, () => from.meant(fromPath));
  if (sources?.length === 0) problems.add(from, fromPath, "no such file or folder");
  const targets = await targetsFor(sources ?? [], request, problems);
  for (const [source, target] of targets) {
    if (from === to && source === target) problems.add(from, source, "is the target too");
    else await addTo(items, { ...request, problems, source, target, depth: 0 });
  }
  return items;
}

/** Pairs of source and target; none when the target cannot take them. */
async function targetsFor(
  sources: readonly string[],
  { from, to, toPath, recursive }: CopyRequest,
  problems: Problems,
): Promise<readonly (readonly [string, string])[]> {
  const found = await problems.unlessRefused(to, toPath, async () => ({
    status: await to.status(toPath),
  }));
  if (found === undefined) return [];
  if (found.status?.type === "folder") {
    return sources.map((source) => [source, to.join(toPath, from.baseName(source))]);
  }
  if (sources.length > 1 || (toPath.endsWith("/") && !recursive)) {
    problems.add(to, toPath, "no such folder");
    return [];
  }
  return sources.map((source) => [source, toPath]);
}

interface Branch extends Omit<CopyRequest, "fromPath" | "toPath"> {
  readonly problems: Problems;
  readonly source: string;
  readonly target: string;
  readonly depth: number;
}

async function addTo(items: CopyItem[], branch: Branch): Promise<void> {
  const { from, to, problems, source, target, recursive, depth } = branch;
  const found = await problems.unlessRefused(from, source, async () => ({
    status: await from.status(source),
  }));
  if (found === undefined) return;
  const { status } = found;
  if (status === undefined) return problems.add(from, source, "no such file or folder");
  const { type, mode, size } = status;
  if (type === "other") return problems.add(from, source, "is not a regular file");
  if (type === "file") {
    items.push({ type, source, target, mode, size });
    return;
  }
  if (!recursive) return problems.add(from, source, "is a folder, which needs -r");
  if (depth === maxDepth) return problems.add(from, source, `is ${maxDepth} folders deep`);
  items.push({ type, source, target, mode, size: 0 });
  const names = (await problems.unlessRefused(from, source, () => from.names(source))) ?? [];
  for (const name of names) {
    const [below, beside] = [from.join(source, name), to.join(target, name)];
    await addTo(items, { ...branch, source: below, target: beside, depth: depth + 1 });
  }
}
