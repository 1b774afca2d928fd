import { demoTemplates } from "../seed/templates.mjs";
import { createApi } from "./api.mjs";
import { readDemo, writeDemo } from "./demo-file.mjs";
import { ensurePass, ensureTemplate } from "./seed-one.mjs";
import { ensureTenant } from "./tenant.mjs";

/**
 * Completes the demo: tenant, key, a template and a pass per business, the home page. What exists stays. Each step is
 * recorded in `path` once it is made, so that an interrupted run is taken up where it ended. Answers what is recorded, and
 * `sample`, the body of a request that issues another pass.
 */
export async function ensureDemo(admin, path) {
  const demo = await readDemo(path);
  const save = () => writeDemo(path, demo);

  const { tenantId, apiKey } = await ensureTenant(admin, demo);
  if (tenantId !== demo.tenantId) Object.assign(demo, { templateIds: [], passIds: [], passUrls: [], shownPassIds: [] });
  Object.assign(demo, { tenantId, apiKey });
  await save();

  const api = createApi(admin.url, apiKey);
  const { templates } = await api.ask("GET", "/v2/account");
  const seeds = demoTemplates();
  for (const [index, { template, pass }] of seeds.entries()) {
    demo.templateIds[index] = await ensureTemplate(api, demo.templateIds[index], template, templates);
    await save();
    const { id, links } = await ensurePass(api, demo.passIds[index], { templateId: demo.templateIds[index], ...pass });
    demo.passIds[index] = id;
    demo.passUrls[index] = links.page;
    await save();
  }
  if (demo.shownPassIds.join() !== demo.passIds.join()) {
    await admin.ask("PUT", "/admin/showcase", { tenantId, passIds: demo.passIds });
    demo.shownPassIds = [...demo.passIds];
    await save();
  }
  return { ...demo, sample: { templateId: demo.templateIds[0], values: seeds[0].pass.values } };
}
