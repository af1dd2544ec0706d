import { TsmachineError } from "../../errors/tsmachine-error.ts";
import type { EngineOffer } from "./engine-offers.ts";
import type { Offers } from "./list-offers.ts";

/**
 * The newest engine of that series ("26.1"), version ("26.1.5") or package version; of two that are
 * the same, the one whose suite is preferred.
 * @throws TsmachineError ENGINE_UNKNOWN, with the engines that there are.
 */
export function selectEngine(
  { engines, notes }: Pick<Offers, "engines" | "notes">,
  choice: string,
): EngineOffer {
  const found = engines.find(({ series, version, packageVersion }) =>
    [series, version, packageVersion].includes(choice.trim()),
  );
  if (found !== undefined) return found;
  const versions = [...new Set(engines.map(({ version }) => version))].join(", ");
  const leftOut = notes.map(({ suite }) => suite).join(", ");
  throw new TsmachineError("ENGINE_UNKNOWN", `no engine "${choice}" is offered`, {
    hints: [
      `choose one of: ${versions}`,
      ...(leftOut === ""
        ? []
        : [`see with \`tsmachine engine ls\` why these suites were left out: ${leftOut}`]),
    ],
    context: { choice, leftOut },
  });
}
