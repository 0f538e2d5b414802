import { readFileSync, statSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { Logger } from '@nestjs/common';
import type { TokenSource } from '../auth/token-source.js';

const TOKEN = /^[\x21-\x7e]{1,16384}$/;

/** A bearer token in a file that another program may replace at any time. */
export class TokenFile implements TokenSource {
  private readonly logger = new Logger('TokenFile');
  private version: string;
  private isStale = false;

  private constructor(
    private readonly path: string,
    private token: string,
  ) {
    this.version = versionOf(statSync(path));
  }

  /** @throws Error with the reason; the message contains no part of the file. */
  static open(path: string): TokenFile {
    return new TokenFile(path, toToken(readFileSync(path, 'utf8')));
  }

  /** Resolves with the token in the file; with the previous one while the file cannot be used. */
  async current(): Promise<string> {
    try {
      const version = versionOf(await stat(this.path));
      if (version !== this.version) {
        this.token = toToken(await readFile(this.path, 'utf8'));
        this.version = version;
      }
      this.isStale = false;
    } catch (error) {
      this.warnOnce(error);
    }
    return this.token;
  }

  /** A refused token is final: only the file can name another one. */
  isRenewedAfter(): boolean {
    return false;
  }

  /** Logs the first failure, not one per request. */
  private warnOnce(error: unknown): void {
    if (!this.isStale) {
      this.logger.warn(`${this.path} cannot be used, the last token stays: ${String(error)}`);
    }
    this.isStale = true;
  }
}

function versionOf({ mtimeMs, ino, size }: { mtimeMs: number; ino: number; size: number }): string {
  return `${String(mtimeMs)} ${String(ino)} ${String(size)}`;
}

function toToken(text: string): string {
  const token = text.trim();
  if (!TOKEN.test(token)) {
    throw new Error('it holds no token: one line of printable ASCII without spaces');
  }
  return token;
}
