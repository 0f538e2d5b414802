import { Injectable, type PipeTransform } from '@nestjs/common';
import { ProblemDetailsError } from '../../../platform/http/problem-details.js';
import { parseJsonObject, rejectRepeatedFields, rejectUnknownFields } from '../../dto/parse-json-object.js';
import { isPriority, PRIORITIES } from '../../../domain/priority.js';
import { PriorityRequest } from './priority-request.dto.js';

const FIELDS = ['priority'] satisfies (keyof PriorityRequest)[];

/** Parses the text of a body as a {@link PriorityRequest}. */
@Injectable()
export class PriorityRequestPipe implements PipeTransform<string, PriorityRequest> {
  /** @throws ProblemDetailsError 400 or 422 where the contract's table of errors says so. */
  transform(text: string): PriorityRequest {
    const body = parseJsonObject(text);
    rejectUnknownFields(body, FIELDS);
    const { priority } = body;
    if (typeof priority !== 'string') {
      const message = priority === undefined ? 'is required' : 'must be a string';
      throw ProblemDetailsError.ofFields(422, [{ field: 'priority', message }]);
    }
    if (!isPriority(priority)) {
      throw ProblemDetailsError.ofFields(400, [
        { field: 'priority', message: `must be one of ${PRIORITIES.join(', ')}` },
      ]);
    }
    rejectRepeatedFields(body, text);
    return { priority };
  }
}
