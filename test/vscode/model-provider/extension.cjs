const vscode = require('vscode');

/**
 * Brings a language model to the editor as Copilot does, from an extension of its own. It says what `use` was last given, and is
 * not there while that is nothing.
 */
exports.activate = (/** @type {any} */ context) => {
  /** @type {((messages: any, options: any, progress: any, token: any) => Promise<void>) | undefined} */
  let script;
  const changed = new vscode.EventEmitter();
  const provider = {
    onDidChangeLanguageModelChatInformation: changed.event,
    provideLanguageModelChatInformation: () => (script ? [{ id: 'scripted-1', name: 'Scripted', family: 'scripted', version: '1', maxInputTokens: 32_000, maxOutputTokens: 4000, capabilities: { toolCalling: true, imageInput: true } }] : []),
    provideLanguageModelChatResponse: (/** @type {any} */ _model, /** @type {any} */ messages, /** @type {any} */ options, /** @type {any} */ progress, /** @type {any} */ token) => script?.(messages, options, progress, token),
    provideTokenCount: () => Promise.resolve(1234),
  };
  // Newer than the oldest editor whose types are compiled against.
  const lm = /** @type {any} */ (vscode.lm);
  context.subscriptions.push(changed, lm.registerLanguageModelChatProvider('assassin-test', provider));
  return {
    use: (/** @type {typeof script} */ next) => {
      script = next;
      changed.fire(undefined);
    },
  };
};
