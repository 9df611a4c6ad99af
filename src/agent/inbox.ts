import type { RunScope } from '../run/run-scope.ts';
import { AssassinError } from '../shared/errors.ts';
import { newId } from '../shared/ids.ts';

interface Message {
  readonly id: string;
  readonly text: string;
}

/** What a person says to a task that goes on, until the model's next turn begins. Everything is on record before anybody acts on it. */
export class Inbox {
  readonly #waiting: Message[] = [];
  #scope: RunScope | undefined;

  /** A run that has waited for a free place has begun: what was said meanwhile goes on record. */
  open(scope: RunScope): void {
    this.#scope = scope;
    for (const { id, text } of this.#waiting) scope.journal.append({ type: 'message.queued', message: id, text });
  }

  get isEmpty(): boolean {
    return this.#waiting.length === 0;
  }

  /** Gives the message's id. Throws `invalid-input` for a message without text. */
  queue(text: string): string {
    const said = text.trim();
    if (said === '') throw new AssassinError('invalid-input', 'The message is empty.', { hint: 'Say what the task should do differently.' });
    const message = { id: newId('msg'), text: said };
    this.#scope?.journal.append({ type: 'message.queued', message: message.id, text: said });
    this.#waiting.push(message);
    return message.id;
  }

  /** False once the model has it. */
  withdraw(id: string): boolean {
    const at = this.#waiting.findIndex((message) => message.id === id);
    if (at < 0) return false;
    this.#scope?.journal.append({ type: 'message.withdrawn', message: id });
    this.#waiting.splice(at, 1);
    return true;
  }

  /** Hands over what was said so far, to the turn that begins as `step`. */
  take(step: string): readonly string[] {
    const messages = this.#waiting.splice(0);
    for (const { id } of messages) this.#scope?.journal.append({ type: 'message.read', message: id, step });
    return messages.map(({ text }) => text);
  }
}
