import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestMachine } from "./machine.ts";
import { tinyImage } from "./machine-rootfs.ts";

/**
 * Starts a container that sends each datagram back, which nothing in busybox does. For machines of amd64.
 * @param flags of `docker create`; it listens at port 7
 */
export async function startUdpEcho(
  machine: TestMachine,
  { name, flags }: { readonly name: string; readonly flags: string },
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "tsmachine-echo-"));
  try {
    const program = join(folder, "echo");
    await writeFile(program, udpEcho(), { mode: 0o755 });
    const { exitCode, stderr } = await machine.shell(
      `docker create --name ${name} ${flags} ${tinyImage} /echo && ` +
        `docker cp ${program} ${name}:/echo && docker start ${name}`,
    );
    if (exitCode !== 0) throw new Error(`the container with the echo: ${stderr}`);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** A program for Linux on x86-64: one segment, which holds the headers too. elf(5) */
function udpEcho(): Uint8Array {
  const text = Buffer.from(code.join("").replaceAll(" ", ""), "hex");
  const headerBytes = 64 + 56;
  const base = 0x400000;
  const image = Buffer.alloc(headerBytes + text.length);
  image.write("7f454c46020101", "hex"); // EI_MAG, 64 bits, little-endian, version
  image.writeUInt16LE(2, 16); // e_type: ET_EXEC
  image.writeUInt16LE(62, 18); // e_machine: EM_X86_64
  image.writeUInt32LE(1, 20); // e_version
  image.writeBigUInt64LE(BigInt(base + headerBytes), 24); // e_entry
  image.writeBigUInt64LE(64n, 32); // e_phoff
  image.writeUInt16LE(64, 52); // e_ehsize
  image.writeUInt16LE(56, 54); // e_phentsize
  image.writeUInt16LE(1, 56); // e_phnum
  image.writeUInt32LE(1, 64); // p_type: PT_LOAD
  image.writeUInt32LE(5, 68); // p_flags: readable, executable
  image.writeBigUInt64LE(BigInt(base), 80); // p_vaddr
  image.writeBigUInt64LE(BigInt(image.length), 96); // p_filesz
  image.writeBigUInt64LE(BigInt(image.length), 104); // p_memsz
  image.writeBigUInt64LE(0x1000n, 112); // p_align
  image.set(text, headerBytes);
  return image;
}

const code = [
  "6a 29 58", //                push 41;   pop rax            socket(
  "6a 02 5f", //                push 2;    pop rdi              AF_INET,
  "6a 02 5e", //                push 2;    pop rsi              SOCK_DGRAM,
  "31 d2 0f 05", //             xor edx, edx; syscall           0)
  "89 c3 89 df", //             mov ebx, eax; mov edi, ebx    bind(the socket,
  "48 8d 35 47 00 00 00", //    lea rsi, [rip+address]          address,
  "6a 10 5a", //                push 16;   pop rdx              16)
  "6a 31 58 0f 05", //          push 49;   pop rax; syscall
  "48 81 ec 00 08 00 00", //    sub rsp, 2048
  "4c 8d 84 24 d0 07 00 00", // lea r8, [rsp+2000]            the sender's address
  "4c 8d 8c 24 f0 07 00 00", // again: lea r9, [rsp+2032]     and its length
  "41 c7 01 10 00 00 00", //    mov [r9], 16
  "89 df 48 89 e6", //          mov edi, ebx; mov rsi, rsp    recvfrom(the socket, the stack,
  "ba dc 05 00 00", //          mov edx, 1500                   1500,
  "45 31 d2", //                xor r10d, r10d                  0, …)
  "6a 2d 58 0f 05", //          push 45;   pop rax; syscall
  "89 df 89 c2", //             mov edi, ebx; mov edx, eax    sendto(the socket, …, as many,
  "6a 10 41 59", //             push 16;   pop r9               0, to the sender, 16)
  "6a 2c 58 0f 05", //          push 44;   pop rax; syscall
  "eb d0", //                   jmp again
  "02 00 00 07 00 00 00 00", // address: AF_INET, port 7, any address
  "00 00 00 00 00 00 00 00",
];
