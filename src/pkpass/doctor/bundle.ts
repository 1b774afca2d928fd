import { bundlePassesMax } from "../package";
import type { ExaminationFacts, ExaminationOptions, Finding } from "./examination";
import { found } from "./finding";
import { openPackage, type PackageContent, type PackageLimits } from "./package";
import { examinePass } from "./pass";

/** A `.pkpasses`: each pass in it is examined, with its name before the path of what was found. */
export async function examineBundle(
  content: PackageContent,
  options: ExaminationOptions,
  limits: PackageLimits,
): Promise<{ findings: Finding[]; facts: ExaminationFacts }> {
  const entries = Object.entries(content.files);
  const passes = entries.filter(([path]) => path.toLowerCase().endsWith(".pkpass"));
  const findings = [...content.findings];
  for (const [path] of entries) {
    if (!passes.some(([name]) => name === path)) findings.push(found("bundle_entry_foreign", path, path));
  }
  if (passes.length > bundlePassesMax) findings.push(found("bundle_too_many", null, `${passes.length} passes`));
  let facts: ExaminationFacts | null = null;
  // What all passes unpack to counts together, so that many of them are no way around the limit.
  let { unpackedBytesMax } = limits;
  for (const [name, zip] of passes.slice(0, bundlePassesMax)) {
    const opened = openPackage(zip, { ...limits, unpackedBytesMax });
    const examined = opened.content && (await examinePass(opened.content, options));
    for (const finding of examined?.findings ?? opened.findings) findings.push(within(name, finding));
    for (const file of Object.values(examined?.files ?? {})) unpackedBytesMax -= file.length;
    facts ??= examined?.facts ?? null;
  }
  return { findings, facts: { ...(facts ?? nothingKnown), passes: passes.length } };
}

const within = (name: string, finding: Finding): Finding => ({
  ...finding,
  path: finding.path === null ? name : `${name}/${finding.path}`,
});

export const nothingKnown: ExaminationFacts = {
  passTypeIdentifier: null,
  teamIdentifier: null,
  serialNumber: null,
  organizationName: null,
  style: null,
  signedAt: null,
  passes: 0,
  certificate: null,
};
