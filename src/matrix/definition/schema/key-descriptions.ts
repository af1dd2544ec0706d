/**
 * What each key holds, as a phrase that completes "give …" in hints and describes the key in the published
 * schema. Keys of the same name mean the same everywhere.
 */
export const keyDescriptions = {
  name: "a name of letters, digits, dots, hyphens and underscores, at most 64",
  kernel: 'kernels of `tsmachine kernel ls`: "6.1", "6.12-full", "6.12.107"',
  engine: 'engines of `tsmachine engine ls`: "26.1", "28.5.2"',
  "storage-driver": 'the storage drivers of the engine: "overlay2", "vfs"',
  cgroup: 'the versions of control groups that the guest mounts: "v1", "v2"',
  iptables: 'what the engine writes its rules with: "nft", "legacy"',
  arch: 'the machines\' processors: "amd64", "arm64"',
  memory: "the machines' memory in MiB, 256 or more: 2048",
  cpus: "the machines' number of virtual CPUs, 1 to 64",
  kernels: "kernels of your own, by the names that the axis kernel has for them",
  image: "the path of a kernel, as `make bzImage` or `make Image` writes it",
  modules: "the folder of its modules, as `make modules_install` leaves them",
  config: "the path of its .config, which tells what it lacks",
  packages: "paths of the Debian packages of a kernel, in place of image and modules",
  engines: "engines of your own, by the names that the axis engine has for them",
  archive: "the path or URL of a .tgz as upstream's static builds are",
  sha256: "what the archive's SHA-256 must be, which a URL needs",
  include: "a list of further combinations: some axes, the others being those of the matrix",
  exclude: "a list of combinations to leave out: some axes, whatever the others are",
  workloads: "a list of what is run on each combination, each with a name, and run or compose",
  load: "paths of image archives that the engine loads before, as `docker load` takes them",
  copy: "a list of files and folders that are copied into the machine before, each with from and to",
  from: "the path of a file or folder of this host",
  to: 'an absolute path in the machine: "/home/docker/tests"',
  run: 'the program and its arguments as a list of words: [docker, run, "app:test"]; or the keys {shell: TEXT}',
  shell: "text that `sh -c` runs",
  compose: "the path of a compose file that `docker compose up` runs in place of run",
  service: "the service of the compose file whose exit status counts; else the first that ends",
  where:
    'where the program runs: "host", here with DOCKER_HOST set (the default), or "guest", in the machine as root',
  timeout:
    'the time limit: "90s", "5m", "1h30m" or seconds, at most 24 hours; 10 minutes unless given',
  "kernel-arguments": 'what is added to the kernel\'s command line: "quiet"',
  "allow-splats": "regular expressions of lines that are no complaint of the kernel's",
  xfail:
    "a list of rules, each with a reason and which cells are expected to fail: some axes, workload",
  workload: "names of workloads",
  outcome:
    'how the cells are expected to fail: "fail", "timeout", "kernel-splat", "engine-fail", "boot-fail", "unsupported"; fail and timeout unless given',
  reason: "why the cells are expected to fail, in one line",
} as const;

export type Key = keyof typeof keyDescriptions;

export function isKey(name: PropertyKey | undefined): name is Key {
  return typeof name === "string" && Object.hasOwn(keyDescriptions, name);
}
