import type * as z from 'zod';

type Issue = z.core.$ZodIssue;

/** How the validator's own messages begin; any other was written by whoever wrote the schema, who knew better what to say. */
const raw = /^(?:Invalid |Invalid input\b|Too (?:small|big)\b|Unrecognized keys?\b)/;

const kinds: Readonly<Record<string, string>> = {
  string: 'text', number: 'a number', nan: 'NaN', int: 'a whole number', boolean: 'true or false', array: 'a list', tuple: 'a list', object: 'an object', record: 'an object', map: 'an object', null: 'null', bigint: 'a whole number', date: 'a date',
};

/** What is wrong with a field, to be read after its name: "must be at least 0". The one place where the validator's words become those of a person. */
export function plainWords(issue: Issue): string {
  if (!raw.test(issue.message)) return issue.message;
  switch (issue.code) {
    case 'invalid_type':
      return needed(issue, mustBe(issue));
    case 'invalid_value':
    case 'too_small':
    case 'too_big':
    case 'not_multiple_of':
    case 'invalid_format':
      return mustBe(issue);
    case 'unrecognized_keys':
      return `has ${issue.keys.length === 1 ? 'a field that is not known' : 'fields that are not known'}: ${issue.keys.map((key) => JSON.stringify(key)).join(', ')}`;
    case 'invalid_union':
      return inOneOfTheForms(issue);
    case 'invalid_key':
      return `has a name that cannot be: ${issue.issues.map(plainWords).join('; ')}`;
    case 'invalid_element':
      return `has an entry that cannot be: ${issue.issues.map(plainIssue).join('; ')}`;
    default:
      return 'cannot be this';
  }
}

/** As `plainWords`, with the name of the field in front where it is not the whole value that is wrong. */
export function plainIssue(issue: Issue): string {
  return issue.path.length === 0 ? plainWords(issue) : `${issue.path.map(String).join('.')}: ${plainWords(issue)}`;
}

/** All that is wrong with a value, in one sentence without its full stop. */
export function plainIssues({ issues }: Pick<z.core.$ZodError, 'issues'>): string {
  return issues.map(plainIssue).join('; ');
}

/** What a value has to be, without a word about what it is. */
export function mustBe(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${kindOf(issue.expected)}`;
    case 'invalid_value':
      return `must be ${issue.values.length === 1 ? '' : 'one of '}${issue.values.map((value) => (typeof value === 'string' ? JSON.stringify(value) : String(value))).join(', ')}`;
    case 'too_small':
      return bounded(issue.origin, Number(issue.minimum), issue.exact === true ? 'exactly' : issue.inclusive === false ? 'more than' : 'at least');
    case 'too_big':
      return bounded(issue.origin, Number(issue.maximum), issue.exact === true ? 'exactly' : issue.inclusive === false ? 'less than' : 'at most');
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}`;
    case 'invalid_format':
      return formatted(issue.format, issue.message);
    default:
      return plainWords(issue);
  }
}

const units: Readonly<Record<string, readonly [one: string, more: string]>> = { string: ['character', 'characters'], array: ['entry', 'entries'], set: ['entry', 'entries'], map: ['entry', 'entries'], record: ['entry', 'entries'], file: ['byte', 'bytes'] };

function bounded(origin: string, bound: number, how: string): string {
  const unit = units[origin];
  if (unit === undefined) return `must be ${how} ${bound}`;
  return bound === 1 && how === 'at least' ? 'must not be empty' : `must have ${how} ${bound} ${bound === 1 ? unit[0] : unit[1]}`;
}

function formatted(format: string, message: string): string {
  switch (format) {
    case 'url':
      return 'must be a web address with its protocol, such as https://example.com';
    case 'date':
      return 'must be a day, such as 2026-11-23';
    case 'datetime':
      return 'must be a day with its time, such as 2026-11-23T20:00:00Z';
    default:
      return message.startsWith('Invalid string: ') ? message.slice('Invalid string: '.length) : `must be a valid ${message.replace(/^Invalid /, '')}`;
  }
}

function inOneOfTheForms(issue: z.core.$ZodIssueInvalidUnion): string {
  const firsts = issue.errors.flatMap(([first]) => (first === undefined ? [] : [first]));
  if (firsts.length === 0) return /Expected (.+)$/.exec(issue.message)?.[1]?.replace(/^/, 'must be ') ?? 'fits none of the forms that it may have';
  if (firsts.some(({ path }) => path.length > 0)) return [...new Set(firsts.map(plainIssue))].join(', or ');
  const wanted = [...new Set(firsts.map((first) => mustBe(first).replace(/^must be /, '')))];
  const [typed] = firsts.filter(({ code }) => code === 'invalid_type');
  const must = `must be ${wanted.join(' or ')}`;
  return typed === undefined || firsts.some(({ code }) => code !== 'invalid_type') ? must : needed(typed, must);
}

/** With what stands there instead, or that nothing does. */
function needed(issue: Issue, must: string): string {
  const found = foundKind(issue.message);
  if (found === 'undefined') return `is missing; it ${must}`;
  return found === undefined || (found === 'number' && issue.code === 'invalid_type' && issue.expected === 'int') ? must : `${must}, not ${kindOf(found)}`;
}

/** The value itself is no part of an issue, only of its message. */
function foundKind(message: string): string | undefined {
  return /received (\S+)$/.exec(message)?.[1]?.toLowerCase();
}

function kindOf(kind: string): string {
  return kinds[kind.toLowerCase()] ?? kind;
}
