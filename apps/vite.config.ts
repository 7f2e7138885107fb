import preact from "@preact/preset-vite";
import { defineConfig, type Plugin } from "vite";

const apps = ["order", "barista", "display", "console"];

/** Vite's helper fetches a chunk's style sheets before its script. Chunks here have no style sheets, so the import itself is enough. */
const plainDynamicImports: Plugin = {
  name: "plain-dynamic-imports",
  enforce: "pre",
  load: (id) => (id.endsWith("vite/preload-helper.js") ? "export const __vitePreload = (load) => load();" : undefined),
};

/** What several pages share, in few files: what the first view needs, and what a whole app needs. Many small files would compress badly. */
const groups = [
  { name: "framework", test: /node_modules\/(preact|@preact)/ },
  {
    name: "base",
    test: /preload-helper|drink-icon|ui\/src\/(base|clock|http|i18n|load-code|parameters|problem|settings|shop|storage)\.ts$/,
  },
  {
    name: "kit",
    test: /ui\/src\/(mqtt\/|(api|explain|format|kit|kit-context|lazy|live|order-book|orders|random|session|shop-state|sounds|topics|user-pool|vault)\.|components\/(connection|dialog|form|icons|page|sign-in-ended)\.)|\/contract\/(display-text|order|topic-names)\.ts$/,
  },
];

/** One build of four pages. Nothing is inlined, so that the strictest Content-Security-Policy holds. */
export default defineConfig({
  root: import.meta.dirname,
  // Relative: behind a proxy the apps do not stand at the root.
  base: "./",
  plugins: [plainDynamicImports, preact({ devToolsEnabled: false, prefreshEnabled: false })],
  build: {
    outDir: `${import.meta.dirname}/dist`,
    emptyOutDir: true,
    target: ["chrome111", "firefox114", "safari16.4"],
    // Scripts carry no lists of what else to fetch: the helper that would is not there.
    modulePreload: { polyfill: false, resolveDependencies: (_, files, { hostType }) => (hostType === "js" ? [] : files) },
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    rolldownOptions: {
      input: Object.fromEntries(apps.map((app) => [app, `${import.meta.dirname}/${app}/index.html`])),
      output: { codeSplitting: { groups } },
    },
  },
});
