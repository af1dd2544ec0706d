import { describe, expect, test } from "vitest";
import { ailments, diagnose } from "../../../../src/providers/virtualbox/preflight/remedies.ts";
import { warningIn } from "../../../../src/providers/virtualbox/vboxmanage/call.ts";
import { recordedOutput } from "../../../support/providers/virtualbox-output.ts";

describe("what VirtualBox says of a host is told apart", () => {
  test.each([
    {
      said: warningIn(recordedOutput("nodriver-warning-list-vms.txt")) ?? "",
      problem: /driver is not loaded/,
      hint: /^run `sudo \/sbin\/vboxconfig`.*Secure Boot/,
    },
    {
      said: recordedOutput("nodriver-hostonlyif-create.stderr.txt"),
      problem: /network driver is not loaded/,
      hint: /^run `sudo modprobe vboxnetadp`.*--virtualbox-network nat/,
    },
    {
      said: "RTR3InitEx failed with rc=-1912 (rc=-1912)",
      problem: /of another version/,
      hint: /^run `sudo \/sbin\/vboxconfig`.*restart this host/,
    },
    {
      said: "The VirtualBox kernel modules do not match … (VERR_VM_DRIVER_VERSION_MISMATCH)",
      problem: /of another version/,
      hint: /^run `sudo \/sbin\/vboxconfig`.*restart this host/,
    },
    {
      said: "Kernel driver not installed (rc=-1908)",
      problem: /driver is not loaded/,
      hint: /^run `sudo \/sbin\/vboxconfig`.*Secure Boot/,
    },
    {
      said: "VT-x is disabled in the BIOS for all CPU modes (VERR_VMX_MSR_ALL_VMX_DISABLED)",
      problem: /turned off/,
      hint: /^turn on VT-x or AMD-V in this host's firmware set-up$/,
    },
    {
      said: "AMD-V is disabled in the BIOS (or by the host OS) (VERR_SVM_DISABLED)",
      problem: /turned off/,
      hint: /^turn on VT-x or AMD-V in this host's firmware set-up$/,
    },
    {
      said: "VT-x is not available (VERR_VMX_NO_VMX)",
      problem: /shows no virtualization/,
      hint: /^turn on .*nested virtualization/,
    },
    {
      said: "VirtualBox can't operate in VMX root mode. Please disable the KVM kernel extension (VERR_VMX_IN_VMX_ROOT_MODE)",
      problem: /another hypervisor/,
      hint: /modprobe -r kvm_intel kvm_amd/,
    },
    {
      said: "Raw-mode is unavailable courtesy of Hyper-V. (VERR_SUPDRV_NO_RAW_MODE_HYPER_V_ROOT)",
      problem: /Hyper-V runs/,
      hint: /bcdedit \/set hypervisorlaunchtype off/,
    },
    {
      said: "Call to WHvSetupPartition failed: ERROR_SUCCESS (VERR_NEM_VM_CREATE_FAILED)",
      problem: /Hyper-V runs/,
      hint: /bcdedit \/set hypervisorlaunchtype off/,
    },
    {
      said: recordedOutput("windows-startvm-vtx-disabled.stderr.txt", "published"),
      problem: /turned off/,
      hint: /^turn on VT-x or AMD-V in this host's firmware set-up$/,
    },
    {
      said: "Not Hyper-V CPUID signature: 0x61774d56 0x4d566572 0x65726177 (expected 0x7263694d 0x666f736f 0x76482074) (VERR_NEM_NOT_AVAILABLE).; VT-x is not available (VERR_VMX_NO_VMX)",
      problem: /shows no virtualization/,
      hint: /^turn on .*nested virtualization/,
    },
    {
      said: "(VERR_SUPLIB_OWNER_NOT_ROOT)",
      problem: /refuses its own files/,
      hint: /^install VirtualBox anew;.* root/,
    },
    {
      said: "Failed to open/create the internal network 'HostInterfaceNetworking-vboxnet0' (VERR_INTNET_FLT_IF_NOT_FOUND).",
      problem: /host-only adapter: its network driver/,
      hint: /^run `sudo modprobe -a vboxnetflt vboxnetadp`/,
    },
    {
      said: "Failed to attach the network LUN (VERR_SUPDRV_COMPONENT_NOT_FOUND).",
      problem: /host-only adapter: its network driver/,
      hint: /^run `sudo modprobe -a vboxnetflt vboxnetadp`/,
    },
    {
      said: recordedOutput("locale-c-createvm.stderr.txt"),
      problem: /ASCII alone/,
      hint: /`locale -a`/,
    },
    {
      said: "(VERR_NO_MEMORY)",
      problem: /too little free memory/,
      hint: /--virtualbox-memory 1024/,
    },
    { said: "(VERR_DISK_FULL)", problem: /disk is full/, hint: /^free space on the disk/ },
    {
      said: "(VERR_VM_DRIVER_NOT_ACCESSIBLE)",
      problem: /may not use/,
      hint: /^run `sudo usermod -aG vboxusers \$USER`/,
    },
  ])("$said", ({ said, problem, hint }) => {
    expect(diagnose(said)?.problem).toMatch(problem);
    expect(diagnose(said)?.hint).toMatch(hint);
  });

  test("and nothing is made up of other words", () => {
    expect(diagnose(recordedOutput("nodriver-startvm.stderr.txt"))).toBeUndefined();
    expect(diagnose("")).toBeUndefined();
    // Lines of VBox.log and VBoxHardening.log of machines that run.
    expect(diagnose("GIM: Hyper-V: guest error 0x0")).toBeUndefined();
    expect(diagnose("supR3HardenedErrorV: supR3HardenedScreenImage/Imports: rc=0")).toBeUndefined();
  });
});

test("every remedy says what to do, in one line", () => {
  for (const { hint, problem } of ailments) {
    expect(hint).toMatch(/^[a-z]/);
    expect(`${hint}${problem}`).not.toMatch(/\n/);
  }
});
