/** A wording that descriptions of tools rarely have and instructions to a model often have. A match is a reason to look, no proof. */
export interface CovertPattern {
  readonly what: string;
  readonly pattern: RegExp;
}

/** Reasons to show a definition to a person before it is used the first time. Bounded repetitions only: the texts are a stranger's. */
export const covertPatterns: readonly CovertPattern[] = [
  { what: 'asks to keep something from you', pattern: /\b(?:do not|don'?t|never|without)\s{1,3}(?:mention|tell|inform|notify|reveal|disclos|telling|mentioning|informing|alert|show)\w{0,4}\s{1,3}(?:this |it |that |any of this )?(?:to )?(?:the |any )?(?:user|human|person|operator)/i },
  { what: 'wants earlier instructions to be ignored', pattern: /\b(?:ignore|disregard|forget|override)\s{1,3}(?:all |any |the |your |of |previous |prior |earlier |above |system ){1,5}(?:instruction|prompt|rule|guideline|polic|direction|message)/i },
  { what: 'is dressed up as a part of the prompt', pattern: /<\/?\s{0,3}(?:important|system|system[-_]?prompt|secret|instructions?|hidden|admin|assistant|developer)\s{0,3}>|\[(?:INST|SYSTEM)\]|<\|(?:im_start|im_end|system|user|assistant)\|>|^#{1,4}\s{0,3}system (?:prompt|message|override)/im },
  { what: 'names files that hold secrets', pattern: /(?:~|\$HOME|%USERPROFILE%|\/root|\/home\/\w{1,32})?[\\/]\.(?:ssh|aws|gnupg|kube|docker|netrc|npmrc|pgpass)\b|\bid_(?:rsa|ed25519|ecdsa)\b|\/etc\/(?:passwd|shadow|sudoers)\b|\.cursor\/mcp\.json|claude_desktop_config|\.bash_history/i },
  { what: 'wants other tools to be used or left alone', pattern: /\bbefore\s{1,3}(?:you\s{1,3})?(?:us(?:e|ing)|call(?:ing)?|invok(?:e|ing)|answer(?:ing)?)\s{1,3}(?:this|any|other|the)\s{1,3}(?:other\s{1,3})?tools?\b[^.]{0,60}\b(?:read|send|open|collect|pass|include|attach)\b|\b(?:other|all other|any other)\s{1,3}(?:servers?'?s?\s{1,3})?tools?\s{1,3}(?:are|is|must not|should not|have been)\s{1,3}(?:deprecated|unsafe|disabled|broken|forbidden|be used|used)/i },
  { what: 'asks for the conversation or the prompt', pattern: /\b(?:include|pass|send|attach|copy|provide|forward|put)\s{1,3}(?:in\s{1,3})?(?:the |your |all |entire |full |whole |complete |of ){0,4}(?:conversation|chat history|system prompt|prior messages|previous messages|context window|message history)/i },
  { what: 'sends data on', pattern: /\b(?:(?:send|exfiltrate|upload|post|forward|bcc|copy)\s{1,3}(?:all |the |every |a copy of |their |its |your ){1,4}(?:file|content|credential|secret|password|token|key|mail|message|data|env)\w{0,12}\s{1,3}(?:\w{1,12}\s{1,3}){0,3}(?:to\s{1,3})?(?:https?:\/\/|[\w.+-]{1,40}@[\w-]{1,40}\.))/i },
  { what: 'pipes something into a shell', pattern: /\b(?:curl|wget)\b[^|\n]{0,200}\|\s{0,3}(?:ba|z|da)?sh\b|\brm\s{1,3}-rf?\s{1,3}[~/]|\bpowershell\b[^\n]{0,40}-enc/i },
  { what: 'holds a comment that is not shown', pattern: /<!--/ },
  { what: 'holds an address that runs something', pattern: /\b(?:javascript|vbscript):\S|data:text\/html/i },
  { what: 'hides text behind empty space', pattern: /\n[ \t]{0,80}(?:\n[ \t]{0,80}){25}\S|[ \t]{200}\S/ },
  { what: 'holds a long piece of encoded data', pattern: /(?<![A-Za-z0-9+/])(?=[A-Za-z0-9+/]{0,200}[0-9])(?=[A-Za-z0-9+/]{0,200}[A-Z])[A-Za-z0-9+/]{200,}={0,2}/ },
];

/** Names of arguments into which a model would write what it knows. Worth a line for the person, no reason to hold anything back. */
export const fishingParameter = /^(?:side_?note|system_?prompt|conversation(?:_?history)?|chat_?history|full_?context|hidden|scratch_?pad|(?:your_?)?reasoning|thoughts)$/i;
