import { registerHooks } from "node:module";

/** Lets Node load our TypeScript as it stands: `./x` is `./x.ts`. Only what Node can strip may be loaded so (no parameter properties, no JSX). */
registerHooks({
  resolve(specifier, context, nextResolve) {
    const ours = /^\.\.?\//.test(specifier) && context.parentURL?.endsWith(".ts") && !/\.[cm]?[jt]s$/.test(specifier);
    return nextResolve(ours ? `${specifier}.ts` : specifier, context);
  },
});
