import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { Validator } from "@cfworker/json-schema";
import "../scripts/support/typescript.mjs";

/**
 * Holds our table of Google's API, and every payload of the tests, to the schema that was made from Google's discovery
 * document. It runs where that schema stands beside the checkout.
 */

const folder = new URL("../../shared/google/", import.meta.url);
const read = (name) => JSON.parse(readFileSync(new URL(name, folder), "utf8"));
const schema = read("walletobjects.schema.json");
const fields = read("fields.json");

const { googleJsonSchema } = await import("../src/google-wallet/fields/json-schema.ts");
const { googleTable } = await import("../src/google-wallet/fields/types.ts");
const { validateGoogle } = await import("../src/google-wallet/fields/validate.ts");
const { payloads } = await import("../test/google-wallet/payloads.ts");

/** Google's plumbing for uploads, which reach the API as bytes. */
const plumbing = new Set([
  "Blobstore2Info",
  "CompositeMedia",
  "ContentTypeInfo",
  "DiffChecksumsResponse",
  "DiffDownloadResponse",
  "DiffUploadRequest",
  "DiffUploadResponse",
  "DiffVersionResponse",
  "DownloadParameters",
  "Media",
  "MediaRequestInfo",
  "ObjectId",
  "TransitObjectUploadRotatingBarcodeValuesRequest",
]);

const sorted = (list = []) => [...list].sort();

/** What both say of a member. Ours says more of texts that are dates and of the range of numbers. */
function shape({ $ref, type, enum: values, items }) {
  return { $ref, type, enum: values && sorted(values), items: items && shape(items) };
}

function outline({ properties = {}, required, allOf, additionalProperties }) {
  const members = sorted(Object.keys(properties)).map((name) => [name, shape(properties[name])]);
  return {
    members,
    required: sorted(required),
    either: sorted((allOf ?? []).map((one) => JSON.stringify(one))),
    additionalProperties,
  };
}

const deprecated = ({ properties = {} }) =>
  sorted(Object.keys(properties).filter((name) => properties[name].deprecated));

const ours = googleJsonSchema().$defs;
const theirNames = sorted(Object.keys(schema.$defs).filter((name) => !plumbing.has(name)));
assert.deepEqual(sorted(Object.keys(ours)), theirNames, "the names of the types");
for (const name of theirNames) {
  assert.deepEqual(outline(ours[name]), outline(schema.$defs[name]), `the type ${name}`);
  // Of classes and objects the list knows those, too, that only their descriptions call deprecated.
  const theirs = fields.deprecatedFields[name] ?? deprecated(schema.$defs[name]);
  assert.deepEqual(deprecated(ours[name]), sorted(theirs), `the deprecated members of ${name}`);
}
for (const [name, members] of Object.entries(fields.fields)) {
  const current = Object.keys(ours[name].properties).filter((member) => !ours[name].properties[member].deprecated);
  assert.deepEqual(sorted(current), sorted(members), `the members of ${name}`);
}
for (const [name, members] of Object.entries(fields.required)) {
  const required = Object.keys(googleTable[name]).filter((member) => googleTable[name][member].endsWith("!"));
  assert.deepEqual(sorted(required), sorted(members), `the required members of ${name}`);
}

const { $id: _id, ...definitions } = schema;
for (const { name, type, json } of payloads) {
  const validator = new Validator({ ...structuredClone(definitions), $ref: `#/$defs/${type}` }, "2020-12", false);
  // As it is sent.
  const sent = JSON.parse(JSON.stringify(json));
  assert.deepEqual(validator.validate(sent).errors, [], `${name} against Google's schema`);
  assert.deepEqual(validateGoogle(type, sent), [], `${name} against our table`);
}

console.log(`${payloads.length} payloads and ${theirNames.length} types agree with the schema`);
