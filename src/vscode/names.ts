/** The prefix of every command, setting, view and context key of the manifest. */
export const extensionName = 'infrastructureAssassin';

export const commandId = (name: string): string => `${extensionName}.${name}`;

export const chainFolder = '.assassin/chains';

export const chatViewId = 'infrastructureAssassin.chat';
export const panelViewType = 'infrastructureAssassin.panel';
