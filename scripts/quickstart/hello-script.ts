/**
 * For the machine's shell: runs a container and shows what it prints. Its image is made, once, of
 * the machine's own busybox, whose package was verified, so that no registry is needed.
 */
export const helloScript = `
hello() {
  docker run --rm --pull never tsmachine/hello 'echo "Hello from container $(hostname) on Linux $(uname -r)!"'
}
hello 2>/dev/null || {
  tar -C /usr -c bin/busybox |
    docker import --change 'ENTRYPOINT ["/bin/busybox", "sh", "-c"]' - tsmachine/hello >/dev/null &&
    hello
}
`;
