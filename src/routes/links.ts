import { Hono } from "hono";
import * as z from "zod";
import type { AppEnv } from "../http/env";
import { operation } from "../http/operation";
import { validate } from "../http/validate";
import { revokeLink } from "../services/links/manage";

export const links = new Hono<AppEnv>().delete(
  "/:token",
  operation({
    id: "revokeLink",
    tag: "Distribution",
    summary: "Revoke a link",
    description: "Closes a link for good. The token is the last part of `links.page`. The pass itself stays as it is.",
    access: "passes:write",
    responses: { 204: { description: "The link is closed." } },
    errors: ["not_found"],
  }),
  validate(
    "param",
    z.object({
      token: z.string().meta({ description: "Token of the link.", examples: ["K7X2M9QAh4nT0pQ2wX8yZ6bV"] }),
    }),
  ),
  async (c) => {
    await revokeLink(c.get("tenant"), c.req.valid("param").token);
    return c.body(null, 204);
  },
);
