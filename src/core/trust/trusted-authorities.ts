import { rootCertificates } from "node:tls";
import { type FoundCertificate, parseCertificateFile } from "../../certs/certificate-file.ts";
import { messageOf } from "../../errors/message-of.ts";
import { TsmachineError } from "../../errors/tsmachine-error.ts";
import type { Context } from "../context.ts";
import { certificatesOf } from "./read-authorities.ts";

export interface TrustOf {
  /** The machine's name. */
  readonly name: string;
  /** What was given with `--ca-cert`, as PEM; see MachineFiles.trustedAuthorities. */
  readonly given: string | undefined;
}

type TrustContext = Pick<Context, "store" | "authorityFiles" | "now" | "warn">;

/**
 * The authorities that a machine's engine trusts besides those that everybody does, as PEM: the given ones,
 * and those of this host unless the store's settings say otherwise. Files of this host that are of no
 * use, and given ones that are damaged or have expired, are a warning.
 * @throws TsmachineError CONFIG_INVALID
 */
export async function trustedAuthorities(
  context: TrustContext,
  { name, given = "" }: TrustOf,
): Promise<string> {
  const { passAuthorities = true } = await context.store.readConfig();
  const own = givenAuthorities(context, { name, given });
  const hosts = passAuthorities ? await hostAuthorities(context) : [];
  return [...new Set([...own, ...hosts].map(({ pem }) => pem))].join("");
}

function givenAuthorities(
  context: TrustContext,
  { name, given }: { readonly name: string; readonly given: string },
): readonly FoundCertificate[] {
  if (given === "") return [];
  const remedy = (what: string) =>
    `give it ${what} with \`tsmachine provision ${name} --ca-cert FILE\``;
  const parsed = parseCertificateFile(Buffer.from(given));
  if ("problem" in parsed) {
    context.warn(
      `the file of the authorities that machine "${name}" was given ${parsed.problem}, and its engine trusts none of them; ${remedy("them again")}`,
    );
    return [];
  }
  for (const { subject, notAfter } of parsed.certificates) {
    if (notAfter >= context.now()) continue;
    context.warn(
      `the authority "${subject}" that machine "${name}" was given has expired on ${notAfter.toISOString().slice(0, 10)}; ${remedy("another one")}`,
    );
  }
  return parsed.certificates;
}

/** What this host's administrator and its user have added; what every guest has anyway is not among it. */
async function hostAuthorities(context: TrustContext): Promise<FoundCertificate[]> {
  const found: FoundCertificate[] = [];
  for (const path of await context.authorityFiles()) {
    try {
      found.push(...(await certificatesOf(path)));
    } catch (error) {
      if (!(error instanceof TsmachineError)) throw error;
      context.warn(`${messageOf(error)}; engines do not trust what is in it`);
    }
  }
  if (found.length === 0) return found;
  const common = new Set(rootCertificates.map(withoutLines));
  return found.filter(({ pem }) => !common.has(withoutLines(pem)));
}

/** Lines of PEM have several lengths. */
function withoutLines(pem: string): string {
  return pem.replace(/\s/g, "");
}
