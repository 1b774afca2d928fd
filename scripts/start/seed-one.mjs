/** A template that issues passes; null if there is none of this id. */
export const readTemplate = (api, id) => readActive(api, `/v2/templates/${id}`);

/** A pass that its holder could use; null if there is none of this id. */
export const readPass = (api, id) => readActive(api, `/v2/passes/${id}`);

export const isOpen = (pass) => Boolean(pass?.links.page);

/**
 * The id of an active template: the recorded one; else one of this name, from a run that ended before it could record it;
 * else a new one. `existing` is the account's list of templates.
 */
export async function ensureTemplate(api, recordedId, template, existing) {
  if (recordedId && (await readTemplate(api, recordedId))) return recordedId;
  const same = existing.find(({ name, status }) => name === template.name && status === "active");
  return same?.id ?? (await api.ask("POST", "/v2/templates", template)).id;
}

/** A pass that can be opened: the recorded one while it is active, else the one of this externalId, else a new one. */
export async function ensurePass(api, recordedId, content) {
  const issue = () => api.ask("POST", "/v2/passes?upsert=true", content);
  let pass = (recordedId && (await readPass(api, recordedId))) || (await issue());
  // A month later the flight has left, and a coupon's days count from its first issue.
  if (pass.status === "expired") {
    await api.ask("DELETE", `/v2/passes/${pass.id}`);
    pass = await issue();
  }
  return isOpen(pass) ? pass : api.ask("POST", `/v2/passes/${pass.id}/links`);
}

async function readActive(api, path) {
  const { status, body } = await api.send("GET", path);
  return status === 200 && body.status === "active" ? body : null;
}
