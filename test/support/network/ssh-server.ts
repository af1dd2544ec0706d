import { spawn } from "node:child_process";
import { once } from "node:events";
import ssh2, { type Connection, type ServerChannel, type Session } from "ssh2";
import { onTestFinished } from "vitest";

export interface SshServer {
  readonly port: number;
  /** Breaks every connection, as a machine does that loses power. */
  cutConnections(): void;
}

/**
 * An SSH server on 127.0.0.1 that lets the owner of one key in and runs commands with sh. Five
 * commands it answers itself: "terminal" prints the terminal's type and size, again at every
 * change, until a line comes in; "hang" never ends; "unanswered" is never begun; "mute" ends without a status; "brief" ends with
 * status 3 in the very moment that it begins. Its server for files takes requests and answers none.
 */
export async function startSshServer(keys: {
  readonly hostKeys: readonly string[];
  readonly authorizedKey: string;
  /** In place of 127.0.0.1 and a free port: this port of all of this host's addresses. */
  readonly port?: number;
}): Promise<SshServer> {
  const connections = new Set<Connection>();
  const authorized = ssh2.utils.parseKey(keys.authorizedKey);
  if (authorized instanceof Error) throw authorized;
  const server = new ssh2.Server({ hostKeys: [...keys.hostKeys] }, (connection) => {
    connections.add(connection);
    connection.on("error", () => {});
    connection.on("authentication", (attempt) => {
      const isOwner =
        attempt.method === "publickey" &&
        attempt.key.data.equals(authorized.getPublicSSH()) &&
        (!attempt.signature ||
          authorized.verify(attempt.blob ?? "", attempt.signature, attempt.hashAlgo) === true);
      if (isOwner) attempt.accept();
      else attempt.reject(["publickey"]);
    });
    connection.on("session", (accept) => serveSession(accept()));
  });
  if (keys.port === undefined) server.listen(0, "127.0.0.1");
  else server.listen(keys.port);
  await once(server, "listening");
  const cutConnections = () => {
    for (const connection of connections) connection.end();
  };
  onTestFinished(() => {
    cutConnections();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no TCP address");
  return { port: address.port, cutConnections };
}

function serveSession(session: Session): void {
  const sizes = { report: () => {}, text: "no terminal" };
  session.on("pty", (accept, _, { term, cols, rows }) => {
    sizes.text = `${term} ${cols}x${rows}`;
    accept?.();
  });
  session.on("window-change", (accept, _, { cols, rows }) => {
    sizes.text = `${cols}x${rows}`;
    sizes.report();
    accept?.();
  });
  session.on("sftp", (accept) => {
    accept().on("STAT", () => {});
  });
  session.on("shell", (accept) => runShell(accept(), []));
  session.on("exec", (accept, _, { command }) => {
    if (innerOf(command) === "unanswered") return;
    const channel = accept();
    switch (innerOf(command)) {
      case "hang":
        channel.write("waiting\n");
        return;
      case "brief":
        endWith(channel, 3);
        return;
      case "mute":
        channel.end();
        return;
      case "terminal":
        sizes.report = () => channel.write(`${sizes.text}\n`);
        sizes.report();
        channel.once("data", () => endWith(channel, 0));
        return;
      default:
        runShell(channel, ["-c", command]);
    }
  });
}

/** OpenSSH is given commands within one that waits for them: see src/ssh/remote-command.ts. */
function innerOf(command: string): string {
  return /^exec env [A-Z_]+='([^']*)' sh -c /.exec(command)?.[1] ?? command;
}

function runShell(channel: ServerChannel, args: string[]): void {
  const child = spawn("sh", args);
  channel.pipe(child.stdin);
  child.stdin.on("error", () => {});
  child.stdout.pipe(channel, { end: false });
  child.stderr.pipe(channel.stderr, { end: false });
  child.on("close", (code, signal) => {
    if (signal === null) endWith(channel, code ?? 0);
    else {
      channel.exit(signal.replace(/^SIG/, ""), false, "");
      channel.end();
    }
  });
}

function endWith(channel: ServerChannel, status: number): void {
  channel.exit(status);
  channel.end();
}
