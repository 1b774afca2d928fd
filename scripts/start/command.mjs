import { StartError } from "./failure.mjs";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"];

/**
 * Runs `command(cleanups)` to its end or to the first signal, then the cleanups that it pushed, last one first, and
 * ends the process: with the code that the command answered, with `signalCode`, or with 1 and one sentence.
 */
export async function runCommand(command, { signalCode }) {
  const signalled = new Promise((resolve) => {
    for (const signal of SIGNALS) process.on(signal, () => resolve(signalCode));
  });
  const cleanups = [];
  let code = 1;
  try {
    code = await Promise.race([command(cleanups), signalled]);
  } catch (error) {
    console.error(error instanceof StartError ? error.message : error);
  }
  for (const cleanup of cleanups.reverse()) await cleanup();
  process.exit(code);
}
