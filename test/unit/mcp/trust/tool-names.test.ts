import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { ToolNames } from '../../../../src/mcp/trust/tool-names.ts';

const mail = (...names: readonly string[]) => names.map((name) => ({ server: 'mail', name }));
const namesOf = (found: readonly { readonly name: string }[]) => found.map(({ name }) => name);

describe('names of tools', () => {
  it('are near by one letter that is another, is missing or is too much', async () => {
    const names = await ToolNames.of([], mail('send_email', 'Send_Mails', 'send_mail', 'send'));
    expect(namesOf(names.nearTo('send_emai'))).toEqual(['send_email']);
    expect(namesOf(names.nearTo('send_emaik'))).toEqual(['send_email']);
    expect(namesOf(names.nearTo('send_emails'))).toEqual(expect.arrayContaining(['send_email', 'Send_Mails']));
    expect(namesOf(names.nearTo('sendemali'))).toEqual([]);
    expect(names.nearTo('sent')).toEqual([]);
  });

  it.each<[string, readonly string[]]>([
    ['Call send_email first.', ['send_email']], ['send_email', ['send_email']], ['resend_email and send_emails', []], ['not send_emails, but send_email', ['send_email']],
    ['see (api.v2-list)', ['api.v2-list']], ['api.v2-lists', []], ['mail/read_all', ['@mail/read_all']], ['a search', []], ['own_tool', []],
  ])('spoken of in %j: %j', async (text, spoken) => {
    const names = await ToolNames.of(['own_tool'], mail('send_email', 'api.v2-list', '@mail/read_all', 'search', 'own_tool'));
    expect(namesOf(names.spokenOf(text))).toEqual(spoken);
  });

  it('are told five of, however many there are', async () => {
    const alike = Array.from({ length: 300 }, (_, i) => 'a'.padEnd(i + 2, '_'));
    const names = await ToolNames.of(alike, mail(...alike));
    expect([names.twinsOf('a_'), names.likesOf('a_')].map(({ length }) => length)).toEqual([5, 5]);
    expect(names.namesakesOf('a_')).toEqual(mail('a_'));
    expect(names.spokenOf(alike.map((_, i) => `x.y${i}`).join(' '))).toEqual([]);
  });

  it('of a large server are prepared in pieces between which others have their turn', async () => {
    const many = Array.from({ length: 5000 }, (_, i) => `handle_the_item_${i}_of_the_customer`);
    const seen = { turns: 0, done: false };
    const preparing = ToolNames.of(many, mail(...many)).finally(() => (seen.done = true));
    while (!seen.done) {
      await setImmediate();
      seen.turns += 1;
    }
    expect((await preparing).namesakesOf(many[7]!)).toEqual(mail(many[7]!));
    expect(seen.turns).toBeGreaterThan(2);
  });
});
