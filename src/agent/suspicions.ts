export interface Suspicion {
  /** In words, as the beginning of a sentence. */
  readonly what: string;
  /** The text at the place, one line, with what cannot be seen spelled out. */
  readonly excerpt: string;
}

/** What text of strangers says when it speaks to a model and not to a reader. Each has a fixed beginning and bounded gaps: long texts cost no more than one look. */
const signs: readonly (readonly [what: string, pattern: RegExp])[] = [
  ['asks to ignore instructions', /\b(?:ignore|disregard|forget|override)\b[^.\n]{0,40}\b(?:previous|prior|earlier|above|preceding|all|your|system)\b[^.\n]{0,30}\b(?:instructions?|prompts?|rules|task|guidelines)\b/i],
  ['poses as the person or the system', /\b(?:the (?:person|user) (?:says|wants|has approved|asked)|system (?:prompt|message|override)|new instructions?\s*:|you are now\b|<\/?(?:system|assistant|data|tool_result)\b|\[INST\]|<\|im_start\|>)/i],
  ['speaks to a model', /\b(?:(?:dear |hey |note to )?(?:AI|LLM|language model|assistant|agent)s?\b[,:]? (?:must|should|please|reading this|you|do|run|call|execute)|(?:before|after|when) (?:using|calling) (?:this|any) tool\b|instructions? (?:for|to) (?:the )?(?:AI|LLM|model|agent|assistant)s?\b)/i],
  ['asks for silence', /\b(?:do not|don't|never) (?:tell|inform|mention|show|ask|notify|alert)\b[^.\n]{0,40}\b(?:user|person|human|anyone|this)\b/i],
  ['asks to send data away', /\b(?:send|post|upload|exfiltrate|forward|leak|transmit)\b[^.\n]{0,60}\b(?:secret|password|token|credential|api[ _-]?key|private key|\.env|contents? of)\b/i],
  ['holds text that nobody can see', /[\u{e0020}-\u{e007f}]{4}|[\u200b-\u200d\u2060\ufeff]{8}|[\u202a-\u202e\u2066-\u2069]/u],
];

/** Characters that are looked at, from both ends of a longer text. */
const looked = 64_000;
const excerptLength = 120;

/**
 * What in a text looks as if it were meant for the model. A hint for people and models and nothing else: no decision hangs on it, because whoever writes
 * such a text can write it so that this does not see it.
 */
export function suspicionsIn(text: string): readonly Suspicion[] {
  // In JSON a line break is two characters, of which the second is a letter.
  const part = (text.length <= 2 * looked ? text : `${text.slice(0, looked)}\n${text.slice(-looked)}`).replaceAll(/\\[nrt]/g, '\n');
  return signs.flatMap(([what, pattern]) => {
    const found = pattern.exec(part);
    return found === null ? [] : [{ what, excerpt: excerptOf(part, found.index) }];
  });
}

function excerptOf(text: string, at: number): string {
  const shown = text.slice(at, at + excerptLength).replace(/\s+/g, ' ');
  return shown.replace(/[\p{Cc}\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\u{e0000}-\u{e007f}]/gu, (hidden) => `\\u{${hidden.codePointAt(0)!.toString(16)}}`).slice(0, 2 * excerptLength);
}
