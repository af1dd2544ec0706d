import { expect, it } from "vitest";
import { describeError } from "../../../../src/cli/output/describe-error.ts";
import type { ErrorCode } from "../../../../src/errors/codes.ts";
import { type ErrorDetails, TsmachineError } from "../../../../src/errors/tsmachine-error.ts";

const options = { programName: "docker-machine", about: "", debug: false, format: "text" } as const;

function linesOf(code: ErrorCode, message: string, details: ErrorDetails): readonly string[] {
  return describeError(new TsmachineError(code, message, details), options).lines;
}

// Lines that are undefined stand for the message as it is.
const notFound =
  'Docker machine "x" does not exist. Use "docker-machine ls" to list machines. ' +
  'Use "docker-machine create" to add a new one.';
const hints = ["use `tsmachine ls`"];
const shownHint = "docker-machine: hint: use `docker-machine ls`";

it.each<[ErrorCode, string, ErrorDetails["context"], readonly (string | undefined)[]]>([
  ["MACHINE_NOT_FOUND", 'Docker machine "x" does not exist', {}, [notFound]],
  [
    "MACHINE_NOT_FOUND",
    'Error removing host "x": Docker machine "x" does not exist',
    {},
    [`Error removing host "x": ${notFound}`],
  ],
  ["MACHINE_EXISTS", 'Docker machine "x" already exists', {}, [undefined, shownHint]],
  [
    "MACHINE_NOT_RUNNING",
    'machine "x": Host is not running',
    {},
    ["Host is not running", shownHint],
  ],
  [
    "MACHINE_NOT_RUNNING",
    'machine "x": Host is not running',
    { failure: "Error checking TLS connection" },
    ["Error checking TLS connection: Host is not running", shownHint],
  ],
  [
    "MACHINE_NOT_RUNNING",
    'Cannot run SSH command: Host "x" is not running',
    {},
    ['Error: Cannot run SSH command: Host "x" is not running', shownHint],
  ],
  ["ALREADY_IN_STATE", 'Machine "x" is already running.', {}, [undefined, shownHint]],
  ["NO_ACTIVE_MACHINE", "No active host found", {}, [undefined, shownHint]],
  ["NAME_INVALID", "Invalid hostname specified.", { name: "x" }, [notFound]],
  ["NAME_INVALID", "Error creating machine: Invalid hostname", { name: "x" }, [undefined]],
  ["NAME_MISSING", "No machine name specified", {}, ["Error: No machine name specified"]],
  ["ARGUMENTS_EXTRA", "too many", { expected: 0 }, ["Error: Too many arguments given"]],
  [
    "ARGUMENTS_EXTRA",
    "too many",
    { expected: 1 },
    ["Error: Expected one machine name as an argument"],
  ],
  [
    "ARGUMENTS_EXTRA",
    "Expected no machine name when the -u flag is present",
    {},
    ["Error: Expected no machine name when the -u flag is present"],
  ],
  [
    "COMMAND_UNKNOWN",
    "unknown command 'x'",
    { command: "x" },
    ["docker-machine: 'x' is not a docker-machine command. See 'docker-machine --help'."],
  ],
  [
    "PROVIDER_UNKNOWN",
    'provider "x" not found',
    { id: "x" },
    [
      'Driver "x" not found. Do you have the plugin binary "docker-machine-driver-x" accessible in your PATH?',
      shownHint,
    ],
  ],
  [
    "PROVIDER_NOT_READY",
    'there is no "x"',
    {},
    ['Error with pre-create check: "there is no \\"x\\""', shownHint],
  ],
  ["SHELL_UNKNOWN", 'unknown shell "x"', {}, ["Error: Unknown shell", shownHint]],
  ["TIMEOUT", "it took too long", {}, [undefined, shownHint]],
])("under docker-machine's name %s (%s) has docker-machine's words", (...row) => {
  const [code, message, context = {}, [sentence = message, ...more]] = row;
  expect(linesOf(code, message, { hints, context })).toEqual([sentence, ...more]);
});

it("several failures are worded one after another, and the first gives the exit status", () => {
  const failures = ["PROVIDER_NOT_READY", "MACHINE_EXISTS"] as const;
  const error = new AggregateError(failures.map((code) => new TsmachineError(code, code)));
  expect(describeError(error, options)).toEqual({
    lines: ['Error with pre-create check: "PROVIDER_NOT_READY"', "MACHINE_EXISTS"],
    exitStatus: 3,
  });
});
