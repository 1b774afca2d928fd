import { expect } from "vitest";
import { clearIsolateCaches } from "../../src/db/isolate-cache";
import { fileText } from "../support/apple-files";
import { heldPass, newDevice } from "../support/device";
import { importOf, liveEnv, newLiveTenant, sandboxCertificate, toBase64 } from "../support/certificates";
import { addCertificates, exampleRequest, newWorld, send, type Operation } from "./operations";
import type { Producer } from "./producers";

/** How the error codes of Apple certificates are provoked. */

const preparedWorld = () => newWorld().then(addCertificates);

const otherMasterKey: Producer = async (operation) => {
  const request = exampleRequest(operation, await preparedWorld());
  clearIsolateCaches();
  const env = { ...liveEnv, ENVIRONMENT: "sandbox", MASTER_KEY: "ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8=" };
  return send(request, { env: env as never });
};

/** The request has its certificate already. */
const completedRequest: Producer = async (operation) => {
  const world = await preparedWorld();
  const path = `/v2/apple/certificate-requests/${world.ids.csr}`;
  const { csr } = (await world.tenant.get(path)).body;
  const other = await sandboxCertificate(world.tenant, csr, { days: 30 });
  const { status } = await world.tenant.put(`${path}/certificate`, { certificate: toBase64(other) });
  expect(status).toBe(200);
  return send(exampleRequest(operation, world));
};

/** In production, where Apple's intermediate cannot be fetched, by a certificate with which nothing else is wrong. */
const withoutIntermediate: Producer = async () => {
  const tenant = await newLiveTenant();
  const { issuerCertificate: _, ...members } = importOf("pass.pem");
  return tenant.post("/v2/apple/certificates", members);
};

const requestWithoutIntermediate: Producer = async () => {
  const [tenant, { tenant: portal }] = [await newLiveTenant(), await newWorld()];
  const { body } = await tenant.post("/v2/apple/certificate-requests", {});
  const certificate = toBase64(await sandboxCertificate(portal, body.csr));
  return tenant.put(`/v2/apple/certificate-requests/${body.id}/certificate`, { certificate });
};

export const certificateProducers: Record<string, Producer> = {
  "importAppleCertificate master_key_mismatch": otherMasterKey,
  "importAppleCertificate temporarily_unavailable": withoutIntermediate,
  "completeCertificateRequest master_key_mismatch": otherMasterKey,
  "completeCertificateRequest temporarily_unavailable": requestWithoutIntermediate,
  "completeCertificateRequest certificate_request_completed": completedRequest,
  "deleteCertificateRequest certificate_request_completed": completedRequest,
  "deleteAppleCertificate certificate_is_default": async (operation: Operation) => {
    const world = await preparedWorld();
    const certificate = toBase64(await sandboxCertificate(world.tenant, fileText("pass.csr")));
    const members = { certificate, privateKey: fileText("pkcs8.pem") };
    expect((await world.tenant.post("/v2/apple/certificates", members)).status).toBe(201);
    return send(exampleRequest(operation, world));
  },
  "deleteAppleCertificate certificate_in_use": async (operation: Operation) => {
    const world = await preparedWorld();
    const held = await heldPass(world.tenant, world.ids.pass);
    expect((await newDevice().register(held)).status).toBe(201);
    return send(exampleRequest(operation, world));
  },
  "createSandboxCertificate master_key_mismatch": otherMasterKey,
  "createSandboxCertificate not_found": async (operation: Operation) => {
    const tenant = await newLiveTenant();
    return send(exampleRequest(operation, { ...(await newWorld()), tenant }), { env: liveEnv });
  },
};
