import { createSocket } from "node:dgram";
import { get } from "node:http";
import { bindingProblem } from "../../../src/host/bindable.ts";

/** Of a connection through an emulated machine. */
const answerMs = 3_000;

/** Whether anybody has this port of 127.0.0.1, answering or not. */
export async function isBound(port: number, protocol: "tcp" | "udp" = "tcp"): Promise<boolean> {
  return (await bindingProblem({ protocol, address: "127.0.0.1", port })) !== undefined;
}

/** Whether a web server answers at this port of an address of this host. */
export function isAnswering(port: number, host = "127.0.0.1"): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = get({ port, host, agent: false, timeout: answerMs }, (response) => {
      response.resume().on("end", () => resolve(response.statusCode === 200));
      response.on("error", () => resolve(false));
    });
    asked.on("timeout", () => asked.destroy()).on("error", () => resolve(false));
  });
}

/** What comes back for a datagram that is sent to this port of 127.0.0.1; undefined when nothing does. */
export function askEcho(port: number, text: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = createSocket("udp4");
    const end = (answer: string | undefined) => {
      clearTimeout(timer);
      socket.close();
      resolve(answer);
    };
    const timer = setTimeout(() => end(undefined), 1_000);
    socket.once("message", (message) => end(message.toString()));
    // The port is shut.
    socket.once("error", () => end(undefined));
    socket.connect(port, "127.0.0.1", () => socket.send(text));
  });
}
