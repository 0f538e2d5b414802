import { isIP } from 'node:net';
import { Injectable } from '@nestjs/common';
import type { HostAllowlist } from '../platform/dns/host-allowlist.js';
import { CallbackNotAllowedError } from '../domain/callback-errors.js';
import { CallbackPolicy } from '../domain/callback-policy.js';
import { isStorableText, NOT_STORABLE } from '../domain/storable-text.js';
import { isPublicAddress } from '../platform/dns/public-address.js';
import { APPLICATION_URL, ApplicationReceiver } from './application-receiver.js';
import { HostResolver } from './host-resolver.js';
import { WebhookOptions } from './webhook.options.js';

const MAX_URL_LENGTH = 2048;
const LOCAL_NAME = /(^|\.)localhost$/;
const NOT_PUBLIC = 'is not a public address, and CALLBACK_ALLOW does not name it';

/**
 * Keeps callbacks from reaching internal networks (SSRF). The URL itself is checked at acceptance. The
 * addresses of its name are checked before every delivery, and the connection uses exactly these addresses.
 */
@Injectable()
export class SsrfGuard extends CallbackPolicy {
  private readonly allowlist: HostAllowlist;
  /** False without a secret: deliveries cannot be signed, so callbacks are disabled. */
  private readonly canSign: boolean;

  constructor(
    { allow, secrets }: WebhookOptions,
    private readonly resolver: HostResolver,
    private readonly receiver: ApplicationReceiver,
  ) {
    super();
    this.allowlist = allow;
    this.canSign = !secrets.isEmpty;
  }

  override check(text: string): string {
    if (text === APPLICATION_URL && this.receiver.isPresent) {
      return text;
    }
    if (!this.canSign) {
      throw new CallbackNotAllowedError('is not possible here: the service has no WEBHOOK_MASTER_SECRET');
    }
    if (text.length > MAX_URL_LENGTH) {
      throw new CallbackNotAllowedError(`must be no longer than ${String(MAX_URL_LENGTH)} characters`);
    }
    if (!isStorableText(text)) {
      throw new CallbackNotAllowedError(NOT_STORABLE);
    }
    if (!URL.canParse(text)) {
      throw new CallbackNotAllowedError('must be a URL');
    }
    const url = new URL(text);
    if (url.protocol !== 'https:' && url.protocol !== 'http:') {
      throw new CallbackNotAllowedError('must begin with https:// or http://');
    }
    if (url.username !== '' || url.password !== '') {
      throw new CallbackNotAllowedError('must not carry a user or password');
    }
    url.hash = '';
    this.checkHost(toHost(url));
    return url.href;
  }

  /**
   * Resolves with the addresses that a delivery may connect to.
   * @throws CallbackNotAllowedError if one of them is not allowed; the error of the resolver; the reason of
   * `signal` once it is aborted.
   */
  async resolveAllowed(url: URL, signal: AbortSignal): Promise<readonly string[]> {
    const host = toHost(url);
    this.checkHost(host);
    const addresses = isIP(host) === 0 ? await this.resolver.resolve(host, signal) : [host];
    if (!this.allowlist.hasName(host) && !addresses.every((address) => this.isAllowed(address))) {
      throw new CallbackNotAllowedError(`its host leads to what ${NOT_PUBLIC}`);
    }
    return addresses;
  }

  private checkHost(host: string): void {
    const isRefused = isIP(host) === 0 ? LOCAL_NAME.test(host) : !this.isAllowed(host);
    if (isRefused && !this.allowlist.hasName(host)) {
      throw new CallbackNotAllowedError(`its host ${host} ${NOT_PUBLIC}`);
    }
  }

  private isAllowed(address: string): boolean {
    return isPublicAddress(address) || this.allowlist.hasAddress(address);
  }
}

/** Returns the host without the brackets of an IPv6 address and without a final dot. */
function toHost({ hostname }: URL): string {
  return hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '');
}
