import { expect } from "vitest";
import { newTemplate, storeCard } from "../support/api";
import { connectGoogle } from "../support/google-account";
import { greyPng } from "../support/png";
import {
  addCertificates,
  allOperations,
  exampleRequest,
  newWorld,
  send,
  type Operation,
  type World,
} from "./operations";
import { newEnrollingPass } from "./producers";
import { addPrefill, addSite } from "./signup-producers";

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
    const register = (await allOperations()).find(({ id }) => id === "registerDevice")!;
    expect((await send(exampleRequest(register, world))).status).toBe(201);
  },
  personalizePass: async (world) => {
    world.ids.pass = await newEnrollingPass(world.tenant);
  },
};

/** In which the operation takes its example. */
export async function preparedWorld({ id }: Operation): Promise<World> {
  const world = await newWorld();
  await preparations[id]?.(world);
  return world;
}
