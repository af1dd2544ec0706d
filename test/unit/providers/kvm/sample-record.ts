import type { KvmMachine, KvmRecord } from "../../../../src/providers/kvm/record.ts";

export const sampleRecord: KvmRecord = {
  version: 2,
  uuid: "6f1ed002-ab5c-4e0e-8b58-7f4d1b1f2f10",
  name: "default",
  architecture: "amd64",
  memoryMiB: 2048,
  cpuCount: 2,
  diskSizeMiB: 20_000,
  accel: "auto",
  boot: "direct",
  program: null,
  firmware: null,
  folders: [],
  virtiofsd: null,
  ports: { ssh: 40_001, docker: 40_002, qmp: null },
};

export const sampleMachine: KvmMachine = {
  ...sampleRecord,
  directory: "/machines/default",
  images: {
    kernel: "/cache/kernel",
    initramfs: "/cache/initramfs",
    bootIso: "/cache/boot.iso",
    engineImage: "/cache/engine, 26.1",
    seedImage: "/machines/default/seed",
    commandLine: "console=ttyS0 quiet",
  },
};
