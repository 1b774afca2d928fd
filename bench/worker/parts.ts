import { unzipSync } from "fflate";
import { checkResolved, checkValues } from "../../src/pass-model/resolve";
import type { JsonObject, ResolvedPass } from "../../src/pass-model/resolved-pass";
import { appendToPack, sha1Hex } from "../../src/pkpass/archive";
import { packagePass } from "../../src/pkpass/package";
import { projectPassJson } from "../../src/pkpass/project";
import { recordOf, resolve, type Fixture } from "./fixture";

/** One operation; `serial` is another one each time, so that no two are alike. */
export type Part = (fixture: Fixture, serial: number, sample: Sample) => unknown;

/** What the later steps of the path start from. */
export interface Sample {
  resolved: ResolvedPass;
  passJson: JsonObject;
  pass: Uint8Array;
  manifest: Uint8Array;
  signature: Uint8Array;
}

const encoder = new TextEncoder();

/** As long as the signed attributes of a pass. */
const attributes = new Uint8Array(107);

export async function makeSample(fixture: Fixture, serial: number): Promise<Sample> {
  const resolved = resolve(fixture, recordOf(fixture, serial));
  const passJson = projectPassJson(resolved, fixture.identity).output;
  const files = unzipSync(await makePass(fixture, serial)) as Record<
    "pass.json" | "manifest.json" | "signature",
    Uint8Array
  >;
  return { resolved, passJson, pass: files["pass.json"], manifest: files["manifest.json"], signature: files.signature };
}

export const parts: Record<string, Part> = {
  /** The yardstick: what no way of making a pass can save. */
  rsa({ key }, serial) {
    new DataView(attributes.buffer).setUint32(0, serial);
    return crypto.subtle.sign("RSASSA-PKCS1-v1_5", key, attributes);
  },
  /** The whole path of a download, from the stored pass to the bytes of the file. */
  pass: (fixture, serial) => makePass(fixture, serial),

  check: ({ compiled, values }, serial) => checkValues(compiled, values(serial)),
  checkResolved: (_fixture, _serial, { resolved }) => checkResolved(resolved, {}),
  resolve: (fixture, serial) => resolve(fixture, recordOf(fixture, serial)),
  project: ({ identity }, _serial, { resolved }) => projectPassJson(resolved, identity),
  package: ({ pack, signer }, _serial, { passJson }) => packagePass(passJson, pack, signer, new Date()),
  stringify: (_fixture, _serial, { passJson }) => encoder.encode(JSON.stringify(passJson)),
  sha1: (_fixture, _serial, { pass }) => sha1Hex(pass),
  sign: ({ signer }, _serial, { manifest }) => signer.sign(manifest, new Date()),
  splice: ({ pack }, _serial, { pass, manifest, signature }) =>
    appendToPack(pack, { "pass.json": pass, "manifest.json": manifest, signature }),
};

export function makePass(fixture: Fixture, serial: number): Promise<Uint8Array> {
  const { output } = projectPassJson(resolve(fixture, recordOf(fixture, serial)), fixture.identity);
  return packagePass(output, fixture.pack, fixture.signer, new Date());
}
