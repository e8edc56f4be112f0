import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";

import { bundle } from "./bundle.ts";
import { licences } from "./licences.ts";

export default defineConfig(({ mode }) => ({
  plugins: [svelte(), licences(), bundle()],
  // Relative paths, so that the same build is served by the window and by `inlet serve`.
  base: "./",
  // Tables and fonts of pdf.js, taken into modules of their own so that nothing has to fetch them.
  assetsInclude: ["**/*.bcmap", "**/*.pfb"],
  build: { target: "es2022", sourcemap: false, modulePreload: { polyfill: false } },
  server: { port: 5173, strictPort: true },
  resolve: mode === "test" ? { conditions: ["browser"] } : {},
  test: { environment: "jsdom", setupFiles: ["src/test-setup.ts"], include: ["src/**/*.test.ts"], restoreMocks: true, testTimeout: 30_000, update: process.env["UPDATE_GOLDEN"] === "1" },
}));
