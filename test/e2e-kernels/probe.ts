import * as z from "zod";
import type { TestStore } from "../support/machines/tsmachine.ts";
import { failureOf } from "./failure.ts";

/** What a container in the machine finds out. */
export interface Probed {
  /** What `uname -r` prints. */
  readonly release: string;
  /** What the server's part of `docker version` says. */
  readonly engine: string;
}

const answerSchema = z.tuple([z.string().min(1), z.string().min(1), z.literal("")]);

/** @throws Error with what was printed when no container runs. */
export async function probe(store: TestStore, machine: string): Promise<Probed> {
  const result = await store.tsmachine("ssh", machine, probeScript);
  if (result.exitCode !== 0) throw failureOf("the container", result);
  const [release, engine] = answerSchema.parse(result.stdout.split("\n"));
  return { release, engine };
}

/**
 * For the machine's shell. The container's image is packed of the machine's own files, which were
 * verified, so that no registry is needed: busybox, the docker CLI, its libraries and their loader.
 * The container has a network and a published port, so that the engine needs its firewall rules.
 */
const probeScript = `
set -e
for loader in /lib64/ld-linux-x86-64.so.2 /lib/ld-linux-aarch64.so.1; do
  [ ! -e "$loader" ] || break
done
libraries=$("$loader" --list /usr/bin/docker | sed -n 's|.*=> /\\([^ ]*\\).*|\\1|p')
tar -C / -h -c usr/bin/busybox usr/bin/docker "\${loader#/}" $libraries |
  docker import - tsmachine/probe >/dev/null
docker run --rm --pull never --publish 8080:80 \\
  --volume /var/run/docker.sock:/var/run/docker.sock \\
  tsmachine/probe /usr/bin/busybox sh -c \\
  'uname -r && /usr/bin/docker version --format "{{.Server.Version}}"'
`;
