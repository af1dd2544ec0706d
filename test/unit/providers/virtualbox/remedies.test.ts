import { describe, expect, test } from "vitest";
import { ailments, diagnose } from "../../../../src/providers/virtualbox/preflight/remedies.ts";
import { warningIn } from "../../../../src/providers/virtualbox/vboxmanage/call.ts";
import { recordedOutput } from "../../../support/providers/virtualbox-output.ts";

describe("what VirtualBox says of a host is told apart", () => {
  test.each([
    {
      said: warningIn(recordedOutput("nodriver-warning-list-vms.txt")) ?? "",
      problem: /driver is not loaded/,
    },
    {
      said: recordedOutput("nodriver-hostonlyif-create.stderr.txt"),
      problem: /network driver is not loaded/,
    },
    { said: "RTR3InitEx failed with rc=-1912 (rc=-1912)", problem: /of another version/ },
    {
      said: "The VirtualBox kernel modules do not match … (VERR_VM_DRIVER_VERSION_MISMATCH)",
      problem: /of another version/,
    },
    { said: "Kernel driver not installed (rc=-1908)", problem: /driver is not loaded/ },
    {
      said: "VT-x is disabled in the BIOS for all CPU modes (VERR_VMX_MSR_ALL_VMX_DISABLED)",
      problem: /turned off/,
    },
    {
      said: "AMD-V is disabled in the BIOS (or by the host OS) (VERR_SVM_DISABLED)",
      problem: /turned off/,
    },
    { said: "VT-x is not available (VERR_VMX_NO_VMX)", problem: /shows no virtualization/ },
    {
      said: "VirtualBox can't operate in VMX root mode. Please disable the KVM kernel extension (VERR_VMX_IN_VMX_ROOT_MODE)",
      problem: /another hypervisor/,
    },
    {
      said: "Raw-mode is unavailable courtesy of Hyper-V. (VERR_SUPDRV_NO_RAW_MODE_HYPER_V_ROOT)",
      problem: /Hyper-V runs/,
    },
    {
      said: "Call to WHvSetupPartition failed: ERROR_SUCCESS (VERR_NEM_VM_CREATE_FAILED)",
      problem: /Hyper-V runs/,
    },
    {
      said: recordedOutput("windows-startvm-vtx-disabled.stderr.txt", "published"),
      problem: /turned off/,
    },
    {
      said: "Not Hyper-V CPUID signature: 0x61774d56 0x4d566572 0x65726177 (expected 0x7263694d 0x666f736f 0x76482074) (VERR_NEM_NOT_AVAILABLE).; VT-x is not available (VERR_VMX_NO_VMX)",
      problem: /shows no virtualization/,
    },
    { said: "(VERR_SUPLIB_OWNER_NOT_ROOT)", problem: /refuses its own files/ },
    { said: "(VERR_VM_DRIVER_NOT_ACCESSIBLE)", problem: /may not use/ },
  ])("$said", ({ said, problem }) => {
    expect(diagnose(said)?.problem).toMatch(problem);
    expect(diagnose(said)?.hint).toMatch(/./);
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
