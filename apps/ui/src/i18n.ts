/** Languages. A dictionary is an object of texts and functions; English sets its type, so a missing or surplus key does not compile. */
import { type ReadonlySignal, signal } from "@preact/signals";
import { loadCode } from "./load-code.ts";
import type { Shelf } from "./storage.ts";

/** The languages the apps speak, each by its own name. */
export const languages = { en: "English", "pt-BR": "Português (Brasil)", es: "Español" } as const;
/** A language's tag. */
export type Language = keyof typeof languages;

/** The shape of a dictionary: its texts free, its keys and arguments fixed. */
export type Translated<T> = {
  readonly [Key in keyof T]: T[Key] extends string
    ? string
    : T[Key] extends (...values: infer V) => string
      ? (...values: V) => string
      : Translated<T[Key]>;
};

const isLanguage = (value: unknown): value is Language => typeof value === "string" && Object.hasOwn(languages, value);

/** Returns the first language the apps speak among those the reader prefers, by its main part; else English. */
export function matchLanguage(preferred: readonly string[]): Language {
  for (const tag of preferred) {
    const main = tag.toLowerCase().split("-")[0];
    const found = Object.keys(languages).find((language) => language.split("-")[0] === main);
    if (isLanguage(found)) return found;
  }
  return "en";
}

/** The texts in the chosen language. `choose` resolves once those of another have been loaded. */
export interface Dictionary<W> {
  readonly words: ReadonlySignal<W>;
  readonly language: ReadonlySignal<Language>;
  choose(language: Language): Promise<void>;
}

const KEY = "language";

/** Loads the reader's language and keeps their choice; only the language in use is ever fetched. */
export async function loadDictionary<W extends object>(
  loaders: Record<Language, () => Promise<{ words: W }>>,
  shelf: Shelf,
): Promise<Dictionary<W>> {
  const kept = shelf.get<unknown>(KEY);
  const language = signal<Language>(isLanguage(kept) ? kept : matchLanguage(navigator.languages));
  const words = signal((await loadCode(loaders[language.value])).words);
  const mark = (): void => void (document.documentElement.lang = language.value);
  mark();
  return {
    words,
    language,
    async choose(next) {
      words.value = (await loadCode(loaders[next])).words;
      language.value = next;
      shelf.set(KEY, next);
      mark();
    },
  };
}
