import { Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import { AccessMonitor } from '../auth/access-monitor.js';
import { LongResponseQueue } from '../http/long-response-queue.js';
import { sendResponseText } from '../http/send-response.js';
import { startWith } from '../http/start-with.js';
import { OpenStreams } from './open-streams.js';

/** A long text that is made while it is sent. */
export interface LongText {
  readonly type: string;
  /** The text before the first piece; empty by default. */
  readonly head?: string;
  readonly pieces: AsyncGenerator<string, void>;
}

/** Sends long texts piece by piece. Each counts as an open request of its client, and ends when the access ends. */
@Injectable()
export class TextStream {
  constructor(
    private readonly access: AccessMonitor,
    private readonly longResponses: LongResponseQueue,
    private readonly openStreams: OpenStreams,
  ) {}

  /**
   * Sends a long text. The first piece is made before anything is sent, so that its errors have a status of their own.
   * Later errors cut the text off, and are passed to `onCutOff`.
   * @throws TooManyStreamsError; the errors of the first piece
   */
  async send(
    request: Request,
    response: Response,
    text: LongText,
    onCutOff: (error: unknown) => void,
  ): Promise<void> {
    this.openStreams.open(request);
    const pieces = await this.begin(text);
    response.type(text.type);
    await this.sendPieces(request, response, pieces, onCutOff);
  }

  /** Makes the first piece. A variable of `send` would keep it in memory until the last one is sent. */
  private async begin({ head = '', pieces }: LongText): Promise<AsyncIterable<string>> {
    const first = await this.longResponses.run(() => pieces.next());
    return startWith([head + (first.value ?? '')], pieces);
  }

  /**
   * Sends pieces of which the first is ready. Errors cut the text off, and are passed to `onCutOff`.
   * @throws TooManyStreamsError
   */
  async sendPieces(
    request: Request,
    response: Response,
    pieces: AsyncIterable<string>,
    onCutOff: (error: unknown) => void,
  ): Promise<void> {
    this.openStreams.open(request);
    try {
      await sendResponseText(request, response, this.access.whileValid(pieces), this.longResponses);
    } catch (error) {
      onCutOff(error);
    }
  }
}
