import * as l10n from '@vscode/l10n';
import { AssassinError, toErrorInfo } from '../../src/shared/errors.ts';
import type { AttachedPicture } from '../../src/shared/protocol-chat.ts';
import { chatLimits } from '../../src/shared/protocol-chat-schema.ts';
import { Icon } from '../parts/icon.tsx';
import type { Session } from '../state/session.ts';
import { useSession } from '../state/use-session.ts';
import { oneLine } from '../text.ts';

const types = /^image\/(png|jpeg|webp|gif)$/;

/** Pictures that go with the next message; each can be taken back. */
export function Attachments() {
  const { composer } = useSession();
  const pictures = composer.pictures.value;
  if (pictures.length === 0) return null;
  return (
    <ul class="attachments" aria-label={l10n.t('Attached pictures')}>
      {pictures.map((picture, index) => (
        <li key={index} class="attachment">
          <img src={`data:${picture.mediaType};base64,${picture.base64}`} alt={oneLine(picture.name, 100)} />
          <button
            type="button" class="button icon-only" title={l10n.t('Remove {0}', oneLine(picture.name, 100))} aria-label={l10n.t('Remove {0}', oneLine(picture.name, 100))}
            onClick={() => (composer.pictures.value = pictures.filter((other) => other !== picture))}
          >
            <Icon name="cross" />
          </button>
        </li>
      ))}
    </ul>
  );
}

/** From the file dialog or the clipboard. What is no picture, or too large for a message, is refused in words. */
export function addPictures(session: Session, files: FileList | null | undefined): void {
  for (const file of files ?? []) void add(session, file).catch((error: unknown) => (session.refusal.value = toErrorInfo(error)));
}

async function add({ composer }: Session, file: File): Promise<void> {
  const name = file.name === '' ? l10n.t('Picture') : file.name;
  if (!types.test(file.type)) throw new AssassinError('invalid-input', l10n.t('{0} is no PNG, JPEG, WebP or GIF picture.', name));
  const picture: AttachedPicture = { name: name.slice(0, 300), mediaType: file.type, base64: await base64Of(file) };
  if (picture.base64.length > chatLimits.pictureCharacters) throw new AssassinError('invalid-input', l10n.t('{0} is too large: at most 6 MB can be attached.', name));
  if (composer.pictures.value.length >= chatLimits.pictures) throw new AssassinError('invalid-input', l10n.t('At most {0} pictures can be attached.', chatLimits.pictures));
  composer.pictures.value = [...composer.pictures.value, picture];
}

function base64Of(file: File): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const reader = new FileReader();
  reader.onload = () => resolve(String(reader.result).replace(/^data:[^,]*,/, ''));
  reader.onerror = () => reject(new AssassinError('invalid-input', l10n.t('{0} could not be read.', file.name), { cause: reader.error }));
  reader.readAsDataURL(file);
  return promise;
}
