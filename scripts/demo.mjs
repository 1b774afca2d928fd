// npm run demo: a tour of the API that checks each step, against a running server or one of its own.
// Nothing is imported before the check, for an older Node fails on the imports with a message of its own.
if (Number.parseInt(process.versions.node, 10) < 22) {
  console.error(
    `This is Node ${process.versions.node}, and WePass needs Node 22 or later: use \`npm run demo\`, which brings its own.`,
  );
  process.exit(1);
}
const { runCommand } = await import("./start/command.mjs");
const { demo } = await import("./demo/demo.mjs");
await runCommand((cleanups) => demo(process.argv.slice(2), cleanups), { signalCode: 130 });
