// The kernel's .config: https://docs.kernel.org/kbuild/kconfig.html
import { TsmachineError } from "../../../errors/tsmachine-error.ts";

export interface KernelConfig {
  /** Of the kernel that was configured: "6.12"; undefined when the text does not say. */
  readonly series: string | undefined;
  /** Values by option, without CONFIG_: "y", "m", a number, or a text in quotes. Unset ones are not there. */
  readonly options: ReadonlyMap<string, string>;
}

/**
 * Reads the text of a .config, /boot/config-RELEASE or /proc/config.
 * @param name what holds the text, for messages
 * @throws TsmachineError INVALID_INPUT when it has no option at all.
 */
export function parseKernelConfig(text: string, name: string): KernelConfig {
  const options = new Map<string, string>();
  for (const line of text.split("\n")) {
    const [, option, value] = /^CONFIG_(\w+)=(.+?)\r?$/.exec(line) ?? [];
    if (option !== undefined && value !== undefined && value !== "n") options.set(option, value);
  }
  if (options.size > 0) return { series: seriesOf(text), options };
  throw new TsmachineError("INVALID_INPUT", `${name} is not the configuration of a kernel`, {
    hints: ["give a file such as /boot/config-$(uname -r), /proc/config.gz or .config"],
  });
}

/** From the comment at the top: "# Linux/x86 6.12.107 Kernel Configuration". */
function seriesOf(text: string): string | undefined {
  return /^# Linux\/\S+ (\d+\.\d+)\S* Kernel Configuration$/m.exec(text)?.[1];
}
