import {
  access,
  chmod,
  mkdir,
  mkdtemp,
  readFile,
  readlink,
  rm,
  stat,
  writeFile,
} from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { poll } from "../../../src/host/poll.ts";
import { freeLoopbackPorts } from "../../../src/host/ports.ts";
import { sleep } from "../../../src/host/sleep.ts";
import {
  databaseImage,
  importDatabaseImage,
  postgresPrograms,
} from "../machines/database-image.ts";
import { createTestMachine, type TestMachine } from "../machines/machine.ts";
import { processesIn } from "../machines/tsmachine-processes.ts";

/** Folders of this host, and a file beside them that no machine may see. */
interface Folders {
  readonly parent: string;
  readonly work: string;
  readonly readOnly: string;
}

export interface SharingSubject {
  readonly backEnd: "virtiofs" | "9p";
  /** Path of virtiofsd; undefined where there is none. */
  readonly provideProgram: () => Promise<string | undefined>;
}

/** The tests of folders of this host in a machine; each back end passes them. */
export function testSharing({ backEnd, provideProgram }: SharingSubject): void {
  let machine: TestMachine;
  let folders: Folders;

  beforeAll(async () => {
    folders = await makeFolders();
    const virtiofsd = await provideProgram();
    machine = await createTestMachine([
      ...(virtiofsd === undefined ? [] : ["--kvm-virtiofsd", virtiofsd]),
      ...["--share", folders.work, "--share", `${folders.readOnly}:/reference:ro`],
    ]);
    await importDatabaseImage(machine, inject("cacheDirectory"));
  });
  afterAll(async () => {
    const { store } = machine;
    await machine[Symbol.asyncDispose]();
    expect(await processesIn(store.path)).toEqual([]);
    await rm(folders.parent, { recursive: true, force: true });
  });

  /** What a script prints here, with docker pointed at the machine; anything but success is an error. */
  const shell = async (script: string) => {
    const { stdout, stderr, exitCode } = await machine.shell(script);
    if (exitCode !== 0) throw new Error(`${script} ended with ${exitCode}: ${stderr}`);
    return stdout.trim();
  };
  /** What a script prints in a container that has the folder as /app. */
  const inContainer = (script: string, flags = "") =>
    shell(
      `docker run --rm ${flags} -v '${folders.work}:/app' -w /app ${databaseImage} sh -c '${script}'`,
    );
  const tsmachine = (...args: string[]) => machine.store.tsmachine(...args);

  test("are at the same place in the guest, and a container's files are this user's", async () => {
    const mounted = folders.work.replaceAll(" ", "\\040");
    expect(await machine.guest("cat /proc/mounts")).toContain(` ${mounted} ${backEnd} rw`);
    await writeFile(join(folders.work, "from-host"), "host\n");
    expect(await inContainer("cat from-host && echo guest >from-guest")).toBe("host");
    expect(await readFile(join(folders.work, "from-guest"), "utf8")).toBe("guest\n");
    expect((await stat(join(folders.work, "from-guest"))).uid).toBe(process.getuid?.());
  });

  test("are file systems: links, modes, renames, attributes, removal of open files", async () => {
    await inContainer(
      [
        ...["echo one >file", "ln -s file link", "ln file second", "chmod 750 file"],
        ...[
          "mkdir -p deep/er",
          "mv second deep/er/renamed",
          "/usr/bin/setfattr -n user.colour -v red file",
        ],
        ...["exec 3<deep/er/renamed", "rm deep/er/renamed", "cat <&3 >read-after-removal"],
      ].join(" && "),
    );
    const at = (path: string) => join(folders.work, path);
    expect(await readlink(at("link"))).toBe("file");
    expect((await stat(at("file"))).mode & 0o777).toBe(0o750);
    expect(await readFile(at("read-after-removal"), "utf8")).toBe("one\n");
    await expect(access(at("deep/er/renamed"))).rejects.toThrow("ENOENT");
    expect(await inContainer("/usr/bin/getfattr --only-values -n user.colour file")).toBe("red");
  });

  test("can be mapped by programs: SQLite shares its index between processes", async () => {
    await writeFile(
      join(folders.work, "count.sh"),
      [
        "run() { sqlite3 -cmd '.timeout 60000' data.db \"$1\"; }",
        "run 'pragma journal_mode=wal; create table numbers (n)'",
        'for n in 1 2 3; do run "insert into numbers values ($n)" & done',
        "wait",
        "run 'select sum(n) from numbers'",
      ].join("\n"),
    );
    const rows = await inContainer("sh count.sh");
    expect(rows.split("\n").at(-1)).toBe("6");
  });

  test("show nothing above and beside them", async () => {
    const secret = join(folders.parent, "secret");
    const script = [
      `ln -sfn "${secret}" escape`,
      `for path in escape ../secret escape/../secret; do cat "$path" && echo leaked; done`,
      "echo end",
    ].join("; ");
    const guest = `cd '${folders.work}' && sudo sh -c '${script}' 2>/dev/null`;
    expect(await machine.guest(guest)).toBe("end\n");
  });

  test("are not written to where they are read-only, whatever the guest tries", async () => {
    const attempts = [
      "sudo touch /reference/new",
      "sudo mount -o remount,rw /reference && sudo touch /reference/new",
      "sudo rm -f /reference/book",
      "sudo chmod 777 /reference/book",
    ];
    for (const attempt of attempts) await tsmachine("ssh", "default", attempt);
    await expect(access(join(folders.readOnly, "new"))).rejects.toThrow("ENOENT");
    expect((await stat(join(folders.readOnly, "book"))).mode & 0o777).toBe(0o644);
    expect(await machine.guest("cat /reference/book")).toBe("book\n");
  });

  test("hold a PostgreSQL, which finds its rows again after it was killed", async () => {
    await inContainer("mkdir database && chown 999:999 database");
    const flags = "--user 999:999 -e PGDATA=/app/database";
    await inContainer(`${postgresPrograms}/initdb --no-locale -E UTF8 -A trust`, flags);
    const server = `${postgresPrograms}/postgres -c unix_socket_directories=/tmp -c jit=off -c listen_addresses=`;
    await shell(
      `docker run -d --name database ${flags} -v '${folders.work}:/app' ${databaseImage} ${server}`,
    );
    const sql = (text: string) =>
      shell(`docker exec database ${postgresPrograms}/psql -h /tmp -U postgres -qAtc "${text}"`);
    const untilItAnswers = () =>
      poll(() => sql("select 1").catch(() => undefined), {
        ...{ waitingFor: "PostgreSQL", everyMs: 500, timeoutMs: 240_000 },
        signal: AbortSignal.timeout(480_000),
      });
    await untilItAnswers();
    await sql("create table kept as select generate_series(1, 5000) as n");
    await shell("docker kill database && docker start database");
    await untilItAnswers();
    expect(await sql("select count(*), sum(n) from kept")).toBe("5000|12502500");
    await shell("docker rm -f database");
  });

  test("and published ports work again within seconds when QEMU stood still for a minute", async () => {
    const [port = 0] = await freeLoopbackPorts(1);
    await shell(
      `docker run -d --name web -p ${port}:80 -v '${folders.work}:/www' ${databaseImage} busybox httpd -f -p 80 -h /www`,
    );
    const served = async (content: string) => {
      await writeFile(join(folders.work, "index.html"), content);
      const look = async () => {
        const response = await fetch(`http://127.0.0.1:${port}/`).catch(() => undefined);
        return response?.ok && (await response.text()) === content ? true : undefined;
      };
      await poll(look, {
        ...{ waitingFor: `"${content}" at port ${port}`, everyMs: 100, timeoutMs: 10_000 },
        signal: AbortSignal.timeout(20_000),
      });
    };
    await served("before");
    const qemu = await qemuOf(machine);
    process.kill(qemu, "SIGSTOP");
    try {
      await sleep(60_000, AbortSignal.timeout(120_000));
    } finally {
      process.kill(qemu, "SIGCONT");
    }
    await served("afterwards");
    await shell("docker rm -f web");
  });

  const areThereAfterSuspension = async () => {
    await shell(
      `docker run -d --name writer -v '${folders.work}:/app' ${databaseImage} sh -c 'exec 3>>/app/log; while :; do date >&3; sleep 1; done'`,
    );
    await writeFile(join(folders.work, "seen"), "seen\n");
    expect(await inContainer("cat seen")).toBe("seen");
    expect((await tsmachine("suspend")).exitCode).toBe(0);
    const former = (await stat(join(folders.work, "log"))).size;
    await writeFile(join(folders.work, "from-host"), "changed meanwhile\n");
    // The guest has seen it: what is gone is no reason not to go on.
    await rm(join(folders.work, "seen"));
    expect((await tsmachine("start")).exitCode).toBe(0);
    const grown = async () =>
      (await stat(join(folders.work, "log"))).size > former ? true : undefined;
    await poll(grown, {
      ...{ waitingFor: "the container to write on", everyMs: 200, timeoutMs: 60_000 },
      signal: AbortSignal.timeout(120_000),
    });
    expect(await inContainer("cat from-host; cat seen 2>/dev/null || :")).toBe("changed meanwhile");
    await shell("docker rm -f writer");
  };

  const standInTheWayOfSuspension = async () => {
    const { exitCode, stderr } = await tsmachine("suspend");
    expect({ exitCode, stderr }).toEqual({
      exitCode: 1,
      stderr: expect.stringMatching(
        /cannot be saved: it has folders .* by 9p \[CAPABILITY_MISSING\]/,
      ),
    });
    expect((await tsmachine("status")).stdout).toBe("Running\n");
  };

  if (backEnd === "9p") {
    test("stand in the way of a suspension, which is said", standInTheWayOfSuspension);
  } else test("are there again after a suspension", areThereAfterSuspension);

  test("are others after a restart, when others were asked for", async () => {
    const later = join(folders.parent, "later");
    await mkdir(later);
    await writeFile(join(later, "file"), "later\n");
    expect((await tsmachine("share", "add", "default", `${later}:/later`)).stdout).toContain(
      "has 3 shared folders, once it was restarted",
    );
    expect((await tsmachine("share", "rm", "default", "/reference")).exitCode).toBe(0);
    expect((await tsmachine("restart")).exitCode).toBe(0);
    expect(JSON.parse((await tsmachine("share", "ls", "--json")).stdout)).toEqual([
      // What may have others in it is mounted first.
      { path: later, mountPoint: "/later", isReadOnly: false },
      { path: folders.work, mountPoint: folders.work, isReadOnly: false },
    ]);
    expect(await machine.guest("cat /later/file; ls -d /reference 2>/dev/null || :")).toBe(
      "later\n",
    );
  });
}

async function qemuOf({ store, name }: TestMachine): Promise<number> {
  const recorded = await readFile(join(store.path, "machines", name, "qemu.json"), "utf8");
  return Number(JSON.parse(recorded).pid);
}

async function makeFolders(): Promise<Folders> {
  // The longest-lived place that everybody may write to, with characters that QEMU and shells take for their own.
  const parent = await mkdtemp("/var/tmp/tsmachine share, ");
  await chmod(parent, 0o755);
  const [work, readOnly] = [join(parent, "my work"), join(parent, "read-only")];
  await mkdir(work);
  await mkdir(readOnly);
  await writeFile(join(parent, "secret"), "secret\n");
  await writeFile(join(readOnly, "book"), "book\n", { mode: 0o644 });
  return { parent, work, readOnly };
}
