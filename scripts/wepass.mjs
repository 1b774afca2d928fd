#!/usr/bin/env node
// npx wepass: what WePass can do for people without a server.

const usage = `Usage: wepass doctor FILE [options]

Says why Apple Wallet would not open a pass, or why nothing can be signed with a certificate, and how to mend it.
FILE is a .pkpass, .pkpasses, .cer, .pem, .p12 or .key; - reads standard input.

  --password TEXT       opens a .p12 or an encrypted key
  --password-env NAME   the same, from an environment variable (it stays out of the shell's history)
  --authority FILE      PEM of a further issuer to trust, such as a sandbox's /sandbox/authority.pem
  --media-type TYPE     the Content-Type with which your server delivers the pass, to be checked as well
  --json                writes the examination as JSON

Exit status: 0 no errors, 1 errors found, 2 wrong usage.`;

/** Imports only what any Node has: the doctor itself is TypeScript, which an old one cannot load. */
const [command, ...args] = process.argv.slice(2);
if (
  command === "--help" ||
  command === "-h" ||
  (command === "doctor" && args.some((arg) => /^(--help|-h)$/.test(arg)))
) {
  console.log(usage);
} else if (command !== "doctor") {
  console.error(usage);
  process.exitCode = 2;
} else if (!process.features.typescript) {
  console.error(
    `This is Node ${process.versions.node}, and the doctor needs Node 22.18 or later: run \`npx wepass doctor\` in the folder of WePass after \`npm ci\`, which brings its own.`,
  );
  process.exitCode = 2;
} else {
  await import("./support/typescript.mjs");
  const { doctor } = await import("./doctor/doctor.mjs");
  try {
    process.exitCode = await doctor(args, { usage });
  } catch (error) {
    if (error.code !== "ERR_MODULE_NOT_FOUND") throw error;
    console.error("The dependencies are not installed: run `npm ci` first.");
    process.exitCode = 2;
  }
}
