const passTypeIdentifier = "pass.com.example.tour";

/** A certificate of one's own, without OpenSSL: the sandbox plays Apple's portal. Its pass lives on the phone, across a renewal. */
export async function certificateTour(api, narrator, { phone }, { template, values }) {
  const { step, say, call, fail, holds } = narrator;

  step("Get an Apple certificate of one's own");
  const first = await getCertificate(api, narrator);
  say(`${first.passTypeIdentifier} of team ${first.teamIdentifier}: ${first.daysLeft} days left`);
  holds(first.passTypeIdentifier === passTypeIdentifier && first.status === "active", "it was tried and is in use");

  step("Issue a pass under it");
  const { body: made } = await call(api, ["POST", "/v2/templates", { ...template, passTypeIdentifier }], 201);
  const { body: pass } = await call(api, ["POST", "/v2/passes", { templateId: made.id, values }], 201);
  const installed = await phone.install(pass.links.page).catch(({ message }) => fail(message));
  holds(installed.passTypeIdentifier === passTypeIdentifier, `the phone took it as ${installed.passTypeIdentifier}`);

  step("Renew the certificate");
  const renewed = await getCertificate(api, narrator);
  holds(renewed.fingerprint !== first.fingerprint, "another certificate is in use for the same pass type");
  await call(api, ["PATCH", `/v2/passes/${pass.id}`, { values: { points: values.points + 1 } }], 200);
  const [refreshed] = await phone.push(passTypeIdentifier);
  holds(refreshed?.outcome === "updated", "the pass that is installed goes on, signed with the new one");

  step("Tidy up");
  await phone.remove(pass.id);
  await call(api, ["DELETE", `/v2/passes/${pass.id}`], 200);
  await call(api, ["DELETE", `/v2/templates/${made.id}`], 204);
  await call(api, ["DELETE", `/v2/apple/certificates/${passTypeIdentifier}`], 204);
  holds(phone.wallet.length === 0, "certificate, template and pass are gone");
}

/** From the request to the certificate in use. */
async function getCertificate(api, { call, holds }) {
  const { body: request } = await call(api, ["POST", "/v2/apple/certificate-requests", {}], 201);
  const keeps = request.csr.startsWith("-----BEGIN CERTIFICATE REQUEST-----") && !/PRIVATE KEY/.test(request.csr);
  holds(keeps, `${request.id} is what Apple's portal takes; its private key stays here`);
  const portal = { csr: request.csr, passTypeIdentifier };
  const { body: cer } = await call(api, ["POST", "/v2/apple/sandbox-certificates", portal], 201);
  const path = `/v2/apple/certificate-requests/${request.id}/certificate`;
  return (await call(api, ["PUT", path, cer], 200)).body;
}
