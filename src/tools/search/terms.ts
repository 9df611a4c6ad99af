/** Words that are in every question and name no tool. */
const fillers = new Set(
  ('a an the of to in for and or on with is are be this that it its from by as at into me my i you your can could please would will want need we our us how what ' +
    'which who when where do does did have has had s t about any some all also').split(' '),
);

/** Endings that change the part of speech, longest first, with what takes their place and the fewest letters that must be left. */
const endings: readonly (readonly [string, string, number])[] = [
  ['ization', 'ize', 3], ['isation', 'ize', 3], ['ational', 'ate', 3], ['ations', '', 4], ['ation', '', 4], ['ition', '', 4], ['ment', '', 4], ['ness', '', 4], ['ings', '', 4],
  ['ing', '', 3], ['edly', '', 3], ['ed', '', 3], ['er', '', 4], ['or', '', 4], ['ion', '', 4], ['ive', '', 4], ['able', '', 4], ['ally', '', 4], ['al', '', 4], ['ly', '', 4], ['e', '', 3],
];

const han = /\p{Script=Han}/u;

/**
 * The words of a text in the form in which they are compared. `createPullRequests`, `create_pull_request` and "creating a pull request" come
 * to the same. Chinese, which has no spaces, is cut into pairs of signs.
 */
export function termsOf(text: string): readonly string[] {
  const terms: string[] = [];
  const spaced = text.replace(/([a-z0-9])([A-Z])/g, '$1 $2').replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2').toLowerCase();
  for (const [word] of spaced.matchAll(/[\p{L}\p{N}]+/gu)) {
    if (han.test(word)) pairsOf(word, terms);
    else if (!fillers.has(word)) terms.push(stem(word));
  }
  return terms;
}

function pairsOf(word: string, terms: string[]): void {
  const signs = [...word];
  if (signs.length === 1) terms.push(word);
  for (let i = 0; i + 1 < signs.length; i++) terms.push(`${signs[i]!}${signs[i + 1]!}`);
}

/** Crude on purpose: it must bring together the forms of a word, and what it leaves is never shown. */
function stem(word: string): string {
  if (word.length <= 3) return word;
  const single = withoutPlural(word);
  if (single.length <= 4) return single;
  const ending = endings.find(([end, , least]) => single.endsWith(end) && single.length - end.length >= least);
  const cut = ending ? single.slice(0, -ending[0].length) + ending[1] : single;
  return cut.replace(/([bcdfghjklmnpqrtv])\1$/, '$1').replace(/[ei]$/, '').replace(/y$/, 'i');
}

function withoutPlural(word: string): string {
  if (word.endsWith('ies') && word.length > 4) return `${word.slice(0, -3)}y`;
  if (/(?:ss|sh|ch|x|z)es$/.test(word)) return word.slice(0, -2);
  return /[^su]s$/.test(word) ? word.slice(0, -1) : word;
}
