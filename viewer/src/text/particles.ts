/**
 * Korean particles: which of two forms follows a word depends on how the word ends when spoken.
 * The same rule as retrograd/messages/particles.py; a test holds both to the same cases.
 */

// Spoken names of digits and letters that end in a consonant; in ㄹ for those of LIQUID.
const CLOSED = new Set("013678lmnrLMNR");
const LIQUID = new Set("178lrLR");
// Endings of English words that Korean closes with ㅂ, ㄱ or ㅅ: 아웃풋, 로짓, 스텝, 블록.
const SHORT = /(put|out|ogit|nit|plit|step|clip|skip|roup|ock)$/i;
const RIEUL = 8;

/** A word with the fitting one of two particles, such as `은/는` or `으로/로`. */
export function withParticle(word: string, pair: string): string {
  const [afterConsonant = "", afterVowel = ""] = pair.split("/");
  const { closed, liquid } = ending(word);
  if (afterConsonant === "으로" && liquid) return word + afterVowel;
  return word + (closed ? afterConsonant : afterVowel);
}

function ending(word: string): { closed: boolean; liquid: boolean } {
  if (SHORT.test(word)) return { closed: true, liquid: false };
  for (const character of [...word].reverse()) {
    const code = character.codePointAt(0) ?? 0;
    if (code >= 0xac00 && code < 0xd7a4) {
      const final = (code - 0xac00) % 28;
      return { closed: final !== 0, liquid: final === RIEUL };
    }
    if (/[\p{L}\p{N}]/u.test(character)) {
      return { closed: CLOSED.has(character), liquid: LIQUID.has(character) };
    }
  }
  return { closed: false, liquid: false };
}
