// Shows a run of two cells on this process's terminal as the command does: one runs until Ctrl-C, the other has passed.
import { tmpdir } from "node:os";
import { withRunShown } from "../../../../src/cli/matrix-grid/with-run-shown.ts";
import type { Cell } from "../../../../src/matrix/definition/matrix.ts";
import { plainContext } from "../../../support/worlds/plain-context.ts";

const cancellation = new AbortController();
process.on("SIGINT", () => cancellation.abort(new Error("the user pressed Ctrl-C")));
const { signal } = cancellation;

const cellOf = (kernel: string): Cell => ({
  ...{ id: `${kernel}/26.1`, axes: { kernel, engine: "26.1" } },
  workload: {
    ...{ name: "smoke", load: [], copy: [], command: ["true"], runs: "host", directory: "/" },
    ...{ timeoutMs: 1000, kernelArguments: [], allowedSplats: [] },
  },
});
const [passes, runs] = [cellOf("6.1"), cellOf("6.12")];

const globals = {
  ...{ storagePath: "", debug: false, quiet: false, nativeSsh: false },
  tlsPaths: { ca: "", caKey: "", certificate: "", key: "" },
};
const cli = { output: process, environment: process.env, globals };
const folder = tmpdir();
const context = { ...plainContext({ store: folder, templates: folder, packages: folder }), signal };

try {
  await withRunShown(
    cli,
    { context, cells: [passes, runs] },
    async ({ context: { progress }, watch }) => {
      await progress.step("Images", async () => {});
      watch?.(passes, { kind: "ended", outcome: "pass" });
      watch?.(runs, { kind: "running" });
      // Nothing else keeps the process: the grid's timer does not.
      const busy = setInterval(() => {}, 1000);
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
      clearInterval(busy);
      throw signal.reason;
    },
  );
} catch (error) {
  if (error !== signal.reason) throw error;
  process.stderr.write("cancelled\n");
  process.exitCode = 130;
}
