const NAMES = ['authorization', 'cookie', 'password', 'secret', 'token', 'api_key'] as const;

/** Fields that are never written, at the top of a line and in what stands there. */
export const SECRET_FIELDS: readonly string[] = NAMES.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);

/** `scheme://user:password@host`, as it stands in messages of drivers. */
const PASSWORD_IN_URL = /(:\/\/[^\s:/?#"@]*:)[^\s/?#"@]+(?=@)/g;
const CREDENTIALS = /\b(Bearer|Basic) [\w.~+/=-]{8,}/gi;

/** Takes passwords and tokens out of text that others have written. */
export function hideSecrets(text: string): string {
  return text.replace(PASSWORD_IN_URL, '$1[secret]').replace(CREDENTIALS, '$1 [secret]');
}
