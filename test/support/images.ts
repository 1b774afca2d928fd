import { env } from "cloudflare:workers";
import { unzipSync } from "fflate";
import { expect } from "vitest";
import type { TestTenant } from "./api";

/** Uploads a picture in base64; answers its id. */
export async function upload(tenant: TestTenant, file: string): Promise<string> {
  const answer = await tenant.post("/v2/images", { data: file });
  expect(answer.status, answer.text).toBe(201);
  return answer.body.id;
}

/** How often each image of the tenant is shown, by its id. */
export async function imageUses(tenant: TestTenant): Promise<Record<string, { templates: number; passes: number }>> {
  const { results } = await env.DATA_DB.prepare(
    "select id, template_uses, pass_uses from images where tenant_id = ? order by id",
  )
    .bind(tenant.id)
    .all<{ id: string; template_uses: number; pass_uses: number }>();
  return Object.fromEntries(
    results.map(({ id, template_uses, pass_uses }) => [id, { templates: template_uses, passes: pass_uses }]),
  );
}

/** The files of a pass, as the API packages it. */
export async function packageOf(tenant: TestTenant, passId: string): Promise<Record<string, Uint8Array>> {
  const answer = await tenant.get(`/v2/passes/${passId}/pkpass`);
  expect(answer.status, answer.text).toBe(200);
  return unzipSync(answer.bytes);
}

/** An environment in which another request deletes the image just before the first write. */
export function deletingEnv(imageId: string): Cloudflare.Env {
  let pending = true;
  const deleting = new Proxy(env.DATA_DB, {
    get(db, member) {
      const value: unknown = Reflect.get(db, member);
      if (member !== "batch") return typeof value === "function" ? value.bind(db) : value;
      return async (statements: D1PreparedStatement[]) => {
        if (pending) await db.prepare("delete from images where id = ?").bind(imageId).run();
        pending = false;
        return db.batch(statements);
      };
    },
  });
  return { ...env, DATA_DB: deleting } as Cloudflare.Env;
}

/** An environment of a deployment without the Images binding. */
export function withoutImages(): Cloudflare.Env {
  const { IMAGES: _, ...bindings } = env as Cloudflare.Env & { IMAGES?: unknown };
  return bindings as Cloudflare.Env;
}
