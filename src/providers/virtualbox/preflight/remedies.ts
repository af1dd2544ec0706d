import { readTextIfPresent } from "../../../host/files/files.ts";
import type { VirtualBoxWorld } from "../world.ts";

/** How to install VirtualBox here: one imperative sentence. */
export async function installRemedy({
  platform,
  files,
}: Pick<VirtualBoxWorld, "platform" | "files">): Promise<string> {
  switch (platform) {
    case "darwin":
      return "install VirtualBox with `brew install --cask virtualbox`";
    case "win32":
      return "install VirtualBox with `winget install --exact --id Oracle.VirtualBox`";
    default:
      return linuxRemedy((await readTextIfPresent(files.osRelease)) ?? "");
  }
}

function linuxRemedy(osRelease: string): string {
  if (/^ID(_LIKE)?=.*\bubuntu\b/m.test(osRelease)) {
    return "install VirtualBox with `sudo apt-get install virtualbox`";
  }
  if (/^ID(_LIKE)?=.*\bdebian\b/m.test(osRelease)) {
    return "install VirtualBox from Oracle's repository for Debian, see https://www.virtualbox.org/wiki/Linux_Downloads";
  }
  if (/^ID(_LIKE)?=.*\barch\b/m.test(osRelease)) {
    return "install VirtualBox with `sudo pacman -S virtualbox`";
  }
  return "install VirtualBox as https://www.virtualbox.org/wiki/Linux_Downloads says";
}

/** What is wrong with a host, told by words that VirtualBox says of it. */
export interface Ailment {
  readonly words: RegExp;
  readonly problem: string;
  readonly hint: string;
}

const vboxconfig = "run `sudo /sbin/vboxconfig`, or `sudo dpkg-reconfigure virtualbox-dkms`";
const hyperV =
  "turn Hyper-V off with `bcdedit /set hypervisorlaunchtype off` as administrator and restart Windows, or use `--driver hyperv`";

/**
 * Words of VirtualBox's own messages: its status codes (include/iprt/err.h, include/VBox/err.h) and the
 * texts around them, from Linux, macOS and Windows. The first that fits is meant.
 */
export const ailments: readonly Ailment[] = [
  {
    words: /VERR_VM_DRIVER_VERSION_MISMATCH|\(rc=-1912\)|kernel module version mismatch/i,
    problem: "VirtualBox's kernel driver is of another version than VirtualBox",
    hint: `${vboxconfig}, then restart this host if it is still loaded`,
  },
  {
    words:
      /VERR_VM_DRIVER_NOT_INSTALLED|\(rc=-1908\)|vboxdrv (kernel )?module is not loaded|\/dev\/vboxdrv does not exist|Kernel driver not installed/i,
    problem: "VirtualBox's kernel driver is not loaded",
    hint: `${vboxconfig}; where Secure Boot is on, sign the driver or turn it off; on macOS allow Oracle's software under Privacy & Security`,
  },
  {
    words: /VERR_VM_DRIVER_NOT_ACCESSIBLE|\(rc=-1909\)/i,
    problem: "this user may not use VirtualBox's kernel driver",
    hint: "run `sudo usermod -aG vboxusers $USER`, then log out and in again",
  },
  {
    // Not VERR_NEM_NOT_AVAILABLE, which says that Hyper-V does not run: what follows it is the cause.
    words:
      /VERR_SUPDRV_NO_RAW_MODE_HYPER_V_ROOT|courtesy of Hyper-V|WHv\w+ failed|VERR_NEM_(VM_CREATE_FAILED|MISSING_KERNEL_API|INIT_FAILED)/i,
    problem: "Hyper-V runs on this host and VirtualBox cannot work beside it",
    hint: hyperV,
  },
  {
    words: /VERR_VMX_MSR_(ALL_)?VMX_DISABLED|VERR_SVM_DISABLED|is disabled in the BIOS/i,
    problem: "the processor's virtualization is turned off",
    hint: "turn on VT-x or AMD-V in this host's firmware set-up",
  },
  {
    words: /VERR_VMX_IN_VMX_ROOT_MODE|VERR_SVM_IN_USE|being used by another hypervisor/i,
    problem: "another hypervisor uses the processor's virtualization",
    hint: "stop its machines, or unload it with `sudo modprobe -r kvm_intel kvm_amd`; since Linux 6.12 `kvm.enable_virt_at_load=0` on the kernel's command line keeps it away",
  },
  {
    words: /VERR_VMX_NO_VMX|VERR_SVM_NO_SVM|VT-x is not available|AMD-V is not available/i,
    problem: "this host's processor shows no virtualization (VT-x or AMD-V)",
    hint: "turn on VT-x or AMD-V in the firmware set-up, or nested virtualization where this host is itself a virtual machine",
  },
  {
    words: /VERR_SUPLIB_|VERR_SUPDRV_HARDENING/i,
    problem: "VirtualBox refuses its own files, which others than root could change",
    hint: "install VirtualBox anew; its folder and those above must belong to root and be writable by nobody else",
  },
  {
    words: /VERR_NO_TRANSLATION/i,
    problem: "VirtualBox understands ASCII alone, for its locale is not of UTF-8",
    hint: "see that this host has the locale that VirtualBox is run in (C.UTF-8; en_US.UTF-8 on macOS): `locale -a` lists them; or name files and machines in ASCII",
  },
  {
    words: /VERR_NO_MEMORY|VERR_NO_LOW_MEMORY|not enough (free )?memory/i,
    problem: "this host has too little free memory for the machine",
    hint: "close other programs, or create the machine with less: `--virtualbox-memory 1024`",
  },
  {
    words: /VERR_DISK_FULL|No space left|VINF_VM_.*NOSPACE|DevATA_DISKFULL/i,
    problem: "this host's disk is full",
    hint: "free space on the disk that holds the machine",
  },
  {
    words: /VERR_INTNET_FLT_\w+|VERR_SUPDRV_COMPONENT_NOT_FOUND/i,
    problem: "VirtualBox cannot reach the host-only adapter: its network driver is not loaded",
    hint: `run \`sudo modprobe -a vboxnetflt vboxnetadp\`, or ${vboxconfig}; on Windows install VirtualBox anew, with its networking`,
  },
  {
    words: /\/dev\/vboxnetctl|VBoxNetAdpCtl/i,
    problem: "VirtualBox cannot make a host-only adapter: its network driver is not loaded",
    hint: `run \`sudo modprobe vboxnetadp\`, or ${vboxconfig}; or go without one: \`--virtualbox-network nat\``,
  },
];

/** The first ailment that these words tell of. */
export function diagnose(text: string): Ailment | undefined {
  return ailments.find(({ words }) => words.test(text));
}
