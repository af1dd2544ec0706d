import { arch } from "node:os";
import { TsmachineError } from "../errors/tsmachine-error.ts";
import type { Architecture } from "../host/architecture.ts";

/** @throws TsmachineError HOST_UNSUPPORTED */
export function hostArchitecture(): Architecture {
  switch (arch()) {
    case "x64":
      return "amd64";
    case "arm64":
      return "arm64";
    default:
      throw new TsmachineError(
        "HOST_UNSUPPORTED",
        `no images can be made for processor ${arch()}`,
        {
          hints: ["use a host with an x86-64 or 64-bit ARM processor"],
        },
      );
  }
}
