/** Puts messages into words, from the same Fluent files as the terminal. */
import { FluentBundle, FluentResource } from "@fluent/bundle";
import { packed, urgent } from "messages";
import { unpackedDense } from "../data/packed.ts";
import { withParticle } from "./particles.ts";

export type Language = "en" | "ko";
export const LANGUAGES: readonly Language[] = ["en", "ko"];
export type Arguments = Readonly<Record<string, string | number>>;

const bundles = new Map<Language, FluentBundle>();
let texts = urgent;

/** Unpack the texts; nothing else can be said before. */
export async function openCatalogue(): Promise<void> {
  const [ids, said] = JSON.parse(await unpackedDense(packed)) as readonly [string[], Readonly<Record<string, string[]>>];
  const text = (rests: readonly string[]): string => rests.map((rest, place) => rest && `${ids[place]}${rest}\n`).join("");
  texts = Object.fromEntries(Object.entries(said).map(([language, rests]) => [language, text(rests)]));
  bundles.clear();
}

function bundle(language: Language): FluentBundle {
  let found = bundles.get(language);
  if (!found) {
    found = new FluentBundle(language, {
      useIsolating: false,
      functions: {
        JOSA: ([word, pair]) => withParticle(String(word?.valueOf()), String(pair?.valueOf())),
      },
    });
    found.addResource(new FluentResource(texts[language] ?? ""));
    bundles.set(language, found);
  }
  return found;
}

/** Whether a language has a message. */
export function has(language: Language, id: string): boolean {
  return bundle(language).hasMessage(id);
}

/** A message in words. Throws where the language lacks it or an argument is missing. */
export function say(language: Language, id: string, args: Arguments = {}): string {
  const message = bundle(language).getMessage(id);
  if (!message?.value) throw new Error(`no message ${id} in ${language}`);
  const errors: Error[] = [];
  const text = bundle(language).formatPattern(message.value, args, errors);
  if (errors[0]) throw errors[0];
  return text;
}
