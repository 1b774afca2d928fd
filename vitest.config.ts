import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-pool-workers";
import { defineConfig } from "vitest/config";

/** Unit and integration tests run in real workerd, with real D1, R2, queues and Durable Objects. */
export default defineConfig(async () => {
  const migrations = {
    CONTROL_MIGRATIONS: await readD1Migrations("./migrations/control"),
    DATA_MIGRATIONS: await readD1Migrations("./migrations/data"),
  };
  return {
    plugins: [
      cloudflareTest({
        wrangler: { configPath: "./wrangler.toml" },
        miniflare: {
          bindings: {
            ...migrations,
            MASTER_KEY: "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
            ADMIN_TOKEN: "wpa_test_admin_token",
            PUBLIC_URL: "https://api.example.com",
          },
        },
      }),
    ],
    test: {
      include: ["test/**/*.test.ts"],
      setupFiles: ["./test/support/setup.ts"],
      isolate: false,
      maxWorkers: 1,
      silent: "passed-only" as const,
    },
  };
});
