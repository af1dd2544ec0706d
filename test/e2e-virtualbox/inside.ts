// Runs in the rig: what a user of provider virtualbox does, against a real VirtualBox.
import assert from "node:assert/strict";
import { mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stderr } from "node:process";
import { packRootFileSystem } from "../support/machines/machine-rootfs.ts";
import { boot, onMachine, sh, stage, storePath } from "./commands.ts";
import { packageInRig } from "./places.ts";
import { Steps } from "./steps.ts";

const shared = "/root/shared";
const steps = new Steps(join(stage, "report.json"));

/** With docker pointed at the machine. */
const docker = (script: string) => sh(`eval "$(tsmachine env default)" && ${script}`);

/** What VirtualBox has registered, and tsmachine's notes beside it. */
async function registered(): Promise<string> {
  const lists = "vms hdds dvds hostonlyifs dhcpservers";
  return sh(
    `for list in ${lists}; do VBoxManage list $list || exit; done; { VBoxManage getextradata global enumerate | grep tsmachine/ || true; }`,
  );
}

/** Where the machine is, and the certificate that its engine shows. */
async function identity() {
  const certificate = await readFile(join(storePath, "machines/default/server.pem"), "utf8");
  return {
    ip: await sh("tsmachine ip default"),
    url: await sh("tsmachine url default"),
    certificate,
  };
}

/** Another one after each boot of the machine. */
const tellBoot = () => sh("tsmachine ssh default cat /proc/sys/kernel/random/boot_id");

const tellServer = "docker version --format '{{.Server.Version}}'";
const create = [
  "tsmachine create -d virtualbox --kernel full",
  "--virtualbox-memory 1024 --virtualbox-cpu-count 1 --virtualbox-disk-size 4096",
  `--virtualbox-share-folder ${shared}:shared default`,
].join(" ");

/** A step with the machine that runs. */
const withMachine = <T>(title: string, action: () => Promise<T>) =>
  steps.run(title, () => onMachine(action));

async function prepare(): Promise<void> {
  await mkdir(storePath, { mode: 0o700 });
  await symlink(join(packageInRig, "node_modules/.cache/tsmachine"), join(storePath, "cache"));
  await mkdir(shared);
  await writeFile(join(shared, "greeting"), "from the host\n");
}

async function main(): Promise<void> {
  await steps.run("the rig is prepared", prepare);
  const before = await steps.run("VirtualBox is listed", registered);
  await steps.run("create", () => boot(create));
  const first = await withMachine("the machine has an address of its own", async () => {
    const found = await identity();
    assert.match(found.ip, /^192\.168\.56\.\d+$/);
    assert.equal(found.url, `tcp://${found.ip}:2376`);
    return found;
  });
  await withMachine("docker version over TLS", async () => {
    assert.match(await docker(tellServer), /^\d+\.\d+\.\d+/);
  });
  await withMachine("a container runs", async () => {
    await docker(`tsmachine ssh default '${packRootFileSystem}' | docker import - tiny`);
    assert.equal(
      await docker("docker run --rm tiny echo out of a container"),
      "out of a container",
    );
  });
  await withMachine("a published port answers at the machine's address", async () => {
    await docker("{ docker rm -f web || true; }");
    await docker("docker run -d --name web -p 8080:80 tiny httpd -f -p 80 -h /www");
    assert.equal(
      await sh(`curl -fsS --retry 5 --retry-connrefused http://${first.ip}:8080/`),
      "served",
    );
    await docker("docker rm -f web");
  });
  await withMachine("a folder of the host is the container's too, both ways", async () => {
    const mount = "-v /shared:/mnt tiny sh -c";
    await docker(
      `docker run --rm ${mount} 'cat /mnt/greeting && echo back >/mnt/answer' >/tmp/seen`,
    );
    assert.equal(await sh("cat /tmp/seen"), "from the host");
    assert.equal(await readFile(join(shared, "answer"), "utf8"), "back\n");
  });
  await withMachine("ls tells of it", async () => {
    assert.match(await sh("tsmachine ls -t 300"), /default\s.*virtualbox\s+Running/);
  });
  await steps.run("restart", () => boot("tsmachine restart default"));
  await withMachine("address and certificate are the same, and docker works", async () => {
    assert.deepEqual(await identity(), first);
    await docker(tellServer);
  });
  await withMachine("stop", () => sh("tsmachine stop default"));
  await steps.run(
    "a stopped machine that was renamed in VirtualBox is known by its UUID",
    async () => {
      await sh("VBoxManage modifyvm default --name renamed");
      assert.equal(await sh("tsmachine status default"), "Stopped");
    },
  );
  await steps.run("start", () => boot("tsmachine start default"));
  await withMachine("address and certificate are the same again, and docker works", async () => {
    assert.deepEqual(await identity(), first);
    await docker(tellServer);
  });
  const bootId = await withMachine("suspend", async () => {
    const running = await tellBoot();
    await sh("tsmachine suspend default");
    assert.equal(await sh("tsmachine status default"), "Saved");
    return running;
  });
  await steps.run("start lets it go on where it was", async () => {
    await sh("tsmachine start default");
    assert.equal(await tellBoot(), bootId);
    assert.deepEqual(await identity(), first);
    await docker(tellServer);
  });
  await steps.run("a snapshot of the machine while it runs", async () => {
    await sh("tsmachine snapshot create default before");
    assert.equal(await sh("tsmachine snapshot ls default"), "before");
    assert.equal(await sh("tsmachine status default"), "Running");
  });
  await steps.run("brings back its disk and its memory", async () => {
    await docker("docker tag tiny later && docker inspect later >/tmp/seen");
    await sh("tsmachine snapshot restore default before");
    assert.equal(await sh("tsmachine status default"), "Saved");
    await sh("tsmachine start default");
    assert.equal(await tellBoot(), bootId);
    assert.equal(await docker("docker images -q later"), "");
  });
  await steps.run("snapshot rm", () => sh("tsmachine snapshot rm default before"));
  await withMachine("a machine that is powered off from outside is shown as stopped", async () => {
    await sh("VBoxManage controlvm renamed poweroff");
    assert.equal(await sh("tsmachine status default"), "Stopped");
  });
  await steps.run("rm", () => sh("tsmachine rm -y default"));
  await steps.run("VirtualBox lists what it listed before", async () => {
    assert.equal(await registered(), before);
  });
}

main().catch((error: unknown) => {
  stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
