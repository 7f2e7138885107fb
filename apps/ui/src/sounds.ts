/** Sounds made on the spot: no file to load, nothing a policy could block. A phone plays them once it has been tapped. */

let context: AudioContext | undefined;

/** Wakes the sound; call it from a tap or key, for browsers demand one first. */
export function unlockSound(): void {
  const found = audio();
  if (found?.state === "suspended") void found.resume().catch(() => {});
}

function audio(): AudioContext | undefined {
  if (typeof AudioContext === "undefined") return undefined;
  context ??= new AudioContext();
  return context;
}

/** Notes in Hz, one after the other. */
const melodies = {
  ready: [659.25, 783.99, 1046.5],
  arrived: [880, 1174.66],
  cancelled: [440, 349.23],
} as const;

/** The name of a melody. */
export type Melody = keyof typeof melodies;

const NOTE_SECONDS = 0.18;

/** Plays a short bell-like melody; silent where sound is not allowed. */
export function play(melody: Melody, volume = 0.4): void {
  const found = audio();
  if (found?.state !== "running") return;
  melodies[melody].forEach((frequency, index) => {
    const start = found.currentTime + index * NOTE_SECONDS;
    const gain = found.createGain();
    gain.gain.setValueAtTime(0, start);
    gain.gain.linearRampToValueAtTime(volume, start + 0.01);
    gain.gain.exponentialRampToValueAtTime(0.001, start + 0.9);
    gain.connect(found.destination);
    const tone = found.createOscillator();
    tone.frequency.value = frequency;
    tone.type = "triangle";
    tone.connect(gain);
    tone.start(start);
    tone.stop(start + 1);
  });
}
