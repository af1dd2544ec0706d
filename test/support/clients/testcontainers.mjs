// What a user of testcontainers writes: it knows nothing of tsmachine, and is run with the variables of `tsmachine env`.
import { argv, stdout } from "node:process";
import { GenericContainer, Wait } from "testcontainers";

const container = await new GenericContainer(argv[2] ?? "")
  .withCommand(["httpd", "-f", "-p", "80", "-h", "/www"])
  .withExposedPorts(80)
  .withWaitStrategy(Wait.forHttp("/", 80))
  .withStartupTimeout(180_000)
  .start();
try {
  const host = container.getHost();
  const response = await fetch(`http://${host}:${container.getMappedPort(80)}/`);
  const { output, exitCode } = await container.exec(["echo", "in the container"]);
  stdout.write(`${JSON.stringify({ host, body: await response.text(), output, exitCode })}\n`);
} finally {
  await container.stop();
}
