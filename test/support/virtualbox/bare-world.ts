import { type VirtualBoxWorld, virtualBoxFiles } from "../../../src/providers/virtualbox/world.ts";

/** A host of which nothing is known but where its programs are: "" for nowhere. */
export function bareWorld(path = ""): VirtualBoxWorld {
  return {
    ...{ platform: "linux", architecture: "amd64", isRoot: false, home: "/", patience: 1 },
    ...{ environment: { PATH: path }, settingsFolder: "/", readInterfaces: () => [] },
    isUsedByOthers: async () => false,
    isAnswering: async () => false,
    files: virtualBoxFiles,
    readResources: async () => {
      throw new Error("nobody asks for them");
    },
  };
}
