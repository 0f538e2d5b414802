/** Optional fields of a submission, as they are typed. */
export interface SubmitOptions {
  readonly callbackUrl: string;
  /** Labels `name=value`, separated by commas or new lines. */
  readonly labels: string;
  /** Local times, as the input of a date gives them: `2026-11-24T10:00`. */
  readonly notBefore: string;
  readonly expiresAt: string;
  /** Idempotency key; empty for one of the page. */
  readonly key: string;
}

export const NO_OPTIONS: SubmitOptions = {
  callbackUrl: '',
  labels: '',
  notBefore: '',
  expiresAt: '',
  key: '',
};

/** Fields of the request of `POST /ingest`; only those that were given. */
export interface OptionalFields {
  readonly callback_url?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly not_before?: string;
  readonly expires_at?: string;
}

/** Converts the typed options to fields of the request. Returns a message in place of them if one is not valid. */
export function toFields(options: SubmitOptions): OptionalFields | string {
  const labels: Record<string, string> = {};
  for (const label of options.labels.split(/[,\n]/).map((each) => each.trim())) {
    const end = label.indexOf('=');
    if (label !== '' && (end < 1 || end === label.length - 1)) {
      return `“${label}” is not a label: write name=value`;
    }
    if (label !== '') {
      labels[label.slice(0, end)] = label.slice(end + 1);
    }
  }
  const { callbackUrl, notBefore, expiresAt } = options;
  return {
    ...(callbackUrl.trim() !== '' && { callback_url: callbackUrl.trim() }),
    ...(Object.keys(labels).length > 0 && { labels }),
    ...(notBefore !== '' && { not_before: new Date(notBefore).toISOString() }),
    ...(expiresAt !== '' && { expires_at: new Date(expiresAt).toISOString() }),
  };
}
