import { readFileSync, statSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { Logger } from '@nestjs/common';

const TOKEN = /^[\x21-\x7e]{1,16384}$/;

/** A bearer token in a file that somebody else may renew at any time. */
export class TokenFile {
  private readonly logger = new Logger('TokenFile');
  private mark: string;
  private isTroubled = false;

  private constructor(
    private readonly path: string,
    private token: string,
  ) {
    this.mark = markOf(statSync(path));
  }

  /** The one that was used last. */
  get last(): string {
    return this.token;
  }

  /** @throws Error that says what is wrong with it, not what stands in it. */
  static open(path: string): TokenFile {
    return new TokenFile(path, toToken(readFileSync(path, 'utf8')));
  }

  /** What stands in the file now; what stood there before as long as that cannot be used. */
  async current(): Promise<string> {
    try {
      const mark = markOf(await stat(this.path));
      if (mark !== this.mark) {
        this.token = toToken(await readFile(this.path, 'utf8'));
        this.mark = mark;
      }
      this.isTroubled = false;
    } catch (error) {
      this.noteTrouble(error);
    }
    return this.token;
  }

  /** Once, not with each call. */
  private noteTrouble(error: unknown): void {
    if (!this.isTroubled) {
      this.logger.warn(`${this.path} cannot be used, the last token stays: ${String(error)}`);
    }
    this.isTroubled = true;
  }
}

function markOf({ mtimeMs, ino, size }: { mtimeMs: number; ino: number; size: number }): string {
  return `${String(mtimeMs)} ${String(ino)} ${String(size)}`;
}

function toToken(text: string): string {
  const token = text.trim();
  if (!TOKEN.test(token)) {
    throw new Error('it holds no token: one line of printable ASCII without spaces');
  }
  return token;
}
