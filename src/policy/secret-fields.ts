/** Fields whose content is never written into a chain, however it was typed: by the words that name them. */
export const secretField = /pass(?:word|wort|code|phrase)?\b|secret|token|\bpin\b|\botp\b|api.?key|cvc|cvv/i;

/** Stands in a record where a secret was typed. */
export const hiddenValue = '[redacted]';
