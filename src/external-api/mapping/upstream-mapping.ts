import type { AnswerMapper } from './answer-mapper.js';
import type { RequestTemplate } from './request-template.js';

/** How the requests and answers of a lane look, where they are not those of Sluice. */
export interface UpstreamMapping {
  /** Null for the usual requests. */
  readonly request: RequestTemplate | null;
  /** Null for the usual answers. */
  readonly answer: AnswerMapper | null;
}
