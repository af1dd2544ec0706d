/** What a boot loader is to start. */
export interface KernelBoot {
  /** Path of the kernel in the ISO's tree. */
  readonly kernel: string;
  /** Path of the initramfs in the ISO's tree. */
  readonly initramfs: string;
  readonly commandLine: string;
}
