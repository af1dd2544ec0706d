import type { Control } from "./control.ts";
import { openVBoxManageControl } from "./vboxmanage/control.ts";
import { requireVBoxManage } from "./vboxmanage/require-vboxmanage.ts";
import type { VirtualBoxWorld } from "./world.ts";

/** A way to VirtualBox, open for one operation. */
export interface Transport {
  /** VirtualBox, whose calls end when the signal is aborted. */
  control(signal: AbortSignal): Control;
  /** Ends what was begun to open it. */
  close(): Promise<void>;
}

/**
 * The way that the record names: VBoxManage unless it has a web service.
 * @throws TsmachineError PROGRAM_MISSING, INVALID_INPUT, VIRTUALBOX_FAILED
 */
export async function openTransport(
  webservice: string | null,
  world: VirtualBoxWorld,
  signal: AbortSignal,
): Promise<Transport> {
  if (webservice !== null) {
    // Loaded here, because it takes seconds and few use it.
    const { openWebService } = await import("./webservice/open.ts");
    return openWebService(webservice, world, signal);
  }
  const program = await requireVBoxManage(world);
  return {
    control: (limit) => openVBoxManageControl(program, world, limit),
    close: async () => {},
  };
}
