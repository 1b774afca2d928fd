import { spawn } from "node:child_process";

/**
 * Runs a program to its end. Never rejects: a program that cannot start answers code 127.
 *
 * Output is captured unless `interactive`, which hands the terminal over (prompts work, nothing is captured).
 * Answers `{ code, stdout, stderr }`; a program ended by a signal has code 1.
 */
export function run(command, args, { cwd, env, input, interactive = false } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: interactive ? "inherit" : [input === undefined ? "ignore" : "pipe", "pipe", "pipe"],
    });
    const stdout = [];
    const stderr = [];
    child.stdout?.on("data", (chunk) => stdout.push(chunk));
    child.stderr?.on("data", (chunk) => stderr.push(chunk));
    child.once("error", (error) => resolve({ code: 127, stdout: "", stderr: error.message }));
    child.once("close", (code) =>
      resolve({
        code: code ?? 1,
        stdout: Buffer.concat(stdout).toString(),
        stderr: Buffer.concat(stderr).toString(),
      }),
    );
    if (input !== undefined) {
      // A child that ends without reading its input must not end us with EPIPE.
      child.stdin?.on("error", () => {});
      child.stdin?.end(input);
    }
  });
}
