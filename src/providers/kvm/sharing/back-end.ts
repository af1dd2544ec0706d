import { access, constants } from "node:fs/promises";
import { delimiter, isAbsolute, join } from "node:path";
import { TsmachineError } from "../../../errors/tsmachine-error.ts";
import type { KvmWorld } from "../world.ts";

/** How this host gives folders to guests. */
export type BackEndChoice =
  | { readonly kind: "virtiofs" /** Path of virtiofsd. */; readonly program: string }
  | { readonly kind: "9p" };

/**
 * virtiofs where its program is, else 9p, which QEMU has built in. The former suits every kernel, is faster, and
 * lets machines be suspended.
 * @param given path of virtiofsd; null: the one that packages bring
 * @throws TsmachineError CAPABILITY_MISSING on Windows; PROGRAM_MISSING when the given one is not there
 */
export async function chooseBackEnd(
  world: Pick<KvmWorld, "platform" | "environment">,
  given: string | null,
): Promise<BackEndChoice> {
  const { platform, environment } = world;
  if (platform === "win32") {
    throw new TsmachineError("CAPABILITY_MISSING", "QEMU shares no folders on Windows", {
      hints: ["leave `--share` out, or use a provider that does, such as `--driver virtualbox`"],
    });
  }
  if (given !== null) {
    if (await isProgram(given)) return { kind: "virtiofs", program: given };
    throw new TsmachineError("PROGRAM_MISSING", `there is no program ${given}`, {
      hints: [
        "give `create` the path of an installed virtiofsd with `--kvm-virtiofsd`; of a machine that has it, put it back, or take all folders away with `tsmachine share rm`",
      ],
    });
  }
  const program = platform === "linux" ? await findVirtiofsd(environment) : undefined;
  return program === undefined ? { kind: "9p" } : { kind: "virtiofs", program };
}

/**
 * Where packages put it, most of them off PATH: Debian, Ubuntu and Fedora; Arch. The program of that name that came with QEMU
 * until 7.2, in /usr/lib/qemu, is another, with other flags.
 */
const usualPlaces = ["/usr/libexec/virtiofsd", "/usr/lib/virtiofsd"];

async function findVirtiofsd(environment: KvmWorld["environment"]): Promise<string | undefined> {
  const onPath = (environment.PATH ?? "").split(delimiter).filter(isAbsolute);
  for (const path of [...onPath.map((folder) => join(folder, "virtiofsd")), ...usualPlaces]) {
    if (await isProgram(path)) return path;
  }
  return undefined;
}

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
