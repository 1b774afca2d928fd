import { describe, expect, it } from "vitest";
import { newTemplate, storeCard } from "../support/api";
import { connectGoogle } from "../support/google-account";
import { greyPng } from "../support/png";
import {
  addCertificates,
  allOperations,
  exampleRequest,
  filledIn,
  isWalletCall,
  newWorld,
  parametersOf,
  schemaExamples,
  send,
  type Operation,
  type World,
} from "./operations";
import { newEnrollingPass } from "./producers";
import { addPrefill, addSite } from "./signup-producers";

/** Only Google can sign what this one takes: test/routes/google-callbacks.test.ts does it in its place. */
const operations = (await allOperations()).filter(({ id }) => id !== "receiveGoogleCallback");

/** Where the example needs more than one of everything. */
const preparations: Record<string, (world: World) => Promise<unknown>> = {
  // The world's template has an active pass, and so cannot be deleted.
  deleteTemplate: async (world) => {
    world.ids.tmpl = await newTemplate(world.tenant);
  },
  ...Object.fromEntries(
    [
      "importAppleCertificate",
      "getCertificateRequest",
      "deleteCertificateRequest",
      "downloadCertificateRequest",
      "completeCertificateRequest",
      "listCertificateRequests",
      "putGoogleAccount",
    ].map((id) => [id, addCertificates]),
  ),
  deleteGoogleAccount: (world) => connectGoogle(world.tenant),
  openGoogleSignup: (world) => addSite(world.tenant),
  postGoogleSignup: (world) => addSite(world.tenant),
  redeemSignupPrefill: addPrefill,
  // The world's image is shown by its template.
  deleteImage: async (world) => {
    world.ids.img = (await world.tenant.post("/v2/images", { data: greyPng(2, 2) })).body.id;
  },
  // The world's image is too small to be resized.
  getImageVariantFile: async (world) => {
    const { body } = await world.tenant.post("/v2/templates", storeCard({ images: { icon: greyPng(200, 200) } }));
    world.ids.img = body.images.icon;
  },
  listUpdatedPasses: async (world) => {
    const register = operations.find(({ id }) => id === "registerDevice")!;
    expect((await send(exampleRequest(register, world))).status).toBe(201);
  },
  personalizePass: async (world) => {
    world.ids.pass = await newEnrollingPass(world.tenant);
  },
};

async function preparedWorld({ id }: Operation): Promise<World> {
  const world = await newWorld();
  await preparations[id]?.(world);
  return world;
}

describe("the examples of the document are accepted as they stand", { timeout: 20_000 }, () => {
  it.each(operations.map((operation) => [operation.id, operation] as const))(
    "R202 R203 %s answers its examples with what it documents",
    async (_, operation) => {
      const world = await preparedWorld(operation);
      const request = exampleRequest(operation, world);
      const statuses = new Set<number>();
      const answer = await send(request);
      expect(answer.status, answer.text).toBeLessThan(304);
      statuses.add(answer.status);
      // What is there already is told so.
      const isRepeatable = isWalletCall(operation) || operation.method === "PUT";
      if (isRepeatable && answer.status === 201) statuses.add((await send(request)).status);

      for (const { name, schema } of parametersOf(operation.spec, "query")) {
        expect(schema.examples, `${operation.id} ?${name}`).toBeDefined();
        for (const example of schema.examples) {
          const query = new URLSearchParams({ [name]: filledIn(String(example), world.ids) });
          const filtered = await send({ ...request, path: `${request.path}?${query.toString()}` });
          expect(filtered.status, `?${query.toString()} ${filtered.text}`).toBeLessThan(304);
          statuses.add(filtered.status);
        }
      }

      // A GET without a body of its own is answered so to who only looks.
      const isLook = operation.method === "GET" && operation.spec.responses["204"] !== undefined;
      if (isLook) statuses.add((await send({ ...request, method: "HEAD" })).status);

      const documented = Object.keys(operation.spec.responses)
        .map(Number)
        .filter((status) => status < 304);
      expect([...statuses].toSorted()).toEqual(documented.toSorted());
    },
  );

  const withJson = operations.filter(({ spec }) => spec.requestBody?.content["application/json"]);

  it.each(withJson.map((operation) => [operation.id, operation] as const))(
    "R202 R203 %s answers the examples of its body's schema",
    async (_, operation) => {
      const examples = await schemaExamples(operation);
      expect(examples).not.toEqual([]);
      for (const body of examples) {
        const world = await preparedWorld(operation);
        const filled = JSON.parse(filledIn(JSON.stringify(body), world.ids, world.files));
        const answer = await send({ ...exampleRequest(operation, world), body: filled });
        expect(answer.status, answer.text).toBeLessThan(300);
      }
    },
  );
});
