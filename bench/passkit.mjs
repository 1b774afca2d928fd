import { PKPass } from "passkit-generator";

/**
 * The same passes by passkit-generator: its "buffer model", with pass.json as our projection writes it, of
 * which the text and the serial number are another one in every pass.
 */
export function passkitMaker(images, certificates, passJsons) {
  let serial = 0;
  return function makePass() {
    serial += 1;
    const passJson = { ...passJsons[serial % passJsons.length], serialNumber: `passkit-${serial}` };
    return new PKPass({ ...images, "pass.json": Buffer.from(JSON.stringify(passJson)) }, certificates).getAsBuffer();
  };
}
