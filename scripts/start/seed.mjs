import { demoTemplates } from "../seed/templates.mjs";
import { createApi } from "./api.mjs";
import { readDemo, writeDemo } from "./demo-file.mjs";
import { ensurePass, ensureTemplate, isOpen, readPass, readTemplate } from "./seed-one.mjs";
import { ensureTenant } from "./tenant.mjs";

/**
 * Completes the demo: tenant, key, a template and a pass per business, the home page. What exists stays. Each step is
 * recorded in `path` once it is made, so that an interrupted run is taken up where it ended. Answers what is recorded, and
 * `sample`, the body of a request that issues another pass.
 */
export async function ensureDemo(admin, path, makeSeeds = demoTemplates) {
  const demo = await readDemo(path);
  const save = () => writeDemo(path, demo);

  const { tenantId, apiKey } = await ensureTenant(admin, demo);
  if (tenantId !== demo.tenantId) Object.assign(demo, { templateIds: [], passIds: [], passUrls: [], shownPassIds: [] });
  Object.assign(demo, { tenantId, apiKey });
  await save();

  const api = createApi(admin.url, apiKey);
  // Drawing the pictures takes longer than all else here, so a demo that is whole is not drawn again.
  const passes = (await wholeDemo(api, demo)) ?? (await seed(api, makeSeeds(), demo, save));
  if (passes.some(({ id }, index) => id !== demo.shownPassIds[index])) {
    await admin.ask("PUT", "/admin/showcase", { tenantId, passIds: demo.passIds });
    demo.shownPassIds = [...demo.passIds];
  }
  // Another port than the last time gives the same links another address.
  demo.passUrls = passes.map(({ links }) => links.page);
  await save();
  return { ...demo, sample: { templateId: demo.templateIds[0], values: passes[0].values } };
}

/** The passes, if the demo was once completed and nothing of it has gone since; else null. */
async function wholeDemo(api, { templateIds, passIds, shownPassIds }) {
  if (passIds.length === 0 || passIds.join() !== shownPassIds.join()) return null;
  const templates = await Promise.all(templateIds.map((id) => readTemplate(api, id)));
  const passes = await Promise.all(passIds.map((id) => readPass(api, id)));
  return templates.every(Boolean) && passes.every(isOpen) ? passes : null;
}

async function seed(api, seeds, demo, save) {
  const { templates } = await api.ask("GET", "/v2/account");
  const passes = [];
  for (const [index, { template, pass }] of seeds.entries()) {
    const templateId = await ensureTemplate(api, demo.templateIds[index], template, templates);
    demo.templateIds[index] = templateId;
    await save();
    passes[index] = await ensurePass(api, demo.passIds[index], { templateId, ...pass });
    demo.passIds[index] = passes[index].id;
    demo.passUrls[index] = passes[index].links.page;
    await save();
  }
  return passes;
}
