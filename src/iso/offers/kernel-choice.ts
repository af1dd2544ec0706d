import { TsmachineError } from "../../errors/tsmachine-error.ts";
import type { KernelOffer } from "./kernel-offers.ts";
import type { Offers } from "./list-offers.ts";

/** Which of the kernels that are offered is wanted. */
export interface KernelChoice {
  /** As it was written, for messages. */
  readonly text: string;
  /** A series ("6.12"), a version ("6.12.107", "6.12.107-1") or a release ("6.12.107+deb13-cloud-amd64"). */
  readonly name: string;
  /** Undefined for a release, which says it itself. */
  readonly flavour: KernelOffer["flavour"] | undefined;
}

/**
 * Reads "6.12", "6.12-cloud", "6.12-full", "6.12.107", "6.12.107-1", "7.3-rc7" or what `uname -r` prints.
 * Without a flavour, cloud is meant.
 * @throws TsmachineError INVALID_INPUT
 */
export function parseKernelChoice(text: string): KernelChoice {
  const trimmed = text.trim();
  if (/^\d\S*-(amd64|arm64)$/.test(trimmed)) return { text, name: trimmed, flavour: undefined };
  const [, name, flavour] = /^(\d+\.\d+[0-9A-Za-z.+~-]*?)(?:-(cloud|full))?$/.exec(trimmed) ?? [];
  if (name === undefined) {
    throw new TsmachineError("INVALID_INPUT", `"${text}" names no kernel`, {
      hints: ["give a series such as 6.12, with -cloud or -full, or a version such as 6.12.107"],
    });
  }
  const version = name.replace(/-rc(\d+)/, "~rc$1");
  return { text, name: version, flavour: flavour === "full" ? "full" : "cloud" };
}

/** Whether a choice as parseKernelChoice reads it says which flavour is meant. */
export function namesFlavour(text: string): boolean {
  return /-(cloud|full|amd64|arm64)$/.test(text.trim());
}

/**
 * The newest kernel of that choice; of two that are the same, the one whose suite is preferred.
 * @throws TsmachineError KERNEL_UNKNOWN, with the kernels that there are.
 */
export function selectKernel(
  { kernels, notes }: Pick<Offers, "kernels" | "notes">,
  choice: KernelChoice,
): KernelOffer {
  const found = kernels.find((offer) => isMeant(choice, offer));
  if (found !== undefined) return found;
  const leftOut = notes.map(({ suite }) => suite).join(", ");
  throw new TsmachineError("KERNEL_UNKNOWN", `no kernel "${choice.text}" is offered`, {
    hints: [
      `choose one of: ${namesOf(kernels, choice).join(", ")}`,
      ...(leftOut === ""
        ? []
        : [`see with \`tsmachine kernel ls\` why these suites were left out: ${leftOut}`]),
    ],
    context: { choice: choice.text, leftOut },
  });
}

function isMeant({ name, flavour }: KernelChoice, offer: KernelOffer): boolean {
  if (flavour === undefined) return offer.release === name;
  return (
    offer.flavour === flavour && [offer.series, offer.version, offer.packageVersion].includes(name)
  );
}

/** Versions of the series that was meant; where there is none, all series. */
function namesOf(kernels: readonly KernelOffer[], { name }: KernelChoice): readonly string[] {
  const [series] = /^\d+\.\d+/.exec(name) ?? [];
  const siblings = kernels.filter((offer) => offer.series === series);
  return siblings.length > 0
    ? unique(siblings.map(({ version, flavour }) => `${version}-${flavour}`))
    : unique(kernels.map((offer) => offer.series));
}

function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names)];
}
