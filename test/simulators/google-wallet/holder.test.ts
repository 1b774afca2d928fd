import { runInDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import { sqliteStore } from "../../../src/simulators/google-wallet/google";
import { setSaved } from "../../../src/simulators/google-wallet/holder";
import type { Simulation } from "../../../src/simulators/google-wallet/simulation";
import type { Resource } from "../../../src/simulators/google-wallet/store";
import { newSimulator } from "./client";

const issuerId = "3388000000012345678";
const ofBoth = { vertical: "generic", issuerId, saved: false } as const;
const ofClass: Resource = {
  ...ofBoth,
  kind: "class",
  id: `${issuerId}.class`,
  classId: null,
  body: { callbackOptions: { url: "https://hooks.example.org/google" } },
};
const object: Resource = { ...ofBoth, kind: "object", id: `${issuerId}.object`, classId: ofClass.id, body: {} };

describe("the callbacks of one pass", () => {
  it("R138 are counted while they are under way", async () => {
    await runInDurableObject(newSimulator(), async (_, { storage }) => {
      const store = sqliteStore(storage);
      for (const resource of [ofClass, object]) store.addResource(resource);
      const { promise: answered, resolve: answer } = Promise.withResolvers<number>();
      const sim = { store, now: 1_000_000, deliver: () => answered } as unknown as Simulation;
      const saved = () => store.resource("object", object.id)!.saved;
      const pressed = Array.from({ length: 10 }, () => setSaved(sim, [object], !saved()));
      await expect(setSaved(sim, [object], true)).rejects.toMatchObject({ status: 429, retryAfterSeconds: 60 });
      expect(saved()).toBe(false);
      expect(store.callbacks(object.id).map(({ status }) => status)).toEqual(Array<null>(10).fill(null));
      answer(200);
      await Promise.all(pressed);
      expect(store.callbacks(object.id).map(({ status }) => status)).toEqual(Array<number>(10).fill(200));
    });
  });
});
