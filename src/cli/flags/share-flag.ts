import { resolve } from "node:path";
import { orderShares, parseShare } from "../../core/sharing/parse-share.ts";
import type { SharedFolder } from "../../providers/provider.ts";

/** What `--share` and `share add` take. @throws TsmachineError INVALID_INPUT */
export function parseShares(
  given: readonly string[],
  { platform }: { readonly platform: NodeJS.Platform },
): SharedFolder[] {
  const workingDirectory = resolve();
  return orderShares(given.map((text) => parseShare(text, { platform, workingDirectory })));
}
