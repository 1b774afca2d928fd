/**
 * The id of an active template: the recorded one; else one of this name, from a run that ended before it could record it;
 * else a new one. `existing` is the account's list of templates.
 */
export async function ensureTemplate(api, recordedId, template, existing) {
  if (recordedId) {
    const { status, body } = await api.send("GET", `/v2/templates/${recordedId}`);
    if (status === 200 && body.status === "active") return recordedId;
  }
  const same = existing.find(({ name, status }) => name === template.name && status === "active");
  if (same) return same.id;
  return (await api.ask("POST", "/v2/templates", template)).id;
}

/** A pass that can be opened: the recorded one as long as it lives, else the one of this externalId, else a new one. */
export async function ensurePass(api, recordedId, content) {
  const issue = () => api.ask("POST", "/v2/passes?upsert=true", content);
  let pass = (recordedId && (await readLiving(api, recordedId))) || (await issue());
  if (pass.status === "expired") {
    await api.ask("DELETE", `/v2/passes/${pass.id}`);
    pass = await issue();
  }
  if (pass.links.page !== null) return pass;
  return api.ask("POST", `/v2/passes/${pass.id}/links`);
}

async function readLiving(api, id) {
  const { status, body } = await api.send("GET", `/v2/passes/${id}`);
  return status === 200 && body.status !== "voided" ? body : null;
}
