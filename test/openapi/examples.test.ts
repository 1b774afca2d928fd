import { describe, expect, it } from "vitest";
import {
  allOperations,
  exampleRequest,
  filledIn,
  isWalletCall,
  parametersOf,
  schemaExamples,
  send,
} from "./operations";
import { preparedWorld } from "./prepared-worlds";

/** Only Google can sign what this one takes: test/routes/google-callbacks.test.ts does it in its place. */
const operations = (await allOperations()).filter(({ id }) => id !== "receiveGoogleCallback");

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
