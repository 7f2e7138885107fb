import { useDisplay } from "../app-context.ts";

/** The code that lets the operator sign this screen in, without a keyboard. */
export function PairingPanel() {
  const { kit, pairing } = useDisplay();
  const words = kit.words.value.pairing;
  const code = pairing.code.value;
  return (
    <>
      <section class="card stack centered pairing">
        <h2>{words.title}</h2>
        <p>{words.text}</p>
        <p class="pairing-code numeric" role="status">
          {code ? <span translate={false}>{code}</span> : <span class="spinner" role="img" aria-label={kit.words.value.loading} />}
        </p>
        <p class="muted row">
          <span class="spinner" aria-hidden="true" />
          {code ? words.waiting : words.noCode}
        </p>
      </section>
      <p class="muted centered">{words.or}</p>
    </>
  );
}
