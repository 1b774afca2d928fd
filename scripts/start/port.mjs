import { connect, createServer } from "node:net";
import { StartError } from "./failure.mjs";

// What `localhost` may mean; a machine without IPv6 has only the first.
const LOOPBACK = ["127.0.0.1", "::1"];

/** Throws StartError if somebody serves this port of localhost, or if we may not. `command` is what takes another `--port`. */
export async function requireFreePort(port, command = "npm start") {
  for (const host of LOOPBACK) {
    const problem = (await answers(host, port)) ? "EADDRINUSE" : await listenProblem(host, port);
    if (problem === "EADDRINUSE") {
      throw new StartError(
        `Port ${port} is taken: stop the program that uses it, or choose another with ${command} -- --port ${port === 8788 ? 8789 : 8788}.`,
      );
    }
    if (problem === "EACCES") {
      throw new StartError(`Port ${port} may not be opened by this user: choose one above 1023.`);
    }
  }
}

/** A port of localhost that is free now. */
export async function freePort() {
  const server = createServer();
  await new Promise((resolve, reject) => server.once("error", reject).listen(0, LOOPBACK[0], resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

// On macOS a server on all addresses does not keep us from listening on one, so we also knock.
function answers(host, port) {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 1000 });
    const end = (answer) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once("connect", () => end(true));
    socket.once("timeout", () => end(false));
    socket.once("error", () => end(false));
  });
}

function listenProblem(host, port) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error) => resolve(error.code));
    server.listen(port, host, () => server.close(() => resolve(null)));
  });
}
