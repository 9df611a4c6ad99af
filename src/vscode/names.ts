/** The prefix of every command, setting, view and context key of the manifest. */
export const extensionName = 'infrastructureAssassin';

export const commandId = (name: string): string => `${extensionName}.${name}`;

export const chainFolder = '.assassin/chains';

/** The code of problems that tell of a key in a file. */
export const keyInFile = 'key-in-file';

export const chatViewId = 'infrastructureAssassin.chat';
export const panelViewType = 'infrastructureAssassin.panel';
