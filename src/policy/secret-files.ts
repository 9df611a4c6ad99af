import { foldPath } from './path-spelling.ts';

/** Names that hold secrets by convention. Templates of them, such as `.env.example`, are meant to be read. */
const names = [
  /^\.env(?:\.(?!(?:example|sample|template|dist|defaults?)$).+)?$/, /\.env$/, /^\.(?:netrc|npmrc|pypirc|pgpass|git-credentials|htpasswd|dockercfg)$/, /^id_(?:rsa|dsa|ecdsa|ed25519)$/,
  /\.(?:pem|key|p12|pfx|jks|keystore|kdbx|ppk|tfstate)$/, /^(?:credentials|secrets?)(?:\.(?:json|ya?ml|toml|ini))?$/, /^service-account.*\.json$/,
];
/** Whole folders of them, and the one file of Git's that may hold a token in an address. */
const places = [/(?:^|[\\/])\.(?:ssh|gnupg|aws|azure|kube|docker)[\\/]/, /(?:^|[\\/])\.git[\\/](?:config|credentials)$/];

/** Whether a file is likely to hold a secret, by its path. Letter case and Unicode form do not count. */
export function isSecretFile(path: string): boolean {
  const lower = foldPath(path);
  const name = lower.slice(Math.max(lower.lastIndexOf('/'), lower.lastIndexOf('\\')) + 1);
  return names.some((pattern) => pattern.test(name)) || places.some((pattern) => pattern.test(lower));
}
