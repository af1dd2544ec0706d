import { X509Certificate } from "node:crypto";
import type { Bundle } from "../../../src/certs/bundle.ts";
import type { Context } from "../../../src/core/context.ts";
import { type ProvisionedGuest, provisionedGuest } from "../network/provisioned-guest.ts";
import { startSshServer } from "../network/ssh-server.ts";
import { createFakeProvider } from "../providers/fake-provider.ts";
import { type CoreWorld, coreWorld } from "./core-world.ts";

/** A world whose machines have dynamic endpoints, and engines that take certificates over SSH. */
export interface MovingWorld extends CoreWorld {
  readonly guest: ProvisionedGuest;
  /** Addresses that the certificate in the store is for, besides those of every machine's. */
  certifiedAddresses(): Promise<string[]>;
}

export async function movingWorld(): Promise<MovingWorld> {
  const provider = createFakeProvider({ capabilities: { dynamicEndpoint: true } });
  provider.guest = "serving";
  const world = await coreWorld({ provider });
  const { context: plain } = world;
  const guest = await provisionedGuest(plain.templates, { install: "echo changed" });
  const servers = new Set<string>();
  provider.whenOn = async (name, { sshPort: port }) => {
    if (servers.has(name)) return;
    servers.add(name);
    const { sshHostKey = "", sshPublicKey = "" } = await plain.store.readMachineFiles(name);
    await startSshServer({ hostKeys: [sshHostKey], authorizedKey: sshPublicKey, port });
  };
  const context: Context = {
    ...plain,
    progress: {
      async step(title, action) {
        const result = await plain.progress.step(title, action);
        const isInstalled = /^(Giving the engine|Copying certs)/.test(title);
        if (isInstalled) provider.recertify("dev", bundleIn(await guest.files()));
        return result;
      },
    },
  };
  return {
    ...world,
    context,
    guest,
    async certifiedAddresses() {
      const { serverCertificate = "" } = await plain.store.readMachineFiles("dev");
      const { subjectAltName = "" } = new X509Certificate(serverCertificate);
      return [...subjectAltName.matchAll(/IP Address:(\d+\.[\d.]+)/g)]
        .map(([, address = ""]) => address)
        .filter((address) => address !== "127.0.0.1");
    },
  };
}

/** The bundle in an archive of bundleFiles, where ca.pem comes before server.pem. */
function bundleIn(archive: string): Bundle {
  const parts = archive.match(/-----BEGIN [^-]+-----[^-]+-----END [^-]+-----/g) ?? [];
  const [ca = "", certificate = ""] = parts.filter((part) => part.includes("CERTIFICATE"));
  return { ca, certificate, key: parts.find((part) => part.includes(" PRIVATE KEY")) ?? "" };
}
