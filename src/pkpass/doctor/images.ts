import type { JsonObject, ResolvedImages } from "../../pass-model/resolved-pass";
import { imageSlots, type ImageDensity, type ImageSlot } from "../../pass-model/vocabulary";
import { imageSizeWarnings } from "../image-sizes";
import { isPng, readPng } from "../png";
import { posterImages, styleImages } from "../project";
import type { Finding } from "./examination";
import { found } from "./finding";
import { describeFile } from "./look-alikes";
import type { ManifestReading } from "./manifest";
import type { PackageContent } from "./package";
import { styleOf } from "./style";

/** The pictures of a pass: PNG, named by slot and density, at the top or in the folder of a language (Apple, "Pass Design and Creation"). */

interface PictureFile {
  path: string;
  /** `de.lproj/` or nothing. */
  folder: string;
  slot: ImageSlot;
  density: ImageDensity;
}

const name = /^((?:[^/]+\.lproj\/)?)([A-Za-z]+)(?:@([23])x)?\.png$/;

function readName(path: string): PictureFile | null {
  const [, folder, slot, density] = name.exec(path) ?? [];
  if (!imageSlots.includes(slot as ImageSlot)) return null;
  return { path, folder: folder!, slot: slot as ImageSlot, density: density ? (`${density}x` as ImageDensity) : "1x" };
}

export const isPicture = (path: string): boolean => readName(path) !== null;

/** The slots that have a picture, in any language. */
export function slotsOf({ files, unreadable }: PackageContent): ImageSlot[] {
  return [...new Set(picturesAmong([...Object.keys(files), ...unreadable]).map(({ slot }) => slot))];
}

const picturesAmong = (paths: string[]): PictureFile[] => paths.flatMap((path) => readName(path) ?? []);

export function checkImages(content: PackageContent, pass: JsonObject | null, manifest: ManifestReading): Finding[] {
  const listed = picturesAmong(Object.keys(content.files)).filter(({ path }) => !manifest.unlisted.has(path));
  const slots = new Set(listed.map(({ slot }) => slot));
  return [
    ...checkIcon(content, manifest.paths),
    ...checkPictures(listed, content, manifest.paths),
    ...(pass ? checkShown([...slots], pass) : []),
  ];
}

function checkIcon({ files, unreadable }: PackageContent, listed: ReadonlySet<string>): Finding[] {
  const paths = [...Object.keys(files), ...unreadable, ...listed];
  const has = (path: string) => paths.some((each) => each === path || each.endsWith(`.lproj/${path}`));
  if (!has("icon.png")) return [found("icon_missing", "icon.png", "it is missing")];
  return has("icon@2x.png") ? [] : [found("icon_2x_missing", "icon@2x.png", "it is missing")];
}

const tooLarge = new Set(["image_too_large", "image_too_many_pixels"]);

/** Apple's own form of PNG, which stands before IHDR and which no standard knows. */
const isCrushed = (file: Uint8Array): boolean => new TextDecoder("latin1").decode(file.subarray(12, 16)) === "CgBI";

/** The size in pixels, or what keeps it from being known. */
function readPicture(path: string, file: Uint8Array): { width: number; height: number } | Finding {
  if (!isPng(file)) return found("image_not_png", path, `it is ${describeFile(file)}`);
  if (isCrushed(file)) return found("image_crushed", path, "its first chunk is CgBI");
  const read = readPng(file);
  if (read.ok) return read.png;
  return found(tooLarge.has(read.code) ? "image_too_large" : "image_corrupt", path, read.detail);
}

function checkPictures(
  pictures: PictureFile[],
  { files, unreadable }: PackageContent,
  listed: ReadonlySet<string>,
): Finding[] {
  const elsewhere = new Set([...unreadable, ...listed]);
  const findings: Finding[] = [];
  const sizes = new Map<string, ResolvedImages>();
  for (const { path, folder, slot, density } of pictures) {
    const read = readPicture(path, files[path]!);
    const size = "code" in read ? standIn : read;
    if ("code" in read) findings.push(read);
    const images = sizes.get(folder) ?? {};
    images[slot] = { ...images[slot], [density]: { id: path, width: size.width, height: size.height, sha256: "" } };
    sizes.set(folder, images);
  }
  for (const [folder, images] of sizes) {
    for (const { code, pointer, detail } of imageSizeWarnings(images)) {
      const [, , slot, density] = pointer.split("/") as [string, string, ImageSlot, ImageDensity | undefined];
      if (density) {
        const picture = images[slot]![density]!;
        if (picture.width > 0) findings.push(found("image_size_odd", picture.id, detail));
      } else if (code === "image_density_missing" && !isToldOtherwise(slot, detail, folder, elsewhere)) {
        findings.push(found("image_density_missing", `${folder}${slot}.png`, detail));
      }
    }
  }
  return findings;
}

/** Of a picture that cannot be read no size is known. */
const standIn = { width: 0, height: 0 };

function isToldOtherwise(slot: ImageSlot, detail: string, folder: string, elsewhere: ReadonlySet<string>): boolean {
  const density = /@[23]x/.exec(detail)?.[0] ?? "";
  const hasOwnFinding = (slot === "icon" && density === "@2x") || slot === "personalizationLogo";
  return hasOwnFinding || elsewhere.has(`${folder}${slot}${density}.png`);
}

function checkShown(slots: ImageSlot[], pass: JsonObject): Finding[] {
  const style = styleOf(pass);
  if (style === null) return [];
  const hasPoster = pass.preferredStyleSchemes !== undefined || pass.posterGeneric !== undefined;
  const shown = new Set<ImageSlot>([...styleImages[style], "personalizationLogo", ...(hasPoster ? posterImages : [])]);
  const hidden = slots.filter((slot) => !shown.has(slot));
  const findings = hidden.map((slot) => found("image_not_shown", `${slot}.png`, `a ${style} shows no ${slot}`));
  if (style === "eventTicket" && !hasPoster && slots.includes("strip") && slots.includes("background")) {
    const seen = "beside a strip an event ticket shows neither background nor thumbnail";
    findings.push(found("image_not_shown", "background.png", seen));
  }
  return findings;
}
