import type { ComponentChildren } from "preact";
import { DrinkIcon } from "../../../ui/src/components/drink-icon.tsx";
import { Icon } from "../../../ui/src/components/icons.tsx";
import { countdown } from "../../../ui/src/format.ts";
import { useDisplay } from "../app-context.ts";
import { mayShow } from "../code-window.ts";
import { QrCode } from "./qr-code.tsx";

/** The code of this window; or why it is missing, and until when. */
export function CodePanel() {
  const { kit, shop, codes } = useDisplay();
  const words = kit.words.value;
  const nowMs = kit.now.value;
  const window = codes.current.value;
  if (shop.value && !shop.value.storeOpen) {
    const { reopensMs } = shop.value;
    return (
      <Panel title={words.closed} tone="closed">
        <Icon name="door" />
        <p class="lead">{reopensMs ? words.reopens : words.closedText}</p>
        {reopensMs > 0 && <Countdown ms={reopensMs - nowMs} />}
      </Panel>
    );
  }
  if (!window || !mayShow(window, nowMs)) {
    return (
      <Panel title={words.soon} tone="waiting">
        <span class="spinner big" aria-hidden="true" />
      </Panel>
    );
  }
  const leftMs = window.endMs - nowMs;
  if (window.remaining <= 0) {
    return (
      <Panel title={words.usedUp} tone="used-up">
        <DrinkIcon icon="latte" />
        <p class="lead">{words.usedUpText}</p>
        <Countdown ms={leftMs} />
      </Panel>
    );
  }
  return <OpenCode leftMs={leftMs} />;
}

function OpenCode({ leftMs }: { leftMs: number }) {
  const { kit, codes, linkTo } = useDisplay();
  const words = kit.words.value;
  const window = codes.current.value;
  if (!window) return null;
  return (
    <Panel title={words.scan} tone="open">
      <QrCode link={linkTo(window.code)} label={words.scan} />
      <p class="lead remaining" role="status">
        {words.remaining(window.remaining)}
      </p>
      {window.codeEndMs !== undefined && <p class="muted">{words.changing}</p>}
      <div class="until">
        <p class="muted">
          {words.newCodeIn} <strong class="numeric">{countdown(leftMs)}</strong>
        </p>
        <progress max={window.endMs - window.startMs} value={leftMs} aria-hidden="true" />
      </div>
    </Panel>
  );
}

function Panel({ title, tone, children }: { title: string; tone: string; children: ComponentChildren }) {
  return (
    <section class={`code-panel ${tone}`}>
      <h2>{title}</h2>
      {children}
    </section>
  );
}

function Countdown({ ms }: { ms: number }) {
  return (
    <p class="countdown numeric" role="timer">
      {countdown(ms)}
    </p>
  );
}
