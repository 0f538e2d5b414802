import { isIP } from 'node:net';
import { Injectable } from '@nestjs/common';
import { ConfigError } from '../platform/config/config-error.js';
import type { Overrides } from '../platform/config/lane-layers.js';
import type { Variables } from '../platform/config/variables.js';
import { isPublicAddress } from '../platform/dns/public-address.js';
import type { IsAddressAllowed } from '../platform/dns/guarded-lookup.js';
import { ExternalApiOptions, readUpstream } from './external-api.options.js';
import type { ExternalApi } from './external-api.js';
import { ExternalApiRegistry } from './external-api.registry.js';
import type { UpstreamOptions } from './http/upstream.options.js';
import { mayBeSecretHeader, mayBeSecretParameter } from './http/upstream-secrets.js';
import { findTokenFile } from './token-directory.js';

/** The settings that belong to an upstream. */
const OF_URL = ['method', 'headers', 'token_file', 'rate_limit_headers'] as const;
const LOCAL_NAME = /(^|\.)localhost\.?$/i;
const NOT_PUBLIC = 'leads to an address that is not public, and LANE_URL_ALLOW does not name it';
const NO_SECRET = 'may hold a secret, which the store must not keep: use token_file';

/**
 * Opens the upstreams of lanes that the API has made. What a client gives is checked: no address inside the network
 * (SSRF), no file outside of the directory of tokens, and no secret, because the settings are in the store.
 */
@Injectable()
export class MadeLaneUpstreams {
  constructor(
    private readonly registry: ExternalApiRegistry,
    private readonly options: ExternalApiOptions,
  ) {}

  /**
   * Checks what a client gives, beyond the checks of the options themselves. What belongs to an upstream needs its `url`,
   * so that a secret of the environment goes nowhere else.
   */
  private check(given: Overrides): void {
    const { url, headers } = given;
    const lost = OF_URL.find((setting) => setting in given);
    if (url === undefined && lost !== undefined) {
      throw new ConfigError(`${lost} needs url`);
    }
    if (url !== undefined && URL.canParse(url)) {
      this.checkUrl(new URL(url));
    }
    if (headers !== undefined) {
      checkHeaders(headers);
    }
  }

  /**
   * Opens the upstream of a lane; undefined if it is the simulated API. `given` is what the API has set.
   * @throws ConfigError if it cannot be used
   */
  async open(lane: string, variables: Variables, given: Overrides): Promise<ExternalApi | undefined> {
    this.check(given);
    const upstream = await readUpstream(variables, lane);
    if (upstream === undefined) {
      return undefined;
    }
    if (given['url'] === undefined) {
      return this.registry.openMade(lane, upstream, null); // that of the environment
    }
    const { tokenFile, proxy } = upstream;
    const checked: UpstreamOptions =
      tokenFile === null
        ? upstream
        : { ...upstream, tokenFile: findTokenFile(this.options.tokenDirectory, tokenFile) };
    // A proxy finds the addresses itself; the only name that is looked up here is its own.
    return this.registry.openMade(lane, checked, proxy === undefined ? this.isAllowed : null);
  }

  /** Gives a lane this upstream; undefined gives it the simulated API. */
  install(lane: string, api: ExternalApi | undefined): void {
    this.registry.install(lane, api);
  }

  private checkUrl(url: URL): void {
    const { username, password, hostname, searchParams } = url;
    if (username !== '' || password !== '') {
      throw new ConfigError(`url: a user or password ${NO_SECRET}`);
    }
    const secret = [...searchParams].find(
      ([name, value]) => !value.includes('{id}') && mayBeSecretParameter(name, value),
    );
    if (secret !== undefined) {
      throw new ConfigError(`url: the parameter ${JSON.stringify(secret[0])} ${NO_SECRET}`);
    }
    const host = hostname.replace(/^\[(.*)\]$/, '$1');
    const isLocal = LOCAL_NAME.test(host) && !this.options.madeLaneHosts.hasName(host);
    if (isLocal || (isIP(host) !== 0 && !this.isAllowed(host, host))) {
      throw new ConfigError(`url ${NOT_PUBLIC}`);
    }
  }

  private readonly isAllowed: IsAddressAllowed = (host, address) => {
    const { madeLaneHosts } = this.options;
    return isPublicAddress(address) || madeLaneHosts.hasName(host) || madeLaneHosts.hasAddress(address);
  };
}

function checkHeaders(text: string): void {
  let headers: unknown;
  try {
    headers = JSON.parse(text);
  } catch {
    return; // refused by the check of the options
  }
  for (const [name, value] of Object.entries(headers ?? {})) {
    if (mayBeSecretHeader(name, String(value))) {
      throw new ConfigError(`headers: ${name.slice(0, 100)} ${NO_SECRET}`);
    }
  }
}
