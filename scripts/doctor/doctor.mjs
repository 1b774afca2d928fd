import { readFile } from "node:fs/promises";
import { buffer } from "node:stream/consumers";
import { examine } from "../../src/pkpass/doctor/index.ts";
import { readPemBlocks } from "../../src/pkpass/pem.ts";
import { wwdrFingerprints } from "../../src/pkpass/wwdr.ts";
import { readOptions, UsageError } from "./options.mjs";
import { report } from "./report.mjs";

/** `wepass doctor`: the checks of POST /v2/apple/doctor on this machine. Answers the exit status. */
export async function doctor(args, { usage }) {
  try {
    const options = readOptions(args, process.env);
    const authorities = options.authority === undefined ? [] : await readAuthorities(options.authority);
    const { password, mediaType } = options;
    const examination = await examine(await readInput(options.file), {
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

async function readAuthorities(file) {
  const bytes = await readNamed(file);
  const blocks = readPemBlocks(new TextDecoder("latin1").decode(bytes)).filter(({ label }) => label === "CERTIFICATE");
  // A certificate in DER is as good.
  if (blocks.length === 0 && bytes[0] === 0x30) return [bytes];
  if (blocks.length === 0) throw new UsageError(`${file} holds no certificate in PEM.`);
  return blocks.map(({ der }) => der);
}
