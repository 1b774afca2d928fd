import { readFile } from "node:fs/promises";
import { buffer } from "node:stream/consumers";
import { readOptions, UsageError } from "./options.mjs";
import { report } from "./report.mjs";

/** `wepass doctor`: the checks of POST /v2/apple/doctor on this machine. Answers the exit status. */
export async function doctor(args, { usage }) {
  try {
    const options = readOptions(args, process.env);
    const input = await readInput(options.file);
    const authority = options.authority === undefined ? null : await readNamed(options.authority);
    const { examine, readPemBlocks, wwdrFingerprints } = await load();
    const authorities = authority ? readAuthorities(options.authority, authority, readPemBlocks) : [];
    const { password, mediaType } = options;
    const examination = await examine(input, {
      now: Date.now(),
      authorities,
      issuerFingerprints: wwdrFingerprints,
      ...(password !== undefined && { password }),
      ...(mediaType !== undefined && { mediaType }),
    });
    const { kind, findings, facts } = examination;
    const ok = findings.every(({ severity }) => severity !== "error");
    if (options.json) console.log(JSON.stringify({ object: "examination", kind, ok, findings, facts }, null, 2));
    else console.log(report(options.file === "-" ? "standard input" : options.file, examination));
    return ok ? 0 : 1;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(`${error.message}\n\n${usage}`);
    return 2;
  }
}

async function readInput(file) {
  if (file === "-") return new Uint8Array(await buffer(process.stdin));
  return readNamed(file);
}

async function readNamed(file) {
  try {
    return new Uint8Array(await readFile(file));
  } catch (error) {
    throw new UsageError(`${file} cannot be read (${error.code}).`);
  }
}

function readAuthorities(file, bytes, readPemBlocks) {
  const blocks = readPemBlocks(new TextDecoder("latin1").decode(bytes)).filter(({ label }) => label === "CERTIFICATE");
  // A certificate in DER is as good.
  if (blocks.length === 0 && bytes[0] === 0x30) return [bytes];
  if (blocks.length === 0) throw new UsageError(`${file} holds no certificate in PEM.`);
  return blocks.map(({ der }) => der);
}

/** Late, for it takes most of a second, and wrong usage is told without it. */
async function load() {
  const modules = ["doctor/index.ts", "pem.ts", "wwdr.ts"].map((name) => import(`../../src/pkpass/${name}`));
  return Object.assign({}, ...(await Promise.all(modules)));
}
