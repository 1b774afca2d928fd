import { coffee } from "../seed/art/coffee.mjs";
import { Canvas } from "../seed/draw.mjs";
import { checkPackage } from "./check-package.mjs";

/** One picture becomes every picture of a pass, and the doctor finds nothing to say of the file. Answers the template. */
export async function pictureTour(api, narrator, folder, { template, pass: content }) {
  const { step, say, call, holds } = narrator;

  step("Upload one picture");
  const canvas = new Canvas(50, 50, 10);
  coffee.logo(canvas);
  // 200 if an earlier tour left it there.
  const { body: image } = await call(api, ["POST", "/v2/images", canvas.toPng()], 201, 200);
  holds(image.width === 500 && image.height === 500, `${image.id} is kept as it is: ${image.width} × ${image.height}`);

  step("Make a template of it");
  const images = { icon: image.id, logo: image.id };
  const { body: made } = await call(api, ["POST", "/v2/templates", { ...template, images }], 201);
  for (const { code, pointer, detail } of made.warnings ?? []) say(`${code} at ${pointer}: ${detail}`);
  const { body: pass } = await call(api, ["POST", "/v2/passes", { templateId: made.id, values: content.values }], 201);
  const download = ["GET", `/v2/passes/${pass.id}/pkpass`];
  const { files } = await checkPackage(api, download, narrator, folder);
  const sizes = Object.fromEntries(
    Object.entries(files)
      .filter(([name]) => name.endsWith(".png"))
      .map(sizeOf),
  );
  for (const [name, size] of Object.entries(sizes)) say(`${name}: ${size}`);
  holds(sizes["icon.png"] === "38 × 38" && sizes["icon@3x.png"] === "114 × 114", "each slot got its own three sizes");

  step("Show the file to the doctor");
  const { body: bytes } = await call(api, download, 200);
  const { body: examination } = await call(api, ["POST", "/v2/apple/doctor", bytes], 200);
  for (const { severity, code, seen } of examination.findings) say(`${severity} ${code}: ${seen}`);
  holds(examination.findings.length === 0, "it finds nothing that Wallet would refuse");
  const cut = bytes.slice(0, bytes.length - 1000);
  const { body: second } = await call(api, ["POST", "/v2/apple/doctor", cut], 200);
  for (const { severity, code, seen, remedy } of second.findings) say(`${severity} ${code}: ${seen}. ${remedy}`);
  holds(
    second.findings.some(({ severity }) => severity === "error"),
    "of a file that was cut off it says what is wrong, and what to do",
  );
  await call(api, ["DELETE", `/v2/passes/${pass.id}`], 200);
  return made;
}

/** Width and height stand at the start of a PNG, in its IHDR. */
function sizeOf([name, png]) {
  const { buffer, byteOffset } = png;
  const view = new DataView(buffer, byteOffset);
  return [name, `${view.getUint32(16)} × ${view.getUint32(20)}`];
}
