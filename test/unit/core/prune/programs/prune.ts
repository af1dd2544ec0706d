import { argv, stdin, stdout } from "node:process";
import { pruneStore } from "../../../../../src/core/prune/prune-store.ts";
import { plainContext } from "../../../../support/worlds/plain-context.ts";

// Arguments: store, templates, packages. Prunes again and again, until its input has ended, and
// prints how much went each time.
const [, , store = "", templates = "", packages = ""] = argv;
const context = plainContext({ store, templates, packages });
const counts: number[] = [];
let isEnding = false;
stdin.resume().once("end", () => {
  isEnding = true;
});
do {
  const { garbage } = await pruneStore(context, { extent: "everything" });
  counts.push(garbage.length);
} while (!isEnding);
stdout.write(JSON.stringify(counts));
