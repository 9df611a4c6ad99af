/** Letters of other scripts that look like Latin ones, after Unicode's list of confusables; full-width and mathematical ones are folded by NFKC. */
const lookLike: Readonly<Record<string, string>> = {
  а: 'a', в: 'b', с: 'c', ԁ: 'd', е: 'e', ё: 'e', һ: 'h', і: 'i', ї: 'i', ј: 'j', к: 'k', ӏ: 'l', м: 'm', н: 'h', о: 'o', р: 'p', ԛ: 'q', г: 'r', ѕ: 's', т: 't', у: 'y', ѵ: 'v', ԝ: 'w', х: 'x', з: '3',
  α: 'a', β: 'b', ε: 'e', η: 'n', ι: 'i', κ: 'k', ν: 'v', ο: 'o', ρ: 'p', τ: 't', υ: 'u', χ: 'x', γ: 'y', ω: 'w', ı: 'i', ɡ: 'g', ɑ: 'a', ⅼ: 'l', օ: 'o', հ: 'h', ս: 'u', ց: 'g',
};

/** What a name looks like: two names with the same one are taken for each other at a glance. */
export function skeleton(name: string): string {
  // Nearly all names are plain, and a server may have tens of thousands of them.
  if (/^[\x20-\x7e]*$/.test(name)) return merged(name.toLowerCase().replace(/[^a-z0-9]/g, ''));
  const folded = [...name.normalize('NFKC').toLowerCase()].map((char) => lookLike[char] ?? char).join('');
  return merged(folded.normalize('NFD').replace(/[\p{M}\p{Cf}]/gu, '').replace(/[^\p{L}\p{N}]/gu, ''));
}

/** Letters, and pairs of them, that most fonts show alike. */
function merged(name: string): string {
  return name.replace(/rn/g, 'm').replace(/vv/g, 'w').replace(/[1i]/g, 'l').replace(/0/g, 'o');
}

/** Letters of a name that only look like Latin ones, beside real Latin ones or in their place. */
export function foreignLetters(name: string): readonly string[] {
  const disguised = [...name].filter((char) => char.charCodeAt(0) > 0x7f && /^[a-z0-9]$/.test(lookLike[char.toLowerCase()] ?? char.normalize('NFKC').toLowerCase()));
  // A word that is all Greek or Cyrillic is a word, unless every letter of it has a Latin twin.
  return disguised.length > 0 && ([...name].every((char) => disguised.includes(char) || /[\x20-\x7e]/.test(char))) ? [...new Set(disguised)] : [];
}
