// npm start: a whole working WePass on this machine, with five demo passes. Running it again keeps what is there.
// Nothing is imported before the check, for an older Node fails on the imports with a message of its own.
if (Number.parseInt(process.versions.node, 10) < 22) {
  console.error(
    `This is Node ${process.versions.node}, and WePass needs Node 22 or later: use \`npm start\`, which brings its own.`,
  );
  process.exit(1);
}
const { runCommand } = await import("./start/command.mjs");
const { start } = await import("./start/start.mjs");
await runCommand((cleanups) => start(process.argv.slice(2), cleanups), { signalCode: 0 });
