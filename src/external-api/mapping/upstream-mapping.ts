import type { AnswerMapper } from './answer-mapper.js';
import type { RequestTemplate } from './request-template.js';

/** The form of the requests and answers of a lane whose upstream has its own. */
export interface UpstreamMapping {
  /** Null for the usual requests. */
  readonly request: RequestTemplate | null;
  /** Null for the usual answers. */
  readonly answer: AnswerMapper | null;
}
