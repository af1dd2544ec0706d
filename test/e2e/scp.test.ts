import { beforeAll, describe, expect, test } from "vitest";
import { createTestMachine, smallMachine, type TestMachine } from "../support/machines/machine.ts";

/** Two machines of one store: default and other. */
let machine: TestMachine;
beforeAll(async () => {
  machine = await createTestMachine();
  const { exitCode, stderr } = await machine.store.tsmachine("create", ...smallMachine, "other");
  if (exitCode !== 0) throw new Error(stderr);
  return () => machine[Symbol.asyncDispose]();
});

/** A tree and a megabyte, in a new folder that is the current one; the machines' homes are empty. */
const prepare = `
  set -e
  cd "$(mktemp -d "$HOME/XXXXXX")"
  mkdir -p tree/sub
  echo plain >'tree/a file'; echo '#!' >tree/sub/run; chmod 755 tree/sub/run
  ln -s 'a file' tree/link
  head -c 1000000 /dev/urandom >big
  for name in default other; do tsmachine ssh $name 'rm -rf -- * /tmp/*'; done
`;

const clients = [
  { client: "OpenSSH's scp", tsmachine: "tsmachine" },
  { client: "the client inside tsmachine", tsmachine: "tsmachine --native-ssh" },
];

describe.each(clients)("`tsmachine scp` with $client", ({ tsmachine }) => {
  const shell = (script: string) =>
    machine.store.shell(`${prepare} scp() { ${tsmachine} scp "$@"; }; ${script}`);
  const succeeded = (stdout: string) => ({ exitCode: 0, stdout, stderr: "" });

  test("copies a file there, on to another machine and back, byte for byte and silently", async () => {
    const result = await shell(`
      scp big default:; scp default:big other:/tmp/copied; scp other:/tmp/copied back; cmp big back`);
    expect(result).toEqual(succeeded(""));
  });

  test("copies folders with -r, with modes and what links point at", async () => {
    const result = await shell(`
      scp -r tree default:; scp -r default:tree other:moved; scp -r other:moved back
      diff -r tree back; test -x back/sub/run; test ! -x back/link; test ! -L back/link`);
    expect(result).toEqual(succeeded(""));
  });

  test("copies into folders that are there, and in the place of what is not", async () => {
    const result = await shell(`
      scp -r tree default:once; scp -r tree default:once; scp 'tree/a file' default:once/sub
      tsmachine ssh default 'cd once; find . | sort'`);
    expect(result.stdout.split("\n")).toEqual([
      ...[".", "./a file", "./link", "./sub", "./sub/a file", "./sub/run"],
      ...["./tree", "./tree/a file", "./tree/link", "./tree/sub", "./tree/sub/run", ""],
    ]);
  });

  test("understands patterns and the home of the machine", async () => {
    const result = await shell(`
      scp big default:~/one.bin; scp big docker@default:two.bin; scp big default:three
      mkdir found; scp 'default:*.bin' found; ls found`);
    expect(result).toEqual(succeeded("one.bin\ntwo.bin\n"));
  });

  test("copies files of the system, whose size is not known", async () => {
    expect(await shell("scp default:/proc/version v; grep -c '^Linux version' v")).toEqual(
      succeeded("1\n"),
    );
  });

  test.each([
    ["what is not there", "nothing default:"],
    ["what may not be read", "default:/etc/shadow here"],
    ["to where nobody may write", "big default:/root/big"],
    ["a folder without -r", "tree default:"],
    ["into a folder that is not there", "big default:nowhere/"],
  ])("cannot copy %s, and says so", async (_, ends) => {
    const { exitCode, stdout, stderr } = await shell(`scp ${ends}`);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
    expect(stderr).toMatch(/tsmachine: error: the copy is incomplete.* \[COPY_FAILED\]/);
  });

  test("copies what it can of a tree, and says that something is missing", async () => {
    const { exitCode, stderr } = await shell(`
      ln -s nothing tree/broken; status=0; scp -r tree default:partly || status=$?
      tsmachine ssh default test -f partly/sub/run; exit $status`);
    expect(exitCode).toBe(1);
    expect(stderr).toContain("broken");
    expect(stderr).toContain("[COPY_FAILED]");
  });

  test("prints JSON when asked to", async () => {
    const { stdout } = await shell("scp --json big default:x");
    expect(JSON.parse(stdout)).toMatchObject({
      source: { machine: null, path: "big" },
      destination: { machine: "default", path: "x" },
    });
  });

  test("shows progress on a terminal, and none with -q", async () => {
    const onTerminal = (flags: string) =>
      shell(`head -c 10000000 /dev/urandom >bigger
        script -qec '${tsmachine} scp ${flags} bigger default:/tmp/bigger' /dev/null`);
    expect((await onTerminal("")).stdout).toContain("%");
    expect((await onTerminal("-q")).stdout).toBe("");
  });

  test("ends at Ctrl-C, and the next copy is whole", async () => {
    const { stdout, stderr } = await shell(`
      head -c 100000000 /dev/urandom >huge
      ${tsmachine} scp huge default:/tmp/huge 2>cancelled & copy=$!
      until tsmachine ssh default test -s /tmp/huge; do :; done
      kill -INT $copy; wait $copy || echo $?; grep -o CANCELLED cancelled
      scp big default:/tmp/huge; scp default:/tmp/huge back; cmp big back`);
    expect({ stdout, stderr }).toEqual({ stdout: "130\nCANCELLED\n", stderr: "" });
  });
});

describe("`tsmachine scp -d`", () => {
  test("sends with rsync only what differs, there and back", async () => {
    const { exitCode, stdout, stderr } = await machine.store.shell(`${prepare}
      head -c 20000000 /dev/urandom >base; tsmachine scp -d base default:/tmp/base
      echo more >>base; tsmachine scp -d base default:/tmp/base
      tsmachine scp -d -r tree default:; tsmachine scp -d default:/tmp/base back; cmp base back
      tsmachine ssh default cat tree/link`);
    expect({ exitCode, stdout, stderr }).toEqual({ exitCode: 0, stdout: "plain\n", stderr: "" });
  });

  test("does not copy between two machines, and says what does", async () => {
    expect(await machine.store.tsmachine("scp", "-d", "default:a", "other:b")).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining("hint: leave out -d"),
    });
  });
});

test("old clients' own protocol works too", async () => {
  const { Driver, Files } = await machine.inspect();
  const folder = Files.dataDisk.slice(0, Files.dataDisk.lastIndexOf("/"));
  const { exitCode, stderr } = await machine.store.shell(`${prepare}
    scp -O -q -F none -P ${Driver.SSHPort} -i ${Driver.SSHKeyPath} \\
      -o UserKnownHostsFile=${folder}/known_hosts big docker@${Driver.IPAddress}:`);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
});

test("a machine that loses its power ends copies of either client within a minute or two", async () => {
  const copies = clients.map(
    ({ tsmachine }, index) => `
      ${tsmachine} scp huge other:/tmp/huge${index} 2>error${index} & copy${index}=$!
      until tsmachine ssh other test -s /tmp/huge${index}; do :; done`,
  );
  const ends = clients.map(
    (_, index) => `wait $copy${index} || echo $?; grep -o COPY_FAILED error${index}`,
  );
  const { stdout } = await machine.store.shell(`${prepare}
    head -c 300000000 /dev/zero >huge
    ${copies.join("\n")}
    tsmachine kill other >&2
    ${ends.join("\n")}
    tsmachine start other >&2`);
  expect(stdout).toBe("1\nCOPY_FAILED\n".repeat(clients.length));
});

test("a machine that does not run is named", async () => {
  await machine.store.tsmachine("stop", "other");
  const { exitCode, stderr } = await machine.store.tsmachine("scp", "other:a", "b");
  expect({ exitCode, stderr }).toEqual({
    exitCode: 1,
    stderr: expect.stringContaining('Cannot run SSH command: Host "other" is not running'),
  });
});
