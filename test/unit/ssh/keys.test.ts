import ssh2 from "ssh2";
import { describe, expect, test } from "vitest";
import { knownHostsLine, parseHostKey } from "../../../src/ssh/host-key.ts";
import { createKeyPair } from "../../../src/ssh/key-pair.ts";

// Made with createKeyPair; its private half was not kept.
const ed25519 = "AAAAC3NzaC1lZDI1NTE5AAAAIOERGSFhtSfOQ+1z1WmAadqtSSjMUp0jUCK4BVRNMnZj";

describe("createKeyPair", () => {
  test("makes a pair whose halves belong together", async () => {
    const { privateKey, publicKey } = await createKeyPair({ comment: "dev" });
    expect(publicKey).toMatch(/^ssh-ed25519 [A-Za-z0-9+/]{68} dev$/);
    expect(privateKey).toMatch(/^-----BEGIN OPENSSH PRIVATE KEY-----\n/);
    const [secret, open] = [ssh2.utils.parseKey(privateKey), ssh2.utils.parseKey(publicKey)];
    if (secret instanceof Error || open instanceof Error) throw new Error("unreadable key");
    expect(open.verify("text", secret.sign("text"))).toBe(true);
  });

  test("never makes a key that is too short, as ssh2 does for one in 256", async () => {
    const pairs = await Promise.all(
      Array.from({ length: 2_000 }, () => createKeyPair({ comment: "dev" })),
    );
    expect(pairs.filter(({ publicKey }) => !/^ssh-ed25519 \S{68} dev$/.test(publicKey))).toEqual(
      [],
    );
  });
});

describe("parseHostKey", () => {
  test.each([`ssh-ed25519 ${ed25519}`, `ssh-ed25519 ${ed25519} root@dev\n`])("reads %j", (line) => {
    expect(parseHostKey(line)).toEqual({ type: "ssh-ed25519", base64: ed25519 });
  });

  test.each(["", "ssh-ed25519", "ssh-ed25519 AAAA", `ssh-rsa ${ed25519}`, `ssh-dss ${ed25519}`])(
    "refuses %j",
    (line) => {
      expect(() => parseHostKey(line)).toThrow(
        expect.objectContaining({ code: "INVALID_INPUT", message: `"${line}" is no SSH host key` }),
      );
    },
  );
});

describe("knownHostsLine", () => {
  const hostKey = `ssh-ed25519 ${ed25519} comment`;

  test.each([
    { address: "127.0.0.1", port: 2222, host: "[127.0.0.1]:2222" },
    { address: "192.0.2.7", port: 22, host: "192.0.2.7" },
    { address: "::1", port: 2222, host: "[::1]:2222" },
  ])("names $host for $address port $port", ({ address, port, host }) => {
    expect(knownHostsLine({ address, port, hostKey })).toBe(`${host} ssh-ed25519 ${ed25519}\n`);
  });
});
