/**
 * A guest small enough for tests, in the shape of a Linux kernel so that QEMU boots it directly: it
 * greets on the first serial port, idles, and switches itself off when the power button is
 * pressed. Runs on machine type q35, where SeaBIOS puts the ACPI registers at I/O port 0x600.
 *
 * Header: https://www.kernel.org/doc/html/latest/arch/x86/boot.html, "The Real-Mode Kernel Header".
 */
export function tinyGuest(): Uint8Array {
  const image = Buffer.alloc(3 * 512);
  image.writeUInt8(1, 0x1f1); // setup_sects
  image.writeUInt16LE(0xaa55, 0x1fe); // boot_flag
  image.writeUInt16LE(0x7eeb, 0x200); // jump to 0x280
  image.write("HdrS", 0x202, "latin1"); // header
  image.writeUInt16LE(0x0203, 0x206); // version
  image.writeUInt8(0x01, 0x211); // loadflags: LOADED_HIGH
  image.writeUInt32LE(0x37ff_ffff, 0x22c); // initrd_addr_max
  image.set(Buffer.from(code.join("").replaceAll(" ", ""), "hex"), 0x280);
  image.write(`${tinyGuestGreeting}\r\n\0`, 0x2af, "latin1");
  return image;
}

export const tinyGuestGreeting = "tiny guest is up";

/** 16-bit code, with its segment at 0x200 of the image. */
const code = [
  "be af 00", // 80: mov  $greeting, %si
  "2e ac", //    83: lodsb %cs:(%si), %al
  "84 c0", //    85: test %al, %al
  "74 06", //    87: jz   8f
  "ba f8 03", // 89: mov  $0x3f8, %dx         COM1
  "ee", //       8c: out  %al, (%dx)
  "eb f4", //    8d: jmp  83
  "b0 ff", //    8f: mov  $0xff, %al          mask the second PIC: nobody handles the SCI
  "e6 a1", //    91: out  %al, $0xa1
  "ba 02 06", // 93: mov  $0x602, %dx         PM1_EN
  "b8 00 01", // 96: mov  $0x100, %ax         PWRBTN_EN
  "ef", //       99: out  %ax, (%dx)
  "fb", //       9a: sti
  "f4", //       9b: hlt                      until the timer's next tick
  "ba 00 06", // 9c: mov  $0x600, %dx         PM1_STS
  "ed", //       9f: in   (%dx), %ax
  "f6 c4 01", // a0: test $1, %ah             PWRBTN_STS
  "74 f5", //    a3: jz   9a
  "ba 04 06", // a5: mov  $0x604, %dx         PM1_CNT
  "b8 00 20", // a8: mov  $0x2000, %ax        SLP_EN, sleep type S5
  "ef", //       ab: out  %ax, (%dx)
  "f4", //       ac: hlt
  "eb fd", //    ad: jmp  ac
];
