// What docker-machine said where no machine is needed; stdout and stderr together, as scripts that
// look for these words read them.
import { symlink } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { openTestStore, packageDirectory, type TestStore } from "../support/machines/tsmachine.ts";

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
  return () => store[Symbol.asyncDispose]();
});

/** The lines that a command line prints, without empty ones, and its exit status. */
async function transcript(commandLine: string, environment: Readonly<Record<string, string>> = {}) {
  const { stdout, exitCode } = await store.shell(`{ ${commandLine}; } 2>&1`, { environment });
  return { lines: stdout.split("\n").filter(Boolean), status: exitCode };
}

const doesNotExist = (name: string) =>
  `Docker machine "${name}" does not exist. Use "docker-machine ls" to list machines. ` +
  'Use "docker-machine create" to add a new one.';
const invalidName =
  "Error creating machine: Invalid hostname specified. Allowed hostname chars are: 0-9a-zA-Z . -";
const noDefault = 'Error: No machine name(s) specified and no "default" machine exists';
const warning = "WARNING: This action will delete both local reference and remote instance.";

describe("the first line is docker-machine's sentence alone:", () => {
  test.each([
    [
      "create -d bogus bogus",
      'Driver "bogus" not found. Do you have the plugin binary "docker-machine-driver-bogus" accessible in your PATH?',
    ],
    ["create -d qemu a extra", "Invalid command line. Found extra arguments [extra]"],
    ["create -d qemu a b c", "Invalid command line. Found extra arguments [b c]"],
    ["create -d qemu -", invalidName],
    ["create -d qemu .", invalidName],
    ["create -d qemu ..", invalidName],
    [
      "create -d qemu --swarm --swarm-discovery 1234 a",
      "Error parsing swarm discovery: Swarm Discovery URL was in the wrong format: 1234",
    ],
    ["inspect nobody", doesNotExist("nobody")],
    ["start nobody", doesNotExist("nobody")],
    ["url ∞", doesNotExist("∞")],
    ["version nobody", doesNotExist("nobody")],
    ["url", noDefault],
    ["env", noDefault],
    ["config", noDefault],
    ["ip", noDefault],
    ["inspect", noDefault],
    ["status", noDefault],
    ["start", noDefault],
    ["stop", noDefault],
    ["restart", noDefault],
    ["kill", noDefault],
    ["upgrade", noDefault],
    ["status a b", "Error: Expected one machine name as an argument"],
    ["url a b", "Error: Expected one machine name as an argument"],
    ["active a", "Error: Too many arguments given"],
    ["active", "No active host found"],
    ["env -u a", "Error: Expected no machine name when the -u flag is present"],
    ["env --shell nosuch -u", "Error: Unknown shell"],
    [
      "bogus",
      "docker-machine: 'bogus' is not a docker-machine command. See 'docker-machine --help'.",
    ],
  ])("docker-machine %s", async (args, sentence) => {
    const { lines, status } = await transcript(`docker-machine ${args}`);
    expect([lines[0], status]).toEqual([sentence, 1]);
    for (const line of lines.slice(1)) expect(line).toMatch(/^docker-machine: hint: /);
    expect(lines.join("\n")).not.toMatch(/\btsmachine (?!.*not part of)/);
  });
});

describe("the last line is docker-machine's sentence, below the help:", () => {
  test.each([
    ["create -d qemu", "Error: No machine name specified", "--qemu-memory"],
    ["create -d qemu ''", "Error: No machine name specified", "--qemu-memory"],
    ["rm", "Error: Expected to get one or more machine names as arguments", "--force"],
    ["rm -y", "Error: Expected to get one or more machine names as arguments", "--force"],
  ])("docker-machine %s", async (args, sentence, flag) => {
    const { lines, status } = await transcript(`docker-machine ${args}`);
    expect([lines.at(-1), status]).toEqual([sentence, 1]);
    expect(lines[0]).toMatch(/^Usage: docker-machine /);
    expect(lines.join("\n")).toContain(flag);
  });

  test("docker-machine create of a name in other letters", async () => {
    const { lines, status } = await transcript("docker-machine create -d qemu ∞");
    expect({ lines, status }).toEqual({ lines: [invalidName], status: 1 });
  });
});

describe("rm of what is not there", () => {
  test.each(["rm ∞ -y", "rm -y ∞"])("docker-machine %s fails after its warning", async (args) => {
    expect(await transcript(`docker-machine ${args}`)).toEqual({
      lines: ["About to remove ∞", warning, `Error removing host "∞": ${doesNotExist("∞")}`],
      status: 1,
    });
  });

  test("docker-machine rm -f is content", async () => {
    expect(await transcript("docker-machine rm -f nobody")).toEqual({
      lines: ["About to remove nobody", warning],
      status: 0,
    });
  });

  test.each(["echo n | docker-machine rm nobody", "docker-machine rm nobody </dev/null"])(
    "%s is no failure",
    async (commandLine) => {
      const { lines, status } = await transcript(commandLine);
      expect([lines[2]?.trim(), status]).toEqual(["Are you sure? (y/n):", 0]);
    },
  );
});

test("a machine of driver none goes through docker-machine's words", async () => {
  const create = await transcript("docker-machine create -d none --url none a");
  expect(create).toEqual({
    lines: [
      "Running pre-create checks...",
      "Creating machine...",
      "To see how to connect your Docker Client to the Docker Engine running on this virtual " +
        "machine, run: docker-machine env a",
    ],
    status: 0,
  });
  const again = await transcript("docker-machine create -d none --url none a");
  expect([again.lines[0], again.status]).toEqual(['Docker machine "a" already exists', 1]);
  expect(await transcript("docker-machine ls -q")).toEqual({ lines: ["a"], status: 0 });
  expect(await transcript("docker-machine url a")).toEqual({ lines: ["none"], status: 0 });
  expect(await transcript("docker-machine status a")).toEqual({ lines: ["Running"], status: 0 });
  expect(await transcript("echo n | docker-machine rm a")).toMatchObject({ status: 0 });
  expect(await transcript("docker-machine rm a -y")).toEqual({
    lines: ["About to remove a", warning, "Successfully removed a"],
    status: 0,
  });
});

describe("help and version", () => {
  test.each(["", "--help", "help"])(
    "docker-machine %s begins as docker-machine's",
    async (args) => {
      const { lines, status } = await transcript(`docker-machine ${args}`);
      expect([lines[0], lines[1], status]).toEqual([
        expect.stringMatching(/^Usage: docker-machine /),
        "Create and manage machines running Docker.",
        0,
      ]);
    },
  );

  test.each(
    "active config create env inspect ip kill ls restart rm ssh start status stop upgrade url version".split(
      " ",
    ),
  )("docker-machine %s -h names the command", async (command) => {
    const { lines, status } = await transcript(`docker-machine ${command} -h`);
    expect([lines[0], status]).toEqual([expect.stringContaining(`docker-machine ${command}`), 0]);
  });

  test.each(["-v", "version", "--version"])("docker-machine %s", async (args) => {
    const { lines, status } = await transcript(`docker-machine ${args}`);
    expect({ lines, status }).toEqual({
      lines: [expect.stringMatching(/^docker-machine version \d+\.\d+\.\d+$/)],
      status: 0,
    });
  });
});

describe("the global flags and variables", () => {
  test("docker-machine takes all of them before the command", async () => {
    const flags =
      "-D --native-ssh --github-api-token x --bugsnag-api-token y --tls-ca-cert a --tls-ca-key b " +
      `--tls-client-cert c --tls-client-key d -s '${store.path}'`;
    expect(await transcript(`docker-machine ${flags} ls -q`)).toEqual({ lines: [], status: 0 });
  });

  test("docker-machine create refuses certificates that are not there", async () => {
    const environment = { MACHINE_TLS_CA_CERT: "/nowhere/a", MACHINE_TLS_CA_KEY: "/nowhere/b" };
    const { lines, status } = await transcript("docker-machine create -d qemu a", environment);
    expect([lines[0], status]).toEqual(["there is no file /nowhere/a", 1]);
  });

  test("MACHINE_DRIVER is the driver that create takes", async () => {
    const { lines } = await transcript("docker-machine create a", { MACHINE_DRIVER: "bogus" });
    expect(lines[0]).toMatch(/^Driver "bogus" not found\./);
  });
});

test("a pre-create check that fails ends with status 3", async () => {
  const create = "docker-machine create -d qemu --qemu-program /nowhere/qemu a";
  const { lines, status } = await transcript(create, { PATH: await pathWithoutQemu() });
  expect([lines[0], lines[1], status]).toEqual([
    "Running pre-create checks...",
    expect.stringMatching(/^Error with pre-create check: ".+"$/),
    3,
  ]);
});

/** The store's own programs with node beside them, and no others. */
async function pathWithoutQemu(): Promise<string> {
  const programs = join(store.path, "..", "bin");
  await symlink(process.execPath, join(programs, "node"));
  return programs;
}

test("a link of the name docker-machine to tsmachine is docker-machine", async () => {
  const link = join(store.path, "..", "home", "docker-machine");
  await symlink(join(packageDirectory, "bin/tsmachine"), link);
  expect((await transcript(`'${link}' url`)).lines).toEqual([noDefault]);
});

test("errors as JSON are tsmachine's under either name, but for the name in hints", async () => {
  const [said, ours] = await Promise.all(
    ["docker-machine", "tsmachine"].map((name) => transcript(`${name} url nobody --json`)),
  );
  expect(JSON.stringify(ours)).toContain("tsmachine create");
  const renamed = JSON.stringify(ours).replaceAll("tsmachine ", "docker-machine ");
  expect(JSON.stringify(said)).toBe(renamed);
});
