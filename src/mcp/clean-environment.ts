/**
 * What a server may know of the environment of the editor: where programs, folders and certificates are, and the language. Tokens, proxies with
 * passwords and the rest of a developer's shell stay out; a server that needs one gets it through "env" in its configuration.
 */
const inherited = process.platform === 'win32'
  ? ['APPDATA', 'COMSPEC', 'HOMEDRIVE', 'HOMEPATH', 'LOCALAPPDATA', 'NODE_EXTRA_CA_CERTS', 'NUMBER_OF_PROCESSORS', 'OS', 'PATH', 'PATHEXT', 'PROCESSOR_ARCHITECTURE', 'PROGRAMDATA',
      'PROGRAMFILES', 'PROGRAMFILES(X86)', 'PROGRAMW6432', 'SSL_CERT_DIR', 'SSL_CERT_FILE', 'SYSTEMDRIVE', 'SYSTEMROOT', 'TEMP', 'TMP', 'TZ', 'USERNAME', 'USERPROFILE', 'WINDIR']
  : ['HOME', 'LANG', 'LANGUAGE', 'LC_ALL', 'LC_CTYPE', 'LOGNAME', 'NODE_EXTRA_CA_CERTS', 'PATH', 'SHELL', 'SSL_CERT_DIR', 'SSL_CERT_FILE', 'TERM', 'TMPDIR', 'TZ', 'USER',
      'XDG_CACHE_HOME', 'XDG_CONFIG_HOME', 'XDG_DATA_HOME', 'XDG_RUNTIME_DIR'];

export function cleanEnvironment(env: (name: string) => string | undefined): Record<string, string> {
  return Object.fromEntries(inherited.flatMap((name) => {
    const value = env(name);
    // A value that begins with "()" is a function that old shells would run (Shellshock).
    return value === undefined || value.startsWith('()') ? [] : [[name, value]];
  }));
}
