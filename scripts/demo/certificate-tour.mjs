/** A certificate of one's own, without OpenSSL: the sandbox plays Apple's portal. The pass under it opens on the phone. */
export async function certificateTour(api, narrator, { phone }, { template, values }) {
  const { step, say, call, holds } = narrator;
  const passTypeIdentifier = `pass.com.example.tour.${Date.now().toString(36)}`;

  step("Ask for a certificate of one's own");
  const { body: request } = await call(api, ["POST", "/v2/apple/certificate-requests", {}], 201);
  holds(request.csr.startsWith("-----BEGIN CERTIFICATE REQUEST-----"), `${request.id} is for Apple's portal`);
  holds(!JSON.stringify(request).includes("PRIVATE KEY"), "its private key stays here");
  const { csr } = request;
  const played = await call(api, ["POST", "/v2/apple/sandbox-certificates", { csr, passTypeIdentifier }], 201);
  holds(played.body.length > 0, "in the sandbox, WePass plays the portal and answers a .cer");

  step("Bring it back");
  const path = `/v2/apple/certificate-requests/${request.id}/certificate`;
  const { body: completed } = await call(api, ["PUT", path, played.body], 200);
  say(JSON.stringify(completed).slice(0, 200));

  step("Issue a pass under it");
  const { body: made } = await call(api, ["POST", "/v2/templates", { ...template, passTypeIdentifier }], 201);
  const { body: pass } = await call(api, ["POST", "/v2/passes", { templateId: made.id, values }], 201);
  const installed = await phone.install(pass.links.page);
  holds(installed.passTypeIdentifier === passTypeIdentifier, `the phone took it as ${passTypeIdentifier}`);
  await phone.remove(pass.id);
  await call(api, ["DELETE", `/v2/passes/${pass.id}`], 200);
  await call(api, ["DELETE", `/v2/templates/${made.id}`], 204);
}
