import type { TemplateVersionRow } from "../../db/data-schema";
import { IsolateCache } from "../../db/isolate-cache";
import { compileDesign, type CompiledDesign } from "../../pass-model/compile-design";
import type { TemplateDesign } from "../../pass-model/design";
import type { ResolvedImages } from "../../pass-model/resolved-pass";

/** A stored version made ready for use. Versions never change, so an isolate keeps them. */
export interface LoadedVersion {
  compiled: CompiledDesign;
  images: ResolvedImages;
  packHash: string;
}

const versions = new IsolateCache<LoadedVersion & { weight: number }>(16_000_000, ({ weight }) => weight);

export function cachedVersion(tenantId: string, templateId: string, version: number): LoadedVersion | undefined {
  return versions.get(`${tenantId}/${templateId}/${version}`);
}

export function loadVersion(row: TemplateVersionRow): LoadedVersion {
  const cacheKey = `${row.tenantId}/${row.templateId}/${row.version}`;
  const cached = versions.get(cacheKey);
  if (cached) return cached;
  const result = compileDesign(JSON.parse(row.design) as TemplateDesign, "trusted");
  if (!result.ok) throw new Error(`version ${row.version} of ${row.templateId} no longer compiles`);
  const images = JSON.parse(row.images) as ResolvedImages;
  const loaded = { compiled: result.compiled, images, packHash: row.packHash, weight: row.design.length * 4 };
  versions.set(cacheKey, loaded);
  return loaded;
}
