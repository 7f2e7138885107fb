import { signal } from "@preact/signals";
import type { FunctionComponent } from "preact";
import { loadCode } from "./load-code.ts";

/** A component whose code is fetched when first needed, or earlier by `preload`. */
export interface Lazy<P> extends FunctionComponent<P> {
  preload(): void;
}

/** Until the code has come, a spinner stands in its place. */
export function lazy<P extends object>(load: () => Promise<FunctionComponent<P>>): Lazy<P> {
  const loaded = signal<FunctionComponent<P> | undefined>(undefined);
  let loading = false;
  async function preload(): Promise<void> {
    if (loading) return;
    loading = true;
    loaded.value = await loadCode(load);
  }
  function Later(props: P) {
    const Loaded = loaded.value;
    if (Loaded) return <Loaded {...props} />;
    void preload();
    return <span class="spinner" role="status" />;
  }
  return Object.assign(Later, { preload: () => void preload() });
}
