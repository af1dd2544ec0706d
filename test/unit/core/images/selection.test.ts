import { describe, expect, test } from "vitest";
import { inFlavour, type KernelSelection } from "../../../../src/core/images/selection.ts";

function kernelInFlavour(kernel: KernelSelection, flavour: "cloud" | "full"): KernelSelection {
  const selection = { architecture: "amd64", kernel, engine: { kind: "default" } } as const;
  return inFlavour(selection, flavour).kernel;
}

describe("for machines that need the full flavour", () => {
  test.each<{ readonly given: KernelSelection; readonly meant: KernelSelection }>([
    { given: { kind: "default" }, meant: { kind: "default", flavour: "full" } },
    { given: { kind: "choice", text: "6.1" }, meant: { kind: "choice", text: "6.1-full" } },
    { given: { kind: "choice", text: "6.1-cloud" }, meant: { kind: "choice", text: "6.1-cloud" } },
    {
      given: { kind: "choice", text: "6.12.107+deb13-amd64" },
      meant: { kind: "choice", text: "6.12.107+deb13-amd64" },
    },
    {
      given: { kind: "packages", paths: ["a.deb"] },
      meant: { kind: "packages", paths: ["a.deb"] },
    },
  ])("$given means $meant", ({ given, meant }) => {
    expect(kernelInFlavour(given, "full")).toEqual(meant);
  });
});

test("for others a selection stays as it is", () => {
  expect(kernelInFlavour({ kind: "default" }, "cloud")).toEqual({ kind: "default" });
});
