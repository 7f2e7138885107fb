import preact from "@preact/preset-vite";
import { defineConfig } from "vite";

const apps = ["order", "barista", "display", "console"];

/** One build of four pages. Nothing is inlined, so that the strictest Content-Security-Policy holds. */
export default defineConfig({
  root: import.meta.dirname,
  base: "/",
  plugins: [preact({ devToolsEnabled: false, prefreshEnabled: false })],
  build: {
    outDir: `${import.meta.dirname}/dist`,
    emptyOutDir: true,
    target: ["chrome111", "firefox114", "safari16.4"],
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    rolldownOptions: { input: Object.fromEntries(apps.map((app) => [app, `${import.meta.dirname}/${app}/index.html`])) },
  },
});
